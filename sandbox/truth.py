"""What the figures must be, by bookkeeping of its own.

Every action that moves money or settles the fate of a lesson payment says so here as well. None
of it is read back from balance transactions or charges, so a report that agrees with the truth
agrees with a second witness. The one exception is a charge that becomes a lesson's, or ceases to be
one, after its money has moved: ``sandbox.actions.relabelling`` then puts in or takes out its rows.
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

    taken_out: dict[str, list[Movement]]
    """Those of ``movements`` that turned out not to be for lessons."""

    failed: list[FailedAttempt]
    attempted: dict[str, list[int]]


class Movements:
    """Movements by currency and day."""

    def __init__(self, by_currency: Mapping[str, list[Movement]] | None = None) -> None:
        self._days: dict[str, dict[int, list[Movement]]] = {}
        for currency, movements in (by_currency or {}).items():
            for movement in movements:
                self.add(currency, movement)

    def add(self, currency: str, movement: Movement) -> None:
        """Write a movement down, in any order."""
        days = self._days.setdefault(currency, {})
        days.setdefault(movement[0] // DAY, []).append(movement)

    def within(self, start: int, end: int, currency: str) -> list[Movement]:
        """Those of one currency from ``start`` to ``end``, both seconds included."""
        by_day = self._days.get(currency, {})
        days = [day for day in by_day if start // DAY <= day <= end // DAY]
        return [move for day in days for move in by_day[day] if start <= move[0] <= end]

    def currencies(self) -> list[str]:
        """Those in which money ever moved."""
        return list(self._days)

    def absorb(self, other: "Movements") -> None:
        """Take over everything in ``other``."""
        for currency, days in other._days.items():
            mine = self._days.setdefault(currency, {})
            for day, movements in days.items():
                mine.setdefault(day, []).extend(movements)

    def by_currency(self) -> dict[str, list[Movement]]:
        """Everything as plain data."""
        return {
            currency: [move for movements in days.values() for move in movements]
            for currency, days in self._days.items()
        }


class Truth:
    """Money moved for lessons, and lesson payments that failed."""

    def __init__(self) -> None:
        self._movements = Movements()
        self._taken_out = Movements()
        """Kept apart, so that none has to be looked for."""

        self._failed: dict[str, FailedAttempt] = {}
        self._attempted: dict[str, array[int]] = {}
        """By customer: the moment of each lesson payment, sorted."""

    def captured(self, at: int, currency: str, amount: int, fee: int) -> None:
        """``amount`` was taken and Stripe kept ``fee`` of it, both in the settlement currency."""
        self.put_in(currency, (at, amount, fee))

    def gave_back(self, at: int, currency: str, amount: int, fee: int = 0) -> None:
        """``amount`` left again (a refund, a dispute), and ``fee`` with it."""
        self.put_in(currency, (at, 0, amount + fee))

    def came_back(self, at: int, currency: str, amount: int, fee: int = 0) -> None:
        """``amount`` that had left returned (a failed refund, a dispute won), perhaps its fee."""
        self.put_in(currency, (at, 0, -amount - fee))

    def put_in(self, currency: str, movement: Movement) -> None:
        """Money moved for a lesson, in this currency."""
        self._movements.add(currency, movement)

    def take_out(self, currency: str, movement: Movement) -> None:
        """A movement that was put in turns out not to be for a lesson."""
        self._taken_out.add(currency, movement)

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
        return self._movements.currencies()

    def totals(self, start: int, end: int, currency: str = "usd") -> Totals:
        """All of one currency that moved from ``start`` to ``end``, both seconds included."""
        put_in = self._movements.within(start, end, currency)
        taken_out = self._taken_out.within(start, end, currency)
        payments, off = (
            sum(move[place] for move in put_in) - sum(move[place] for move in taken_out)
            for place in (1, 2)
        )
        return Totals(payments, off, payments - off, len(put_in) - len(taken_out))

    def failures(self, start: int, end: int) -> list[FailedAttempt]:
        """Failed payments made from ``start`` to ``end`` that are the student's latest by then."""
        return [
            attempt
            for attempt in self._failed.values()
            if start <= attempt.created <= end and not self._attempted_after(attempt, end)
        ]

    def absorb(self, other: "Truth") -> None:
        """Take over what somebody else wrote down about other students' payments."""
        self._movements.absorb(other._movements)
        self._taken_out.absorb(other._taken_out)
        self._failed.update(other._failed)
        self._attempted.update(other._attempted)

    def books(self) -> Books:
        """Everything as plain data."""
        return Books(
            self._movements.by_currency(),
            self._taken_out.by_currency(),
            list(self._failed.values()),
            {customer: made.tolist() for customer, made in self._attempted.items()},
        )

    @classmethod
    def of(cls, books: Books) -> "Truth":
        """Continue these books."""
        truth = cls()
        truth._movements = Movements(books.movements)
        truth._taken_out = Movements(books.taken_out)
        truth._failed = {attempt.payment_intent: attempt for attempt in books.failed}
        truth._attempted = {id: array("Q", made) for id, made in books.attempted.items()}
        return truth

    def _attempted_after(self, attempt: FailedAttempt, end: int) -> bool:
        made = self._attempted[attempt.customer]
        by_then = bisect_left(made, moment(end + 1, 0))
        return by_then > bisect_right(made, moment(attempt.created, attempt.seq))
