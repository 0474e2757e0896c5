"""What was tried, what became of it, and how often that was wrong: a row of docs/reliability.md."""

from collections.abc import Callable
from dataclasses import astuple, dataclass

Record = Callable[[str, object], None]

ROW = "fault"
"""The property of a test's report under which `python -m tests.reliability --faults` finds it."""


@dataclass(frozen=True)
class Outcome:
    """What became of something, held against the local Stripe.

    Attributes:
        attempts: requests that were sent, or reports and kills that were tried.
        done: how often the thing was done: at Stripe, or a report that is ready.
        duplicates: of them those that nobody asked for.
        lost: told and not so, or so and told to nobody, or asked for and not done.
        wrong: totals and rows that are not the local Stripe's own, to the cent.
    """

    attempts: int
    done: int
    duplicates: int = 0
    lost: int = 0
    wrong: int = 0

    def __add__(self, other: "Outcome") -> "Outcome":
        pairs = zip(astuple(self), astuple(other), strict=True)
        return Outcome(*(ours + theirs for ours, theirs in pairs))

    @property
    def mistakes(self) -> tuple[int, int, int]:
        """What must not be: duplicates, lost, wrong."""
        return self.duplicates, self.lost, self.wrong


class Tally:
    """Keeps the rows of one test, and fails it where something is wrong."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def counts(self, fault: str, outcome: Outcome) -> None:
        """Keep the row; `fault` is in the words of the page."""
        self._record(ROW, (fault, *astuple(outcome)))
        assert outcome.mistakes == (0, 0, 0), (fault, outcome)
        assert outcome.done > 0, fault
