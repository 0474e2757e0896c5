"""What came in and how it ended: counts, and the peaks that a limiter would have seen."""

from collections import Counter, deque
from typing import Any

NO_ANSWER = "none"
"""Counted as the status of an answer that was never sent."""

SECOND = 1.0


class Traffic:
    """Every call of Stripe's API, those that were refused or lost among them."""

    def __init__(self) -> None:
        self.calls: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self._in_flight = 0
        self._peak_in_flight = 0
        self._peak_per_second = 0
        self._arrivals: deque[float] = deque()

    def arrive(self, endpoint: str, now: float) -> None:
        """A request for ``endpoint`` came in at ``now``, in seconds; it will ``leave``."""
        self.calls[endpoint] += 1
        self._in_flight += 1
        self._peak_in_flight = max(self._peak_in_flight, self._in_flight)
        arrivals = self._arrivals
        arrivals.append(now)
        while arrivals[0] <= now - SECOND:
            arrivals.popleft()
        self._peak_per_second = max(self._peak_per_second, len(arrivals))

    def leave(self) -> None:
        """A request that had arrived is no longer waited for."""
        self._in_flight -= 1

    def reset(self) -> None:
        """Count from zero; what is in flight stays so."""
        for counter in (self.calls, self.statuses, self.faults):
            counter.clear()
        self._peak_in_flight = self._in_flight
        self._peak_per_second = 0
        self._arrivals.clear()

    def summary(self) -> dict[str, Any]:
        """What ``GET /_sandbox/requests`` answers."""
        return {
            "calls": self.calls,
            "statuses": self.statuses,
            "faults": self.faults,
            "peak_in_flight": self._peak_in_flight,
            "peak_per_second": self._peak_per_second,
        }
