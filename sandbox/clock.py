"""The one place that tells the time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Unix time in whole seconds: the machine's, shifted by ``offset``, or held still.

    ``at`` holds the clock at a moment, so that the generated history and overdue timers act at
    the time they belong to and not at the time they are worked off.
    """

    def __init__(self, offset: int = 0) -> None:
        self.offset = offset
        self._held: int | None = None

    def now(self) -> int:
        """Seconds since 1970, UTC."""
        if self._held is not None:
            return self._held
        return int(time.time()) + self.offset

    def advance(self, seconds: int) -> None:
        """Be so much later from now on; the machine's own clock goes on underneath."""
        self.offset += seconds

    def hold(self, moment: int) -> None:
        """Stand still at ``moment`` until the surrounding ``at`` ends."""
        self._held = moment

    @contextmanager
    def at(self, moment: int) -> Iterator[None]:
        """Stand still at ``moment`` for the length of a ``with`` block."""
        before, self._held = self._held, moment
        try:
            yield
        finally:
            self._held = before
