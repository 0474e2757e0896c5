"""The letters that events lead to: to whom, under which name, with whose amounts.

Amounts are those that Stripe told when the payment was fetched. Nothing is sent to a student
without an e-mail address.
"""

import logging

from shop.errors import LetterRefused
from shop.lesson_book.entries import PaymentEntry, Problem, RefundEntry, StudentEntry
from shop.mail import letters
from shop.mail.letter import Letter
from shop.mail.postbox import Postbox
from shop.rules.decline_reasons import Remedy
from shop.settings import Settings
from shop.student_links import open_links

log = logging.getLogger(__name__)


class Letters:
    """Writes to students, each letter once. All methods raise `MailUnavailable`: try again later.

    Without a postbox nothing is sent.
    """

    def __init__(self, settings: Settings, postbox: Postbox | None) -> None:
        self._settings = settings
        self._links = open_links(settings)
        self._postbox = postbox

    async def welcome(self, student: StudentEntry) -> None:
        """The student's first card is saved."""
        if student.email:
            letter = letters.welcome(
                name=student.name,
                email=student.email,
                lesson_text=student.lesson.text if student.lesson else None,
                account_url=self._links.account(student.id),
            )
            await self._send(student, f"welcome:{student.id}", letter)

    async def hold_placed(self, student: StudentEntry, payment: PaymentEntry) -> None:
        """The amount is held, and nothing was charged."""
        if student.email:
            letter = letters.hold_placed(
                name=student.name,
                email=student.email,
                amount=payment.amount,
                currency=payment.currency,
                description=payment.description,
                last4=_last4(payment),
                capture_before=payment.capture_before,
                zone=self._settings.shop_zone,
            )
            await self._send(student, f"hold-placed:{payment.id}", letter)

    async def charged(self, student: StudentEntry, payment: PaymentEntry) -> None:
        """All or part of the hold was captured; Stripe released the rest."""
        if student.email:
            letter = letters.charged(
                name=student.name,
                email=student.email,
                amount=payment.captured,
                released=payment.amount - payment.captured,
                currency=payment.currency,
                description=payment.description,
                last4=_last4(payment),
            )
            await self._send(student, f"charged:{payment.id}", letter)

    async def refunded(
        self, student: StudentEntry, payment: PaymentEntry, refund: RefundEntry
    ) -> None:
        """Money goes back to the card."""
        if student.email:
            letter = letters.refunded(
                name=student.name,
                email=student.email,
                amount=refund.amount,
                currency=payment.currency,
                description=payment.description,
                status=refund.status,
                last4=_last4(payment),
            )
            await self._send(student, f"refunded:{refund.id}", letter)

    async def payment_failed(
        self, student: StudentEntry, payment: PaymentEntry, problem: Problem
    ) -> None:
        """The card was refused, or its bank wants the student to confirm."""
        if student.email:
            needs_student = problem.remedy is Remedy.AUTHENTICATION
            letter = letters.payment_failed(
                name=student.name,
                email=student.email,
                amount=payment.amount,
                currency=payment.currency,
                description=payment.description,
                remedy=problem.remedy,
                account_url=self._links.account(student.id),
                confirmation_url=self._links.confirmation(payment.id) if needs_student else None,
            )
            await self._send(student, f"payment-failed:{payment.id}", letter)

    async def _send(self, student: StudentEntry, name: str, letter: Letter) -> None:
        if self._postbox is None:
            return
        try:
            await self._postbox.send_once(name, letter, student=student.id)
        except LetterRefused as refusal:
            log.warning("letter %s can't be sent: %s", name, refusal.message)


def _last4(payment: PaymentEntry) -> str | None:
    return payment.card.last4 if payment.card else None
