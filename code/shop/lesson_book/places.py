"""Under what a payment is looked up, worked out when it is written down. Pure."""

from typing import NamedTuple

from shop.lesson_book.entries import (
    DECIDED,
    TO_BE_ANSWERED,
    PaymentEntry,
    PaymentState,
    RefundEntry,
)

NO: str = ""
"""It does not belong there."""

NEVER = "+inf"
"""Of a hold whose end Stripe did not tell, and of payments that may still change."""

Score = int | str

GONE_WRONG = frozenset({"failed", "canceled"})
"""States of a refund whose money did not arrive."""


class Places(NamedTuple):
    """Scores in the sorted sets of the same names (`keys`), or `NO`."""

    holds: Score
    failed: Score
    troubled: Score
    over: Score


def places(payment: PaymentEntry) -> Places:
    """Where the book keeps a payment's id, beside its student's payments."""
    held = payment.state is PaymentState.HELD
    failed = payment.state in (PaymentState.FAILED, PaymentState.NEEDS_CONFIRMATION)
    return Places(
        holds=(payment.capture_before or NEVER) if held else NO,
        failed=payment.created if failed else NO,
        troubled=payment.created if is_troubled(payment) else NO,
        over=NEVER if may_still_change(payment) else last_change(payment),
    )


def is_troubled(payment: PaymentEntry) -> bool:
    """Whether its hold lapsed, money sent back did not arrive, or a dispute wants an answer."""
    return (
        payment.state is PaymentState.EXPIRED
        or failed_refund(payment) is not None
        or (payment.dispute is not None and payment.dispute.status in TO_BE_ANSWERED)
    )


def failed_refund(payment: PaymentEntry) -> RefundEntry | None:
    """The newest refund, where it did not arrive; a later one that does makes up for it."""
    newest = max(payment.refunds, key=lambda refund: refund.created, default=None)
    return newest if newest and newest.status in GONE_WRONG else None


def may_still_change(payment: PaymentEntry) -> bool:
    """Whether a hold is open, money on its way or a dispute undecided."""
    undecided = payment.dispute is not None and payment.dispute.status not in DECIDED
    return payment.state is PaymentState.HELD or payment.refund_pending > 0 or undecided


def last_change(payment: PaymentEntry) -> int:
    """The last moment at which something is known to have happened to it, unix seconds."""
    refunds = (refund.created for refund in payment.refunds)
    return max(payment.created, payment.authorized_at or 0, payment.ended_at or 0, *refunds)
