"""Whose lesson payment failed and still needs something done (the client's rule).

A student is listed when their latest lesson payment in the window did not succeed and the card
on file is still the one that failed.
"""

from dataclasses import dataclass

DID_NOT_FAIL = frozenset({"succeeded", "requires_capture", "processing"})
"""Statuses of a PaymentIntent that went through, or still may."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One lesson payment that was tried.

    Attributes:
        student: id of the Customer.
        status: the PaymentIntent's status.
        refused_card: id of the PaymentMethod that was refused at the last try, None where none
            was: a hold that was let go is cancelled without ever having been refused.
    """

    student: str
    status: str
    refused_card: str | None

    @property
    def failed(self) -> bool:
        """Whether the payment did not succeed because of its card."""
        return self.status not in DID_NOT_FAIL and self.refused_card is not None


class LatestAttempts:
    """Sees attempts go by, newest first as Stripe lists them."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def is_failure(self, attempt: Attempt) -> bool:
        """Whether this is its student's latest attempt and failed."""
        if attempt.student in self._seen:
            return False
        self._seen.add(attempt.student)
        return attempt.failed


def still_fails(attempt: Attempt, card_on_file: str | None) -> bool:
    """Whether the refused card is still the student's card."""
    return attempt.refused_card is not None and attempt.refused_card == card_on_file
