"""Letting a hold go: cancelled by staff, or expired by time. Neither makes a refund."""

from sandbox.account import Account
from sandbox.records import PaymentIntent
from sandbox.states import IntentStatus

EXPIRED = "expired"
"""The ``cancellation_reason`` of a hold that nobody captured in time."""


def cancel(account: Account, intent: PaymentIntent, reason: str | None) -> None:
    """Give the payment up and release what was held."""
    _close(account, intent, reason)
    account.emit("payment_intent.canceled", intent)


def expire(account: Account, intent_id: str) -> None:
    """A timer: a hold that is still open at its ``capture_before`` is released."""
    intent = account.require(account.payment_intents, intent_id, None)
    if intent.status is not IntentStatus.REQUIRES_CAPTURE:
        return
    _close(account, intent, EXPIRED)
    charge = account.require(account.charges, intent.charges[-1], None)
    account.emit("charge.expired", charge)
    account.emit("payment_intent.canceled", intent)


def _close(account: Account, intent: PaymentIntent, reason: str | None) -> None:
    intent.status = IntentStatus.CANCELED
    intent.canceled_at = account.now()
    intent.cancellation_reason = reason
    intent.next_action = None
