"""The letters that a failed-payments report leads to, made from its own file."""

import msgspec

from shop.mail import letters
from shop.mail.letter import Letter
from shop.mail.message import can_be_written_to
from shop.reports.record import Report
from shop.reports.results import Results
from shop.rules.decline_reasons import Remedy
from shop.student_links import StudentLinks

KIND = "failed-payments"
"""The kind of report whose students can be written to."""


class FailedPayment(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the report: who could not pay what, and what helps.

    Attributes:
        amount: minor units of `currency`.
    """

    payment_intent_id: str
    customer_id: str
    customer_name: str | None
    customer_email: str | None
    what_helps: Remedy
    amount: int
    currency: str
    description: str | None

    @property
    def letter_name(self) -> str:
        """Under which its letter is sent once, whoever asks for it."""
        return f"payment-failed:{self.payment_intent_id}"


class _File(msgspec.Struct):
    rows: list[FailedPayment]


async def failed_payments(results: Results, report: Report) -> list[FailedPayment]:
    """The rows of a failed-payments report that is ready, newest first.

    Raises:
        ResultMissing: its file is gone.
        ResultsUnavailable: the result store can't be used.
    """
    file = next(file for file in report.files if file.format == "json")
    return msgspec.json.decode(await results.get(f"{report.id}/{file.name}"), type=_File).rows


def letter_about(payment: FailedPayment, links: StudentLinks) -> Letter | None:
    """What to write to the student; None for one whose e-mail address leads nowhere."""
    email = payment.customer_email
    if email is None or not can_be_written_to(email):
        return None
    return letters.payment_failed(
        name=payment.customer_name,
        email=email,
        amount=payment.amount,
        currency=payment.currency,
        description=payment.description,
        remedy=payment.what_helps,
        account_url=links.account(payment.customer_id),
        confirmation_url=links.confirmation(payment.payment_intent_id),
    )
