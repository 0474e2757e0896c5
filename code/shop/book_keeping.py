"""Writing what our own actions did into the lesson book, at once.

The book is a hint that events and the nightly job mend. So a book that cannot be written never
turns a payment that was made into an error.
"""

import logging
from zoneinfo import ZoneInfo

from redis.exceptions import RedisError

from shop.errors import StripeError
from shop.forgetting import forget_student
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import payment_entry, student_entry
from shop.mail.folder import MailFolder
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.objects import Customer, PaymentMethod
from shop.stripe_gateway.payment_record import PaymentRecord
from shop.stripe_gateway.payments import PaymentIntent

log = logging.getLogger(__name__)


async def note_payment(storage: Storage, gateway: StripeGateway, payment: PaymentIntent) -> None:
    """Write down a payment as Stripe has just answered it, under the lock of who changed it.

    It is on its way to Redis as soon as the answer is on its way to the caller. An answer that
    Stripe gave before may be out of date, so the payment is read again.
    """
    if payment.repeated:
        await note_now(storage, gateway, payment.id)
    else:
        storage.asides.begin_behind_answer(_write(storage, payment))


async def note_now(storage: Storage, gateway: StripeGateway, payment_intent_id: str) -> None:
    """Read a payment and write it down; of a declined one, Stripe's error names only the id."""
    try:
        payment = await gateway.payments.get(payment_intent_id)
    except StripeError as error:
        log.warning("%s is not in the lesson book yet: %s", payment_intent_id, error)
    else:
        await _write(storage, payment)


async def note_student(
    storage: Storage, student: Customer, card: PaymentMethod | None, zone: ZoneInfo
) -> None:
    """Write down a student who has reserved a lesson, as Stripe has just answered them.

    Args:
        card: the card on file.
        zone: the shop's, for a lesson that does not say its own.
    """
    entry = student_entry(student, card, zone)
    if entry.lesson is None:
        return
    try:
        await LessonBook(storage).put_students([entry])
    except RedisError as error:
        log.warning("%s is not in the lesson book yet: %s", student.id, error)


async def note_deleted(storage: Storage, letters: MailFolder, customer_id: str) -> None:
    """Forget a deleted student; what Redis does not take now, their event brings again."""
    try:
        await forget_student(storage, letters, customer_id)
    except RedisError as error:
        log.warning("%s is not forgotten yet: %s", customer_id, error)


async def _write(storage: Storage, payment: PaymentRecord) -> None:
    """Nothing is said of a contested payment: an event brings it with its dispute."""
    entry = payment_entry(payment)
    contested = payment.charge is not None and payment.charge.disputed
    if entry is None or contested:
        return
    try:
        await LessonBook(storage).put_payments([entry])
    except RedisError as error:
        log.warning("%s is not in the lesson book yet: %s", payment.id, error)
