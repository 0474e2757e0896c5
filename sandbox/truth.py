"""What the figures must be, by bookkeeping of its own.

Every action that moves money or settles the fate of a lesson payment says so here as well. None
of it is read back from balance transactions or charges, so a report that agrees with the truth
agrees with a second witness.
"""

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping

import msgspec

LESSON = "lessons-payment"


def is_lesson(metadata: Mapping[str, str]) -> bool:
    """Whether a payment with this metadata is for a lesson."""
    return metadata.get("type") == LESSON


class Totals(msgspec.Struct, frozen=True):
    """Cents over a window: ``payment_total == fee_total + net_total``."""

    payment_total: int
    fee_total: int
    net_total: int
    transactions: int


class FailedAttempt(msgspec.Struct, frozen=True, gc=False):
    """A lesson payment that a card refused, until the payment succeeds after all."""

    created: int
    """When the payment was made (not when it failed)."""

    seq: int
    """Its place among payments made in the same second."""

    payment_intent: str
    customer: str
    payment_method: str


class Truth:
    """Money moved for lessons, and lesson payments that failed."""

    def __init__(self) -> None:
        self._movements: list[tuple[int, int, int]] = []
        """(second, cents of payments, cents that came off), sorted when asked."""

        self._sorted = True
        self._failed: dict[str, FailedAttempt] = {}
        self._attempted: dict[str, array[int]] = {}
        """By customer: the moment of each lesson payment, sorted."""

    def captured(self, at: int, amount: int, fee: int) -> None:
        """``amount`` was taken and Stripe kept ``fee`` of it."""
        self._move(at, amount, fee)

    def gave_back(self, at: int, amount: int, fee: int = 0) -> None:
        """``amount`` left again (a refund, a dispute), and ``fee`` with it."""
        self._move(at, 0, amount + fee)

    def came_back(self, at: int, amount: int) -> None:
        """``amount`` that had left returned (a failed refund, a dispute won)."""
        self._move(at, 0, -amount)

    def attempted(self, customer: str, created: int, seq: int) -> None:
        """A lesson payment was made for ``customer``."""
        insort(self._attempted.setdefault(customer, array("q")), _moment(created, seq))

    def failed(self, attempt: FailedAttempt) -> None:
        """The payment's card refused."""
        self._failed[attempt.payment_intent] = attempt

    def succeeded(self, payment_intent: str) -> None:
        """The payment went through, perhaps after failing."""
        self._failed.pop(payment_intent, None)

    def totals(self, start: int, end: int) -> Totals:
        """Everything moved from ``start`` to ``end``, both seconds included."""
        if not self._sorted:
            self._movements.sort()
            self._sorted = True
        low = bisect_left(self._movements, (start,))
        high = bisect_left(self._movements, (end + 1,))
        window = self._movements[low:high]
        payments = sum(movement[1] for movement in window)
        off = sum(movement[2] for movement in window)
        return Totals(payments, off, payments - off, len(window))

    def failures(self, start: int, end: int) -> list[FailedAttempt]:
        """Failed payments made from ``start`` to ``end`` that are the student's latest by then."""
        return [
            attempt
            for attempt in self._failed.values()
            if start <= attempt.created <= end and not self._attempted_after(attempt, end)
        ]

    def _attempted_after(self, attempt: FailedAttempt, end: int) -> bool:
        made = self._attempted[attempt.customer]
        by_then = bisect_left(made, _moment(end + 1, 0))
        return by_then > bisect_right(made, _moment(attempt.created, attempt.seq))

    def _move(self, at: int, payments: int, off: int) -> None:
        self._sorted = self._sorted and (not self._movements or self._movements[-1][0] <= at)
        self._movements.append((at, payments, off))


def _moment(created: int, seq: int) -> int:
    return (created << 32) + seq
