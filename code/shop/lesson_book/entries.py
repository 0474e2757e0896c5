"""What the lesson book says of a student and of a payment.

Amounts are integer minor units (cents) of the entry's currency, times unix seconds in UTC.
"""

from enum import Enum
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from shop.rules.decline_reasons import AUTHENTICATION, Remedy, remedy
from shop.rules.lesson_ledger import is_lesson
from shop.rules.lesson_time import lesson_time
from shop.stripe_gateway.objects import (
    Card,
    Customer,
    Dispute,
    LastPaymentError,
    PaymentMethod,
    Refund,
)
from shop.stripe_gateway.payment_record import ChargeRecord, PaymentRecord

LAPSED = frozenset({"expired", "automatic"})
"""Reasons for which Stripe itself cancels a hold; the second is that of versions before 2025-03-31
(https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow)."""

TO_BE_ANSWERED = frozenset({"needs_response", "warning_needs_response"})
"""States of a dispute that the shop can still answer."""

DECIDED = frozenset({"won", "lost", "warning_closed", "prevented"})
"""States of a dispute in which nothing moves any more."""

ON_ITS_WAY = frozenset({"pending", "requires_action"})
"""States of a refund whose money has not arrived."""


class PaymentState(Enum):
    """Where a lesson payment stands. The value is what the routes answer."""

    HELD = "held"
    """The amount is reserved on the card, and nothing was charged."""
    CAPTURED = "captured"
    """All or part of the hold was charged."""
    RELEASED = "released"
    """Somebody let go of the hold."""
    EXPIRED = "expired"
    """The hold lapsed before anybody captured it."""
    FAILED = "failed"
    """The card was declined."""
    NEEDS_CONFIRMATION = "needs_confirmation"
    """The bank wants the student to confirm it."""


class Lesson(Struct, frozen=True):
    """A reserved lesson: the text that the student chose, and the moment where it is known."""

    text: str
    at: int | None = None


class StudentEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A student as staff know them."""

    id: str
    created: int
    name: str | None = None
    email: str | None = None
    lesson: Lesson | None = None
    card: Card | None = None


class CardUsed(Struct, frozen=True):
    """The card that a payment was tried on."""

    brand: str | None
    last4: str | None


class Problem(Struct, frozen=True, omit_defaults=True):
    """Why the latest attempt failed, in Stripe's words, and what helps."""

    remedy: Remedy
    code: str | None = None
    decline_code: str | None = None
    message: str | None = None


class RefundEntry(Struct, frozen=True, omit_defaults=True):
    """Money given back, or on its way, or come back because its bank refused it."""

    id: str
    created: int
    amount: int
    status: str | None = None
    failure_reason: str | None = None


class DisputeEntry(Struct, frozen=True, omit_defaults=True):
    """A payment that its card's holder contests.

    Attributes:
        due_by: until when it can be answered; None where it can't.
    """

    id: str
    status: str
    reason: str
    amount: int
    due_by: int | None = None


class PaymentEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A lesson payment, whatever became of it.

    Attributes:
        student: the customer's id.
        captured: what was charged.
        refunded: what has gone back; `refund_pending` is still on its way.
        fee: Stripe's fee for the capture, from its balance transaction; None until it is booked,
            and where it was booked in another currency.
        authorized_at: when the hold was placed; None where none ever was. Of a payment that the
            student confirmed it is later than `created`.
        capture_before: when the hold lapses; only of a payment that is held.
        ended_at: when it was captured, released or lapsed.
    """

    id: str
    student: str
    created: int
    state: PaymentState
    amount: int
    currency: str
    captured: int = 0
    refunded: int = 0
    refund_pending: int = 0
    fee: int | None = None
    description: str | None = None
    instructor: str | None = None
    authorized_at: int | None = None
    capture_before: int | None = None
    ended_at: int | None = None
    card: CardUsed | None = None
    problem: Problem | None = None
    refunds: tuple[RefundEntry, ...] = ()
    dispute: DisputeEntry | None = None

    @property
    def stands(self) -> bool:
        """Whether the shop has the money, or may still take it."""
        return self.state in (PaymentState.HELD, PaymentState.CAPTURED)


def student_entry(customer: Customer, card: PaymentMethod | None, zone: ZoneInfo) -> StudentEntry:
    """What the book says of a student.

    Args:
        card: the card on file.
        zone: of the shop, for a lesson that does not say its own.
    """
    text = customer.metadata.get("first_lesson", "").strip()
    moment = customer.metadata.get("first_lesson_at", "")
    at = lesson_time(text, moment, signed_up=customer.created, zone=zone)
    return StudentEntry(
        id=customer.id,
        created=customer.created,
        name=customer.name,
        email=customer.email,
        lesson=Lesson(text, at) if text else None,
        card=card.card if card else None,
    )


def payment_entry(payment: PaymentRecord, dispute: Dispute | None = None) -> PaymentEntry | None:
    """What the book says of a payment; None where it is not lesson money or was never tried."""
    state = _state(payment)
    if state is None or payment.customer is None or not is_lesson(payment.metadata):
        return None
    charge = payment.charge or ChargeRecord(id="")
    refunds = tuple(map(_refund, charge.refunds.data)) if charge.refunds else ()
    pending = sum(refund.amount for refund in refunds if refund.status in ON_ITS_WAY)
    return PaymentEntry(
        id=payment.id,
        student=payment.customer,
        created=payment.created,
        state=state,
        amount=payment.amount,
        currency=payment.currency,
        captured=payment.amount_received,
        refunded=charge.amount_refunded - pending if state is PaymentState.CAPTURED else 0,
        refund_pending=pending,
        fee=_fee(payment, charge),
        description=payment.description,
        instructor=payment.metadata.get("instructor"),
        capture_before=charge.card.capture_before if state is PaymentState.HELD else None,
        authorized_at=charge.created if charge.status == "succeeded" else None,
        ended_at=_ended_at(payment, charge),
        card=_card_used(payment, charge),
        problem=_problem(payment.last_payment_error, state),
        refunds=refunds,
        dispute=_dispute(dispute) if dispute else None,
    )


def nameless(payment: PaymentEntry) -> PaymentEntry:
    """The payment of a deleted student: what moved, and nothing that they could be known by."""
    return replace(payment, description=None, card=None)


def _state(payment: PaymentRecord) -> PaymentState | None:
    match payment.status:
        case "requires_capture":
            return PaymentState.HELD
        case "succeeded":
            return PaymentState.CAPTURED
        case "canceled":
            lapsed = payment.cancellation_reason in LAPSED
            return PaymentState.EXPIRED if lapsed else PaymentState.RELEASED
        case "requires_action":
            return PaymentState.NEEDS_CONFIRMATION
    error = payment.last_payment_error
    if error is None:
        return None
    wanted = {error.code, error.decline_code} & AUTHENTICATION
    return PaymentState.NEEDS_CONFIRMATION if wanted else PaymentState.FAILED


def _problem(error: LastPaymentError | None, state: PaymentState) -> Problem | None:
    if state not in (PaymentState.FAILED, PaymentState.NEEDS_CONFIRMATION) or error is None:
        return None
    return Problem(
        remedy=remedy(
            decline_code=error.decline_code, advice_code=error.advice_code, code=error.code
        ),
        code=error.code,
        decline_code=error.decline_code,
        message=error.message,
    )


def _fee(payment: PaymentRecord, charge: ChargeRecord) -> int | None:
    booked = charge.balance_transaction
    if booked is None or isinstance(booked, str) or booked.currency != payment.currency:
        return None
    return booked.fee


def _ended_at(payment: PaymentRecord, charge: ChargeRecord) -> int | None:
    booked = charge.balance_transaction
    if booked is not None and not isinstance(booked, str):
        return booked.created
    return payment.canceled_at


def _card_used(payment: PaymentRecord, charge: ChargeRecord) -> CardUsed | None:
    if charge.card.last4:
        return CardUsed(charge.card.brand, charge.card.last4)
    error = payment.last_payment_error
    method: PaymentMethod | None = error.payment_method if error else None
    return CardUsed(method.card.brand, method.card.last4) if method and method.card else None


def _refund(refund: Refund) -> RefundEntry:
    return RefundEntry(
        id=refund.id,
        created=refund.created,
        amount=refund.amount,
        status=refund.status,
        failure_reason=refund.failure_reason,
    )


def _dispute(dispute: Dispute) -> DisputeEntry:
    details = dispute.evidence_details
    return DisputeEntry(
        id=dispute.id,
        status=dispute.status,
        reason=dispute.reason,
        amount=dispute.amount,
        due_by=(details.due_by or None) if details else None,
    )
