"""The job that mails a student the link to their account page."""

import logging
import time

from shop.errors import LetterRefused, UnknownCustomer
from shop.mail import letters
from shop.mail.postbox import open_postbox
from shop.settings import load
from shop.storage import open_storage
from shop.stripe_gateway import open_gateway
from shop.student_links import open_links

PAUSE = 300
"""Seconds for which a student gets one such letter, however often somebody asks for it."""

log = logging.getLogger(__name__)


async def send_account_link(customer_id: str) -> None:
    """Write to the student of that id, if there is one with an e-mail address.

    Raises:
        MailUnavailable, StripeError: for now; the queue tries again.
    """
    settings = load()
    async with (
        open_storage(settings) as storage,
        open_gateway(settings, storage) as gateway,
        open_postbox(settings, storage) as postbox,
    ):
        try:
            student = await gateway.students.get(customer_id)
        except UnknownCustomer:
            return
        if not student.email:
            return
        letter = letters.account_link(
            name=student.name,
            email=student.email,
            account_url=open_links(settings).account(student.id),
        )
        try:
            name = f"account-link:{student.id}:{int(time.time()) // PAUSE}"
            await postbox.send_once(name, letter, student=student.id)
        except LetterRefused as refusal:
            log.warning("the account link of %s can't be sent: %s", student.id, refusal.message)
