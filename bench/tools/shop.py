"""A copy of the shop to measure: Redis, sandbox, worker and web server, a process each.

Reports go the real road: a record, the queue, the worker, the result store.
"""

import asyncio
import json
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.tools.children import MemoryWatch, children, cpu_of_ended_children
from bench.tools.client import Client
from bench.tools.probed_web import LATENESS
from jobs.catalogue import RUN_REPORT
from jobs.queue import JobQueue
from shop.reports.listening import wait_until_final
from shop.reports.record import Report, State
from shop.reports.store import ReportStore
from shop.rules.window import Window
from shop.storage import open_storage
from tests.stack import Stack, open_stack

KIND = "lesson-totals"
ZONE = "America/New_York"

PATIENCE = 3600.0
"""Seconds a report may take."""

LIVE_LIMITS = {"per_endpoint": 25, "total": 100, "mode": "live"}
"""Stripe's for a live account (https://docs.stripe.com/rate-limits)."""

LATENCY = {"base_ms": 250, "jitter": 0.2, "per_object_ms": 0}
"""An answer takes 0.2 to 0.3 seconds."""

LIVE = {"STRIPE_RATE_TOTAL": "100", "STRIPE_RATE_PER_ENDPOINT": "25"}
"""The shop's settings for such an account; a key of the sandbox alone would mean test mode."""


@dataclass(frozen=True)
class Made:
    """A report that is ready.

    Attributes:
        seconds: from asking for it until it was ready, with all its files.
        cpu: seconds of processor time of the process that made it.
        mb_peak: the most memory that this process had.
        folder: where its files are.
    """

    report: Report
    seconds: float
    cpu: float
    mb_peak: float
    folder: Path

    @property
    def csv(self) -> Path:
        """The file with a line for each row."""
        return next(self.folder / file.name for file in self.report.files if file.format == "csv")


class Shop:
    """The running copy. Its account is empty at first."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    @property
    def stripe(self) -> Client:
        """A new connection to the sandbox; old ones are closed when they were idle for long."""
        return Client(self.stack.settings.sandbox_port)

    @property
    def web(self) -> Client:
        """A new connection to the web server."""
        return Client(self.stack.settings.port)

    @property
    def worker(self) -> int:
        """The worker's process id."""
        return self.stack.processes["worker"].pid

    def lateness(self) -> list[float]:
        """How late the event loop of the probed web server was since this was last asked for.

        In seconds, one number for every `bench.tools.probed_web.EVERY`.
        """
        noted = self.web.get(LATENESS)
        return [float(each) for each in json.loads(noted)]

    def be_live(self) -> None:
        """From now on the sandbox takes the time that Stripe takes, and keeps its live limits."""
        stripe = self.stripe
        stripe.control("latency", LATENCY)
        stripe.control("limits", LIVE_LIMITS)
        stripe.control("requests/reset", {})

    def be_quick(self) -> None:
        """No latency and no limits again."""
        stripe = self.stripe
        stripe.control("latency", {"profile": "none"})
        stripe.control("limits", {})

    def report(self, window: Window) -> Made:
        """Have the lesson totals made.

        Raises:
            RuntimeError: it is not ready with three files.
        """
        before = cpu_of_ended_children(self.worker)
        watch = MemoryWatch(self.worker)
        watch.start()
        began = time.perf_counter()
        report = asyncio.run(self._queued(window))
        seconds = time.perf_counter() - began
        self._wait_until_idle()
        mb_peak = watch.stop()
        if report is None or report.state is not State.READY or len(report.files) != 3:
            raise RuntimeError(f"no report: {report}\n{self.stack.log('worker')[-3000:]}")
        cpu = cpu_of_ended_children(self.worker) - before
        return Made(report, seconds, cpu, mb_peak, self._results / report.id)

    def forget(self, made: Made) -> None:
        """Make room on the disk."""
        shutil.rmtree(made.folder)

    async def _queued(self, window: Window) -> Report | None:
        queue = JobQueue(self.stack.settings)
        async with open_storage(self.stack.settings) as storage:
            store = ReportStore(storage)
            report, _ = await store.ask(KIND, window, ZONE)
            await store.show(report)
            queue.put(RUN_REPORT, report.id, job_id=report.id)
            done = await wait_until_final(store, report.id, seconds=PATIENCE)
        queue.close()
        return done

    @property
    def _results(self) -> Path:
        place = self.stack.settings.results
        if not isinstance(place, Path):
            raise RuntimeError("RESULTS_URL must be a folder for this bench.")
        return place

    def _wait_until_idle(self) -> None:
        while children(self.worker):
            time.sleep(0.01)


@contextmanager
def open_shop(
    environment: Mapping[str, str], *, web: bool = False, probed: bool = False
) -> Iterator[Shop]:
    """A copy of the shop with these settings, for as long as the context lasts.

    Args:
        web: whether a web server is wanted.
        probed: whether it is to note how late its event loop is, see `Shop.lateness`.
    """
    with (
        tempfile.TemporaryDirectory() as folder,
        open_stack(Path(folder), students=0, payments=0) as stack,
    ):
        stack.environment |= environment
        stack.start("worker")
        if probed:
            stack.commands["web"] = ("-m", "bench.tools.probed_web")
        if web:
            stack.start("web")
        shop = Shop(stack)
        shop.report(Window(0, 1))  # what a worker does when it starts is over after its first
        yield shop
