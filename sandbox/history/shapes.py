"""When things happen in a history: evenly, more and more, or all at once."""

import math
from dataclasses import dataclass
from enum import StrEnum

from sandbox.money import DAY

FIRST_STUDENTS = 30 * DAY
"""How long before the first payments the first students sign up."""

RECENT = 36 * 3_600
ENOUGH_RECENT = 300
"""The reports look at the last 36 hours; a small history gets this many payments there."""


class Shape(StrEnum):
    """How a history is spread over its time."""

    EVEN = "even"
    """As much on one day as on any other."""

    GROWING = "growing"
    """Each day a little more; half of all payments lie in the last fifth of the time."""

    ONE_HOUR = "one-hour"
    """All that an even history does in its days, squeezed into the last hour."""

    ONE_SECOND = "one-second"
    """The same squeezed into one second: thousands of rows with the same time."""


SQUEEZED_INTO = {Shape.ONE_HOUR: 3_599, Shape.ONE_SECOND: 0}
"""Seconds from the first moment to the last."""

GROWTH = 3
"""Exponent: after a share ``x`` of the time, ``x ** GROWTH`` of everything has happened."""


@dataclass(frozen=True)
class Timeline:
    """Where the moments of a history lie, in unix seconds.

    Attributes:
        first: the first sign-up.
        start: the first payment.
        now: the end of everything.
        pace: seconds that go by for each second of an even history; 1 unless it is squeezed.
    """

    shape: Shape
    first: int
    start: int
    now: int
    pace: float

    @classmethod
    def ending(cls, now: int, days: int, shape: Shape) -> "Timeline":
        """A timeline whose payments take ``days``, squeezed as ``shape`` says."""
        whole = days * DAY + FIRST_STUDENTS
        pace = SQUEEZED_INTO.get(shape, whole) / whole
        return cls(shape, now - round(whole * pace), now - round(days * DAY * pace), now, pace)

    @property
    def squeezed(self) -> bool:
        """Whether everything has to be over by ``now``, with nothing left for later."""
        return self.shape in SQUEEZED_INTO

    def lasting(self, seconds: float) -> int:
        """How long something lasts here that takes so many seconds in an even history."""
        return int(seconds * self.pace)

    def place(self, share: float, since: int) -> int:
        """The moment by which ``share`` of what happens from ``since`` until now has happened."""
        if self.shape is Shape.GROWING:
            share = share ** (1 / GROWTH)
        return since + int(share * (self.now - since))

    def recent_top_up(self, payments: int) -> int:
        """How many of the payments to move into the last 36 hours, so that they are enough."""
        if self.squeezed:
            return 0
        before = max(0.0, 1 - RECENT / (self.now - self.start))
        if self.shape is Shape.GROWING:
            before = before**GROWTH
        missing = min(ENOUGH_RECENT, payments // 10) - payments * (1 - before)
        return math.ceil(missing / before) if missing > 0 else 0
