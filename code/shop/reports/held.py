"""A report in the hands of one worker: what it may write, as long as nobody took it away.

A worker holds a report by a token in the record and a lease that it renews every second. A report
that is cancelled or deleted, or taken up by another worker because this one was silent for too
long, is lost: the next write says so, and whoever lost it stops and leaves nothing behind.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import msgspec
from redis.exceptions import RedisError

from shop.reports.leases import LEASE, claim_lease, renew_lease
from shop.reports.record import Details, Report, ReportFile, State
from shop.reports.store import ReportStore
from shop.rules.window import Window
from shop.tasks import end

SIGN_OF_LIFE = 1.0
"""Seconds between two signs; so long it takes at most until a cancelled report stops."""

MOST_WORKERS = 5
"""Workers that may die over one report before it counts as failed."""

log = logging.getLogger(__name__)

Answer = TypeVar("Answer")


class LostReport(Exception):
    """The report was cancelled, deleted, or taken up by another worker."""


class Stopped(Exception):
    """The process was told to stop before the report was ready."""


class HeldReport:
    """One report, held."""

    def __init__(self, store: ReportStore, report: Report, holder: str) -> None:
        self._store = store
        self._holder = holder
        self._is_ending = False
        self.report = report

    async def start(self, window: Window, *, version: str, api_version: str) -> None:
        """Fix the window and begin, or go on where another worker stopped.

        Raises:
            LostReport: see the module; so do all methods that write.
        """
        await self._write(
            state=State.RUNNING,
            started_at=self.report.started_at or time.time(),
            window_start=window.start,
            window_end=window.end,
            version=version,
            api_version=api_version,
        )

    async def tell(
        self,
        *,
        progress: float,
        rows: int,
        calls: int,
        seconds_left: int | None,
        waits_for_stripe: bool,
    ) -> None:
        """Say how far it is, and whether it can go on."""
        await self._write(
            progress=progress,
            rows=rows,
            calls=calls,
            seconds_left=seconds_left,
            waits_for_stripe=waits_for_stripe,
        )

    async def finish(
        self,
        *,
        rows: int,
        calls: int,
        summary: dict[str, object],
        details: Details,
        files: tuple[ReportFile, ...],
    ) -> None:
        """The files are in place: the report is ready. What follows is done in peace."""
        self._is_ending = True
        await self._change(
            lambda report: report.ended(
                State.READY,
                at=time.time(),
                progress=1.0,
                rows=rows,
                calls=calls,
                summary=summary,
                files=files,
            ),
            details,
        )

    async def fail(self, *, code: str | None, message: str) -> None:
        """It ended without files."""
        await self._change(lambda report: report.failed(code, message, at=time.time()))
        await self._store.close_to_newcomers(self.report)

    async def hand_back(self) -> None:
        """Let the next worker go on at once. Nobody died over it, so it does not count as taken."""
        await self._change(
            lambda report: msgspec.structs.replace(report, holder=None, taken=report.taken - 1)
        )

    async def while_held(self, work: Coroutine[Any, Any, Answer], stop: asyncio.Event) -> Answer:
        """Do the work and give signs of life; the work is cancelled once the report is lost.

        Raises:
            Stopped: `stop` was set, and the report was not ready yet.
        """
        working = asyncio.create_task(work)
        living = asyncio.create_task(self._live())
        stopping = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({working, living, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done() and not self._is_ending:
                if stopping.done():
                    raise Stopped
                living.result()
            return await working
        finally:
            await end([working, living, stopping])

    async def _live(self) -> None:
        """Renew the lease until the report ends; a Redis that is away for a bit stops nothing."""
        silent_since = time.monotonic()
        while not self._is_ending:
            try:
                await self._check()
                await renew_lease(self._store, self.report.id, self._holder)
                silent_since = time.monotonic()
            except RedisError as error:
                if time.monotonic() - silent_since > LEASE:
                    raise LostReport from error
                log.warning("report %s: no sign of life was left: %s", self.report.id, error)
            await asyncio.sleep(SIGN_OF_LIFE)

    async def _check(self) -> None:
        report = await self._store.get(self.report.id)
        is_ours = report is not None and report.holder == self._holder
        if not is_ours and not self._is_ending:
            raise LostReport

    async def _write(self, **changes: Any) -> None:
        await self._change(lambda report: msgspec.structs.replace(report, **changes))

    async def _change(
        self, make: Callable[[Report], Report], details: Details | None = None
    ) -> None:
        def decide(report: Report) -> Report:
            if report.holder != self._holder:
                raise LostReport
            return make(report)

        after = await self._store.change(self.report.id, decide, details=details)
        if after is None:
            raise LostReport
        self.report = after


async def take_up(store: ReportStore, report_id: str) -> HeldReport | None:
    """Hold a queued report, or one whose worker died; None where there is nothing to do."""
    holder = secrets.token_hex(8)
    if not await claim_lease(store, report_id, holder):
        return None

    def held(report: Report) -> Report:
        if report.state.is_final:
            return report
        if report.taken == MOST_WORKERS:
            return report.failed(
                "worker_died",
                "The processes that made the report died, one after the other. "
                "Please queue it again.",
                at=time.time(),
            )
        return msgspec.structs.replace(report, holder=holder, taken=report.taken + 1)

    report = await store.change(report_id, held)
    if report is None or report.holder != holder:
        return None
    return HeldReport(store, report, holder)
