"""What happened to one student: card saved, held, captured or released, refunded, disputed. Pure.

Everything is read from what Stripe's objects say of themselves. What Stripe gives no moment for is
put at the last one it does give, and comes after what it follows from.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum

from msgspec import Struct

from shop.lesson_book.entries import (
    DECIDED,
    ON_ITS_WAY,
    CardUsed,
    PaymentEntry,
    PaymentState,
    RefundEntry,
)
from shop.lesson_book.places import GONE_WRONG
from shop.stripe_gateway.objects import CardSetup, Dispute


class Kind(Enum):
    """What happened. Within one second of one payment, it happened in this order."""

    CARD_SAVED = "card_saved"
    HOLD_FAILED = "hold_failed"
    NEEDS_CONFIRMATION = "needs_confirmation"
    HELD = "held"
    CAPTURED = "captured"
    RELEASED = "released"
    EXPIRED = "expired"
    REFUND_PENDING = "refund_pending"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"
    DISPUTED = "disputed"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"
    DISPUTE_CLOSED = "dispute_closed"


ORDER = {kind: place for place, kind in enumerate(Kind)}

OUTCOME = {"won": Kind.DISPUTE_WON, "lost": Kind.DISPUTE_LOST}
"""What a decided dispute came to; inquiries and prevented ones are only closed."""


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened to a student.

    Attributes:
        at: unix seconds.
        amount: in minor units of `currency`; None where no money is spoken of.
        reason: in Stripe's words, why it failed or is disputed.
        status: of a refund or dispute.
    """

    at: int
    kind: Kind
    amount: int | None = None
    currency: str | None = None
    reason: str | None = None
    payment_intent_id: str | None = None
    status: str | None = None
    description: str | None = None
    card: CardUsed | None = None


class Totals(Struct, frozen=True, kw_only=True):
    """Minor units of `currency`: held at this moment, captured and given back in all."""

    held: int
    captured: int
    refunded: int
    currency: str


def totals(payments: Iterable[PaymentEntry], currency: str) -> Totals:
    """The sums of the payments that are in this currency."""
    counted = [payment for payment in payments if payment.currency == currency]
    return Totals(
        held=sum(each.amount for each in counted if each.state is PaymentState.HELD),
        captured=sum(each.captured for each in counted),
        refunded=sum(each.refunded for each in counted),
        currency=currency,
    )


def timeline(
    setups: Iterable[CardSetup],
    payments: Sequence[PaymentEntry],
    disputes: Mapping[str, Dispute],
) -> list[Event]:
    """Everything, newest first.

    Args:
        payments: newest first, as Stripe lists them: within a second only that tells their order.
        disputes: by the id of the payment.
    """
    dated = [((event.at, 0, 0), event) for event in _cards(setups)]
    for place, payment in enumerate(reversed(payments), start=1):
        told = _of_payment(payment, disputes.get(payment.id))
        dated += [((event.at, place, ORDER[event.kind]), event) for event in told]
    return [event for _, event in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def _cards(setups: Iterable[CardSetup]) -> Iterator[Event]:
    for setup in setups:
        method = setup.payment_method
        if setup.status == "succeeded" and method is not None and method.card is not None:
            yield Event(
                at=max(setup.created, method.created),
                kind=Kind.CARD_SAVED,
                card=CardUsed(method.card.brand, method.card.last4),
            )


def _of_payment(payment: PaymentEntry, dispute: Dispute | None) -> Iterator[Event]:
    def event(
        kind: Kind,
        at: int | None,
        amount: int | None,
        *,
        reason: str | None = None,
        status: str | None = None,
    ) -> Event:
        return Event(
            at=payment.created if at is None else at,
            kind=kind,
            amount=amount,
            currency=payment.currency,
            reason=reason,
            payment_intent_id=payment.id,
            status=status,
            description=payment.description,
            card=payment.card,
        )

    why = payment.problem.message if payment.problem else None
    if payment.authorized_at is not None:
        yield event(Kind.HELD, payment.authorized_at, payment.amount)
    match payment.state:
        case PaymentState.FAILED:
            yield event(Kind.HOLD_FAILED, None, payment.amount, reason=why)
        case PaymentState.NEEDS_CONFIRMATION:
            yield event(Kind.NEEDS_CONFIRMATION, None, payment.amount, reason=why)
        case PaymentState.EXPIRED:
            yield event(Kind.EXPIRED, payment.ended_at, payment.amount)
        case PaymentState.RELEASED:
            yield event(Kind.RELEASED, payment.ended_at, payment.amount)
        case PaymentState.CAPTURED:
            yield event(Kind.CAPTURED, payment.ended_at, payment.captured)
            if payment.captured < payment.amount:
                rest = payment.amount - payment.captured
                yield event(Kind.RELEASED, payment.ended_at, rest)
    for refund in payment.refunds:
        kind, reason = _refund_kind(refund), refund.failure_reason
        yield event(kind, refund.created, refund.amount, reason=reason, status=refund.status)
    if dispute is not None:
        told = {"reason": dispute.reason, "status": dispute.status}
        yield event(Kind.DISPUTED, dispute.created, dispute.amount, **told)
        if dispute.status in DECIDED:
            kind = OUTCOME.get(dispute.status, Kind.DISPUTE_CLOSED)
            yield event(kind, _last_moment(dispute), dispute.amount, **told)


def _refund_kind(refund: RefundEntry) -> Kind:
    if refund.status in GONE_WRONG:
        return Kind.REFUND_FAILED
    return Kind.REFUND_PENDING if refund.status in ON_ITS_WAY else Kind.REFUNDED


def _last_moment(dispute: Dispute) -> int:
    """When money last moved for it: a won one gives it back, a lost one moves nothing more."""
    return max([dispute.created, *(row.created for row in dispute.balance_transactions)])
