"""What was tried, what callers were told, and what the local Stripe says has happened."""

from collections.abc import Callable

Record = Callable[[str, object], None]

ROW = "reliability"
"""The property of a test's report under which `python -m tests.reliability` finds its row."""


class Tally:
    """Compares and keeps the figures of one race or fault."""

    def __init__(self, record: Record) -> None:
        self._record = record

    def counts(self, what: str, *, attempts: int, wanted: int, told: int, found: int) -> None:
        """Hold callers' answers against the truth, and keep the row.

        Args:
            what: the race or fault, in the words of docs/reliability.md.
            attempts: requests that were sent.
            wanted: how often the thing must have been done.
            told: how often callers were told that it is done, the same thing counted once.
            found: how often it is done at Stripe.
        """
        duplicates = max(0, found - wanted)
        lost = max(0, wanted - found) + abs(told - found)
        self._record(ROW, (what, attempts, found, duplicates, lost))
        assert (found, told, duplicates, lost) == (wanted, wanted, 0, 0), what
