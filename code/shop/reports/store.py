"""Changing a report's record in Redis, from the moment it is asked for until it is deleted.

Every change looks at the record it changes and is done again if somebody else was quicker, so a
worker and somebody who cancels never write over each other. Each is told on the report's channel
(`shop.reports.listening`).
"""

import secrets
import time
from collections.abc import Callable

from redis.asyncio.client import Pipeline
from redis.exceptions import WatchError

from shop.errors import AlreadyFinal
from shop.figures.table import REPORT_SECONDS
from shop.reports.documents import encoded, read_report
from shop.reports.reader import ReportReader
from shop.reports.record import KEPT, REMEMBERED, Details, Report, State
from shop.rules.window import Asked
from shop.storage import Storage

SHARED = 3600
"""Seconds a queued report may be shared, so that one whose job was lost keeps nobody waiting."""

UNLISTED = 3600
"""Seconds a report stays that only answered a request, after it last changed."""


class ReportStore(ReportReader):
    """Reads the records and changes them."""

    def __init__(self, storage: Storage) -> None:
        super().__init__(storage)
        self._figures = storage.figures

    async def ask(self, kind: str, window: Asked, timezone: str) -> tuple[Report, bool]:
        """A queued report of this kind, window and zone, and whether it is a new one.

        While one like it is still queued it is shared: an end that was left open is fixed only
        when a worker begins, so it is no earlier than now.
        """
        report = Report(
            id=secrets.token_urlsafe(12),
            kind=kind,
            state=State.QUEUED,
            created_at=time.time(),
            timezone=timezone,
            window_start=window.start if window else None,
            window_end=window.end if window else None,
        )
        key = self.keys.queued(report)
        async with self.redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    await pipe.watch(key)
                    claimed = await pipe.get(key)
                    waiting = await self.get(str(claimed)) if claimed is not None else None
                    if waiting is not None and waiting.state is State.QUEUED:
                        return waiting, False
                    pipe.multi()  # type: ignore[no-untyped-call]
                    pipe.set(key, report.id, ex=SHARED)
                    pipe.set(self.keys.record(report.id), encoded(report), ex=REMEMBERED)
                    pipe.sadd(self.keys.open, report.id)
                    await pipe.execute()
                except WatchError:
                    continue
                return report, True

    async def close_to_newcomers(self, report: Report) -> None:
        """Call before the window's end is read off the clock; see `ask`."""
        await self.redis.delete(self.keys.queued(report))

    async def show(self, report: Report) -> None:
        """Put the report on the accountant's list; those that only answer a request are not."""
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.zadd(self.keys.listed, {report.id: report.created_at})
            pipe.expire(self.keys.record(report.id), REMEMBERED)
            pipe.expire(self.keys.details(report.id), KEPT)
            pipe.publish(self.keys.record(report.id), report.id)
            await pipe.execute()

    async def cancel(self, report_id: str) -> Report | None:
        """Stop the report; whoever makes it notices within a second. None where it is unknown.

        Raises:
            AlreadyFinal: it is over.
        """

        def stopped(report: Report) -> Report:
            if report.state.is_final:
                raise AlreadyFinal
            return report.ended(State.CANCELLED, at=time.time())

        report = await self.change(report_id, stopped)
        if report is not None:
            await self.close_to_newcomers(report)
        return report

    async def fail(self, report_id: str, *, code: str | None, message: str) -> Report | None:
        """The report ended without files, unless it had ended already."""

        def failed(report: Report) -> Report:
            return report if report.state.is_final else report.failed(code, message, at=time.time())

        report = await self.change(report_id, failed)
        if report is not None:
            await self.close_to_newcomers(report)
        return report

    async def delete(self, report_id: str) -> bool:
        """Forget the report; whoever makes it notices within a second."""
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.delete(self.keys.record(report_id), self.keys.details(report_id))
            pipe.zrem(self.keys.listed, report_id)
            pipe.srem(self.keys.open, report_id)
            pipe.publish(self.keys.record(report_id), report_id)
            deleted = (await pipe.execute())[0]
        return bool(deleted)

    async def change(
        self, report_id: str, decide: Callable[[Report], Report], *, details: Details | None = None
    ) -> Report | None:
        """Replace the record by what `decide` makes of it; None where `get` would answer so.

        Whatever `decide` raises leaves the record as it is. `/metrics` is told of the report's end.
        """
        key = self.keys.record(report_id)
        async with self.redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    await pipe.watch(key)
                    document = await pipe.get(key)
                    if document is None:
                        return None
                    is_listed = await pipe.zscore(self.keys.listed, report_id) is not None
                    before = read_report(report_id, document)
                    if before is None:
                        return None
                    after = decide(before)
                    if after is before:
                        return before
                    pipe.multi()  # type: ignore[no-untyped-call]
                    self._replace(pipe, before, after, details, is_listed=is_listed)
                    await pipe.execute()
                except WatchError:
                    continue
                self._count_end(before, after)
                return after

    def _replace(
        self,
        pipe: Pipeline,
        before: Report,
        after: Report,
        details: Details | None,
        *,
        is_listed: bool,
    ) -> None:
        """Add to the transaction all that goes with replacing a record by another."""
        key = self.keys.record(before.id)
        pipe.set(key, encoded(after), ex=REMEMBERED if is_listed else UNLISTED)
        if details is not None:
            kept = KEPT if is_listed else UNLISTED
            pipe.set(self.keys.details(before.id), encoded(details), ex=kept)
        if after.state.is_final:
            pipe.srem(self.keys.open, before.id)
        if after.state.is_final or (before.holder and after.holder is None):
            pipe.delete(self.keys.lease(before.id))
        pipe.publish(key, before.id)

    def _count_end(self, before: Report, after: Report) -> None:
        if after.finished_at is None or before.state.is_final:
            return
        seconds = after.finished_at - after.created_at
        self._figures.took(REPORT_SECONDS, after.kind, after.state.value, seconds=seconds)
