"""Windows of time, in whole unix seconds (UTC), both ends included, as Stripe's filters are."""

from dataclasses import dataclass

HOUR = 3600
REPORTED_HOURS = 36
"""How far back the shop's figures reach when nobody says otherwise (the client's rule)."""


@dataclass(frozen=True)
class Window:
    """From `start` to `end`, both included."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise ValueError("a window ends after it starts")

    def done(self, walked_to: int) -> float:
        """The share of the window, 0 to 1, that a walk from newest to oldest has behind it."""
        if self.start == self.end:
            return 1.0
        return (self.end - walked_to) / (self.end - self.start)


@dataclass(frozen=True)
class Since:
    """From `start` up to the moment the report begins."""

    start: int
    end: None = None


Asked = Window | Since | None
"""The window a report is asked for. None: the last 36 hours up to the moment it begins."""


def last_36_hours(now: int) -> Window:
    """The window of the shop's figures, up to and including this second."""
    return Window(now - REPORTED_HOURS * HOUR, now)
