"""Reports in Redis: one JSON document each, a list by time, and a message at every change."""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from shop.reports.record import Report, ReportError, ReportFile, State
from shop.rules.window import Window
from shop.storage import Storage

KEPT = 7 * 24 * 3600
"""Seconds a report and its files are kept."""

SHARED = 60
"""Seconds a queued report may be shared, so that one whose job was lost keeps nobody waiting."""

MOST_LISTED = 100

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Report).decode


class ReportStore:
    """Keeps the records and tells who listens of every change."""

    def __init__(self, storage: Storage) -> None:
        self._redis = storage.redis
        self._key = storage.key

    async def queue(self, kind: str, window: Window | None) -> tuple[Report, bool]:
        """A queued report of this kind and window, and whether it is a new one.

        While one like it is still queued it is shared: its window is fixed only when a worker
        begins, so it ends no earlier than now.
        """
        report = Report(
            id=secrets.token_urlsafe(12),
            kind=kind,
            state=State.QUEUED,
            created_at=time.time(),
            window_start=window.start if window else None,
            window_end=window.end if window else None,
        )
        waiting = await self._like(report)
        if waiting is not None:
            return waiting, False
        await self._save(report)
        return report, True

    async def show(self, report: Report) -> None:
        """Put the report on the accountant's list; those that only answer a request are not."""
        await self._redis.zadd(self._key("reports"), {report.id: report.created_at})

    async def _like(self, report: Report) -> Report | None:
        """A queued report of the same kind and window; without one, this one is it from now on."""
        key = self._queued_key(report)
        while not await self._redis.set(key, report.id, nx=True, ex=SHARED):
            claimed = await self._redis.get(key)
            waiting = await self.get(str(claimed)) if claimed is not None else None
            if waiting is not None and waiting.state is State.QUEUED:
                return waiting
            await self._redis.delete(key)
        return None

    async def start(self, report: Report, window: Window) -> Report:
        """Fix the window and begin. From here on nobody new shares the report."""
        return await self._save(
            msgspec.structs.replace(
                report,
                state=State.RUNNING,
                started_at=time.time(),
                window_start=window.start,
                window_end=window.end,
                progress=0.0,
                rows=0,
                calls=0,
            )
        )

    async def close_to_newcomers(self, report: Report) -> None:
        """Call before the window's end is read off the clock; see `queue`."""
        await self._redis.delete(self._queued_key(report))

    async def note_progress(
        self, report: Report, *, progress: float, rows: int, calls: int
    ) -> None:
        """Say how far a running report is."""
        await self._save(msgspec.structs.replace(report, progress=progress, rows=rows, calls=calls))

    async def finish(
        self,
        report: Report,
        *,
        rows: int,
        calls: int,
        summary: dict[str, object],
        answer: object,
        files: tuple[ReportFile, ...],
    ) -> Report:
        """The files are in place: the report is ready."""
        return await self._save(
            msgspec.structs.replace(
                report,
                state=State.READY,
                finished_at=time.time(),
                progress=1.0,
                rows=rows,
                calls=calls,
                summary=summary,
                answer=answer,
                files=files,
            )
        )

    async def fail(self, report: Report, *, code: str | None, message: str) -> Report:
        """The report ended without files."""
        await self.close_to_newcomers(report)
        return await self._save(
            msgspec.structs.replace(
                report,
                state=State.FAILED,
                finished_at=time.time(),
                error=ReportError(code=code, message=message),
            )
        )

    async def get(self, report_id: str) -> Report | None:
        """The report, or None where it is unknown or no longer kept."""
        document = await self._redis.get(self._key("report", report_id))
        return _decode(document) if document is not None else None

    async def newest(self) -> list[Report]:
        """The reports on the accountant's list that are still kept, newest first."""
        index = self._key("reports")
        await self._redis.zremrangebyscore(index, "-inf", time.time() - KEPT)
        ids = await self._redis.zrevrange(index, 0, MOST_LISTED - 1)
        if not ids:
            return []
        documents = await self._redis.mget([self._key("report", str(name)) for name in ids])
        return [_decode(document) for document in documents if document is not None]

    async def listed(self) -> set[str]:
        """Ids of the reports on the accountant's list that are still kept."""
        recent = await self._redis.zrangebyscore(self._key("reports"), time.time() - KEPT, "+inf")
        return {str(report_id) for report_id in recent}

    async def wait(self, report_id: str, *, seconds: float) -> Report | None:
        """The report once it is final, or as it stands when the time is up."""
        report: Report | None = None
        try:
            async with asyncio.timeout(seconds), aclosing(self.changes(report_id)) as changes:
                async for report in changes:
                    if report.state.is_final:
                        break
        except TimeoutError:
            pass
        return report

    async def changes(self, report_id: str) -> AsyncGenerator[Report]:
        """The report as it is, and again each time it changes, until it is gone."""
        async with self._redis.pubsub() as news:
            await news.subscribe(self._key("report", report_id))
            while (report := await self.get(report_id)) is not None:
                yield report
                while await news.get_message(ignore_subscribe_messages=True, timeout=1.0) is None:
                    pass

    async def _save(self, report: Report) -> Report:
        key = self._key("report", report.id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(key, _encode(report), ex=KEPT)
            pipe.publish(key, report.state.value)
            await pipe.execute()
        return report

    def _queued_key(self, report: Report) -> str:
        return self._key(
            "report-queued", report.kind, str(report.window_start), str(report.window_end)
        )
