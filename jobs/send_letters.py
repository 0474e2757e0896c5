"""The job that writes to the students of a failed-payments report, each of them once.

Right before a letter goes out Stripe is asked whether it is still true, and for the student's name
and address of now. What the mail server does not take for now is tried again in later rounds; what
is left after those can be sent again.
"""

import asyncio
import logging
from collections.abc import Sequence

from msgspec.structs import replace
from structlog.contextvars import bind_contextvars

from jobs.still_failing import still_failing
from shop.errors import Busy, LetterRefused, ResultMissing, StripeError, Unavailable
from shop.mail.failed_payments import FailedPayment, failed_payments, letter_about
from shop.mail.message import UNUSABLE
from shop.mail.postbox import Postbox, open_postbox
from shop.mail.sending import Outcome, Sending
from shop.mail.sent_letters import SentLetters
from shop.reports.reader import ReportReader
from shop.reports.record import State
from shop.reports.results import open_results
from shop.settings import load
from shop.storage import Storage, open_storage
from shop.stripe_gateway import StripeGateway, open_gateway
from shop.student_links import StudentLinks, open_links

PAUSES = (2.0, 10.0, 30.0)
"""Seconds before each further round."""

IN_A_ROW = 3
"""Letters that fail one after the other before the rest of a round is put off: all may fail."""

NOT_NEEDED = "The payment went through, or there is another card or payment by now."

log = logging.getLogger(__name__)


class LetterRounds:
    """The letters of one report on their way."""

    def __init__(
        self,
        storage: Storage,
        gateway: StripeGateway,
        postbox: Postbox,
        report_id: str,
        links: StudentLinks,
    ) -> None:
        self._sent = SentLetters(storage)
        self._sending = Sending(storage, report_id)
        self._gateway = gateway
        self._postbox = postbox
        self._links = links

    async def send(
        self, payments: Sequence[FailedPayment], pauses: Sequence[float] = PAUSES
    ) -> list[FailedPayment]:
        """Send the letters; answers with those that were not taken in any round."""
        waiting = list(payments)
        for pause in (0.0, *pauses):
            await self._sending.live()
            await asyncio.sleep(pause)
            waiting = await self._round(waiting)
            if not waiting:
                break
        return waiting

    async def _round(self, payments: Sequence[FailedPayment]) -> list[FailedPayment]:
        """One try each; answers with those to be tried again, those first that had no try."""
        again: list[FailedPayment] = []
        failed_in_a_row = 0
        for number, payment in enumerate(payments):
            if failed_in_a_row == IN_A_ROW:
                return list(payments[number:]) + again
            await self._sending.live()
            try:
                await self._send(payment)
                failed_in_a_row = 0
            except (Unavailable, Busy, StripeError) as error:
                await self._sending.note(payment.payment_intent_id, Outcome.FAILED, error.message)
                again.append(payment)
                failed_in_a_row += 1
        return again

    async def _send(self, payment: FailedPayment) -> None:
        if letter_about(payment, self._links) is None or await self._sent.is_sent(
            payment.letter_name
        ):
            return
        intent = payment.payment_intent_id
        student = await still_failing(self._gateway, payment.customer_id, intent)
        if student is None:
            await self._sending.note(intent, Outcome.NOT_NEEDED, NOT_NEEDED)
            return
        to_now = replace(payment, customer_name=student.name, customer_email=student.email)
        letter = letter_about(to_now, self._links)
        if letter is None:
            await self._sending.note(intent, Outcome.REFUSED, UNUSABLE)
            return
        try:
            await self._postbox.send_once(payment.letter_name, letter, student=student.id)
        except LetterRefused as error:
            await self._sending.note(intent, Outcome.REFUSED, error.message)


async def send_letters(report_id: str) -> None:
    """Send what the report's preview showed. Run twice it sends nothing twice."""
    bind_contextvars(report_id=report_id)
    settings = load()
    async with open_storage(settings) as storage:
        sending = Sending(storage, report_id)
        await sending.live()
        report = await ReportReader(storage).get(report_id)
        if report is None or report.state is not State.READY:
            log.info("report %s is gone, and with it its letters", report_id)
            await sending.end()
            return
        try:
            payments = await failed_payments(open_results(settings), report)
        except ResultMissing:
            log.warning("the file of report %s is gone, and with it its letters", report_id)
            await sending.end()
            return
        async with (
            open_gateway(settings, storage) as gateway,
            open_postbox(settings, storage) as postbox,
        ):
            rounds = LetterRounds(storage, gateway, postbox, report_id, open_links(settings))
            left = await rounds.send(payments)
        await sending.end()
    log.info("the letters of report %s are out, but for %d", report_id, len(left))
