"""The states that objects move through, each with its meaning."""

from enum import StrEnum


class IntentStatus(StrEnum):
    """Where a PaymentIntent or a SetupIntent stands (a SetupIntent is never captured)."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    """No card yet, or the last one was refused."""

    REQUIRES_CONFIRMATION = "requires_confirmation"
    """A card is there; nobody has asked the bank."""

    REQUIRES_ACTION = "requires_action"
    """The bank wants to hear from the student (3-D Secure)."""

    REQUIRES_CAPTURE = "requires_capture"
    """The money is held, not taken."""

    SUCCEEDED = "succeeded"
    """The money is taken, or the card is saved."""

    CANCELED = "canceled"
    """Given up, released or expired."""


class SetupAttemptStatus(StrEnum):
    """How one confirmation of a SetupIntent went."""

    REQUIRES_ACTION = "requires_action"
    """The student is at the challenge."""

    SUCCEEDED = "succeeded"
    """The card is saved."""

    FAILED = "failed"
    """The bank refused, or the challenge was failed."""

    ABANDONED = "abandoned"
    """The SetupIntent was cancelled before the challenge was done."""


class RefundStatus(StrEnum):
    """Where a refund stands."""

    PENDING = "pending"
    """On its way; settles later."""

    SUCCEEDED = "succeeded"
    """Given back, though the bank may still return it."""

    FAILED = "failed"
    """The bank returned it; the money is back in the balance."""


class DisputeStatus(StrEnum):
    """Where a dispute stands."""

    WARNING_NEEDS_RESPONSE = "warning_needs_response"
    """An inquiry: no money has moved."""

    WARNING_UNDER_REVIEW = "warning_under_review"
    """An inquiry that was answered."""

    WARNING_CLOSED = "warning_closed"
    """An inquiry that came to nothing."""

    NEEDS_RESPONSE = "needs_response"
    """The amount and a fee were withdrawn; evidence may be given."""

    UNDER_REVIEW = "under_review"
    """Evidence was given; the bank decides."""

    WON = "won"
    """The amount came back; the fee did not."""

    LOST = "lost"
    """The amount is gone."""
