"""What each web process counts: its requests, by route and never by address."""

from pathlib import Path

from aiohttp import web
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from server.metrics import files

BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Anything else that a stranger sends is one label together."""


class RequestFigures:
    """The requests of this process, among those of all web processes of the machine.

    Args:
        folder: where they meet.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder if files.use(folder) else None
        self._own = CollectorRegistry()
        self._requests = Counter(
            "ipsum_http_requests",
            "Requests answered.",
            ("method", "route", "status"),
            registry=self._own,
        )
        self._seconds = Histogram(
            "ipsum_http_request_duration_seconds",
            "Time until the answer was ready.",
            ("method", "route"),
            buckets=BOUNDS,
            registry=self._own,
        )
        self._in_progress = Gauge(
            "ipsum_http_requests_in_progress",
            "Requests being answered, streams included.",
            registry=self._own,
            multiprocess_mode="livesum",
        )

    def began(self) -> None:
        """A request is here."""
        self._in_progress.inc()

    def ended(self, method: str, route: str, status: int, seconds: float | None) -> None:
        """It was answered.

        Args:
            route: its template; "" where there is none.
            seconds: None for a stream, which ends when its reader leaves.
        """
        self._in_progress.dec()
        method = method if method in METHODS else "other"
        self._requests.labels(method, route, status).inc()
        if seconds is not None:
            self._seconds.labels(method, route).observe(seconds)

    def registry(self) -> CollectorRegistry:
        """What to show: all web processes of the machine, or this one where they cannot meet."""
        if self._folder is None:
            return self._own
        files.forget_the_dead(self._folder)
        everybody = CollectorRegistry()
        MultiProcessCollector(everybody, str(self._folder))  # type: ignore[no-untyped-call]
        return everybody


REQUEST_FIGURES = web.AppKey("request_figures", RequestFigures)
