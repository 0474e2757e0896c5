"""How long a report will still take, judged by how it went so far. Pure."""

ENOUGH_TO_JUDGE = 0.02
"""The share of the windows that must be read before a pace means anything."""

STALLED = 10.0
"""Seconds without a page after which nobody can tell any more."""


class Pace:
    """The pace of one worker at one report; times are seconds of any clock that goes forward."""

    def __init__(self) -> None:
        self._began: tuple[float, float] | None = None
        self._last_page = 0.0
        self._calls = 0

    def seconds_left(self, now: float, *, progress: float, calls: int) -> int | None:
        """Until the reading ends; None before there is a pace, and while nothing arrives.

        Args:
            now: the present.
            progress: the share of the windows that is read, 0 to 1.
            calls: pages that made it up.
        """
        if calls > self._calls:
            self._calls, self._last_page = calls, now
            self._began = self._began or (now, progress)
        if self._began is None or now - self._last_page > STALLED:
            return None
        began_at, began_with = self._began
        done = progress - began_with
        if done < ENOUGH_TO_JUDGE:
            return None
        return round((1 - progress) * (now - began_at) / done)
