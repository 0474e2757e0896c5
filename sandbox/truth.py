"""What the figures must be, by bookkeeping of its own.

Every action that moves money or settles the fate of a lesson payment says so here as well. None
of it is read back from balance transactions or charges, so a report that agrees with the truth
agrees with a second witness.
"""

from array import array
from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping

import msgspec

from sandbox.money import DAY
from sandbox.store import moment

LESSON = "lessons-payment"

Movement = tuple[int, int, int]
"""(second, of payments, what came off), amounts in the smallest unit of one currency"""


def is_lesson(metadata: Mapping[str, str]) -> bool:
    """Whether a payment with this metadata is for a lesson."""
    return metadata.get("type") == LESSON


class Totals(msgspec.Struct, frozen=True):
    """One currency over a window: ``payment_total == fee_total + net_total``."""

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


class Books(msgspec.Struct):
    """All that is written down, as plain data."""

    movements: dict[str, list[Movement]]
    """By currency."""

    failed: list[FailedAttempt]
    attempted: dict[str, list[int]]


class Truth:
    """Money moved for lessons, and lesson payments that failed."""

    def __init__(self) -> None:
        self._movements: dict[str, dict[int, list[Movement]]] = {}
        """By currency and day."""

        self._failed: dict[str, FailedAttempt] = {}
        self._attempted: dict[str, array[int]] = {}
        """By customer: the moment of each lesson payment, sorted."""

    def captured(self, at: int, currency: str, amount: int, fee: int) -> None:
        """``amount`` was taken and Stripe kept ``fee`` of it, both in the settlement currency."""
        self._move(at, currency, amount, fee)

    def gave_back(self, at: int, currency: str, amount: int, fee: int = 0) -> None:
        """``amount`` left again (a refund, a dispute), and ``fee`` with it."""
        self._move(at, currency, 0, amount + fee)

    def came_back(self, at: int, currency: str, amount: int, fee: int = 0) -> None:
        """``amount`` that had left returned (a failed refund, a dispute won), perhaps its fee."""
        self._move(at, currency, 0, -amount - fee)

    def attempted(self, customer: str, created: int, seq: int) -> None:
        """A lesson payment was made for ``customer``."""
        insort(self._attempted.setdefault(customer, array("Q")), moment(created, seq))

    def failed(self, attempt: FailedAttempt) -> None:
        """The payment's card refused."""
        self._failed[attempt.payment_intent] = attempt

    def succeeded(self, payment_intent: str) -> None:
        """The payment went through, perhaps after failing."""
        self._failed.pop(payment_intent, None)

    def currencies(self) -> list[str]:
        """Those in which money ever moved."""
        return list(self._movements)

    def totals(self, start: int, end: int, currency: str = "usd") -> Totals:
        """All of one currency that moved from ``start`` to ``end``, both seconds included."""
        by_day = self._movements.get(currency, {})
        days = [day for day in by_day if start // DAY <= day <= end // DAY]
        window = [move for day in days for move in by_day[day] if start <= move[0] <= end]
        payments = sum(move[1] for move in window)
        off = sum(move[2] for move in window)
        return Totals(payments, off, payments - off, len(window))

    def failures(self, start: int, end: int) -> list[FailedAttempt]:
        """Failed payments made from ``start`` to ``end`` that are the student's latest by then."""
        return [
            attempt
            for attempt in self._failed.values()
            if start <= attempt.created <= end and not self._attempted_after(attempt, end)
        ]

    def absorb(self, other: "Truth") -> None:
        """Take over what somebody else wrote down about other students' payments."""
        for currency, days in other._movements.items():
            mine = self._movements.setdefault(currency, {})
            for day, movements in days.items():
                mine.setdefault(day, []).extend(movements)
        self._failed.update(other._failed)
        self._attempted.update(other._attempted)

    def books(self) -> Books:
        """Everything as plain data."""
        return Books(
            {
                currency: [move for movements in days.values() for move in movements]
                for currency, days in self._movements.items()
            },
            list(self._failed.values()),
            {customer: made.tolist() for customer, made in self._attempted.items()},
        )

    @classmethod
    def of(cls, books: Books) -> "Truth":
        """Continue these books."""
        truth = cls()
        for currency, movements in books.movements.items():
            for at, payments, off in movements:
                truth._move(at, currency, payments, off)
        truth._failed = {attempt.payment_intent: attempt for attempt in books.failed}
        truth._attempted = {id: array("Q", made) for id, made in books.attempted.items()}
        return truth

    def _attempted_after(self, attempt: FailedAttempt, end: int) -> bool:
        made = self._attempted[attempt.customer]
        by_then = bisect_left(made, moment(end + 1, 0))
        return by_then > bisect_right(made, moment(attempt.created, attempt.seq))

    def _move(self, at: int, currency: str, payments: int, off: int) -> None:
        days = self._movements.setdefault(currency, {})
        days.setdefault(at // DAY, []).append((at, payments, off))
