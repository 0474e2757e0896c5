"""Reports in Redis: one JSON document each, a list by time, and a message at every change.

Every change looks at the record it changes and is done again if somebody else was quicker, so a
worker and somebody who cancels never write over each other.

A record that this version cannot read, as it may be after a rollback, is nobody's business here: it
is named in the log, and otherwise as if unknown, but what belongs to it stays.
"""

import asyncio
import logging
import secrets
import time
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from redis.asyncio.client import PubSub
from redis.exceptions import TimeoutError as RedisTimeout
from redis.exceptions import WatchError

from shop.errors import AlreadyFinal
from shop.figures.table import REPORT_SECONDS
from shop.reports.record import (
    KEPT,
    REMEMBERED,
    Details,
    Report,
    ReportError,
    State,
)
from shop.rules.window import Asked
from shop.storage import Storage

SHARED = 3600
"""Seconds a queued report may be shared, so that one whose job was lost keeps nobody waiting."""

LEASE = 15
"""Seconds after its last sign of life when a worker counts as dead."""

UNLISTED = 3600
"""Seconds a report stays that only answered a request, after it last changed."""

CONFIRMED_WITHIN = 1.2
"""Seconds that Redis has to confirm a subscription: whoever opens a stream is told within two."""

SILENCE = 60.0
"""Seconds without a message after which Redis is asked whether it is still there."""

MOST_LISTED = 100

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Report).decode
_decode_details = msgspec.json.Decoder(Details).decode

log = logging.getLogger(__name__)


class ReportStore:
    """Keeps the records and tells who listens of every change."""

    def __init__(self, storage: Storage) -> None:
        self._redis = storage.redis
        self._key = storage.key
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
        key = self._waiting(report)
        async with self._redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    await pipe.watch(key)
                    claimed = await pipe.get(key)
                    waiting = await self.get(str(claimed)) if claimed is not None else None
                    if waiting is not None and waiting.state is State.QUEUED:
                        return waiting, False
                    pipe.multi()  # type: ignore[no-untyped-call]
                    pipe.set(key, report.id, ex=SHARED)
                    pipe.set(self._record(report.id), _encode(report), ex=REMEMBERED)
                    pipe.sadd(self._open(), report.id)
                    await pipe.execute()
                except WatchError:
                    continue
                return report, True

    async def show(self, report: Report) -> None:
        """Put the report on the accountant's list; those that only answer a request are not."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.zadd(self._key("reports"), {report.id: report.created_at})
            pipe.expire(self._record(report.id), REMEMBERED)
            pipe.expire(self._key("report-details", report.id), KEPT)
            pipe.publish(self._record(report.id), report.id)
            await pipe.execute()

    async def close_to_newcomers(self, report: Report) -> None:
        """Call before the window's end is read off the clock; see `ask`."""
        await self._redis.delete(self._waiting(report))

    async def cancel(self, report_id: str) -> Report | None:
        """Stop the report; whoever makes it notices within a second. None where it is unknown.

        Raises:
            AlreadyFinal: it is over.
        """

        def stopped(report: Report) -> Report:
            if report.state.is_final:
                raise AlreadyFinal
            return msgspec.structs.replace(
                report,
                state=State.CANCELLED,
                finished_at=time.time(),
                seconds_left=None,
                waits_for_stripe=False,
                holder=None,
            )

        report = await self.change(report_id, stopped)
        if report is not None:
            await self.close_to_newcomers(report)
        return report

    async def fail(self, report_id: str, *, code: str | None, message: str) -> Report | None:
        """The report ended without files, unless it had ended already."""

        def failed(report: Report) -> Report:
            return report if report.state.is_final else failure_of(report, code, message)

        report = await self.change(report_id, failed)
        if report is not None:
            await self.close_to_newcomers(report)
        return report

    async def delete(self, report_id: str) -> bool:
        """Forget the report; whoever makes it notices within a second."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(self._record(report_id), self._key("report-details", report_id))
            pipe.zrem(self._key("reports"), report_id)
            pipe.srem(self._key("reports-open"), report_id)
            pipe.publish(self._record(report_id), report_id)
            deleted = (await pipe.execute())[0]
        return bool(deleted)

    async def get(self, report_id: str) -> Report | None:
        """The report, or None where it is unknown, no longer remembered, or cannot be read."""
        reports, _ = await self._look([report_id])
        return reports[0] if reports else None

    async def details(self, report_id: str) -> Details | None:
        """What a ready report shows beyond its record; None where that is gone or unreadable."""
        document = await self._redis.get(self._key("report-details", report_id))
        if document is None:
            return None
        try:
            return _decode_details(document)
        except msgspec.DecodeError as error:
            log.warning("the details of report %s cannot be read: %s", report_id, error)
            return None

    async def newest(self) -> list[Report]:
        """The reports on the accountant's list, newest first."""
        index = self._key("reports")
        await self._redis.zremrangebyscore(index, "-inf", time.time() - REMEMBERED)
        reports, _ = await self._look(await self._redis.zrevrange(index, 0, MOST_LISTED - 1))
        return reports

    async def listed(self, report_ids: Collection[str]) -> list[Report]:
        """Those of the reports that are on the accountant's list."""
        ids = list(report_ids)
        if not ids:
            return []
        scores = await self._redis.zmscore(self._key("reports"), ids)
        reports, _ = await self._look(
            [name for name, score in zip(ids, scores, strict=True) if score is not None]
        )
        return reports

    async def over(self, report_ids: Collection[str]) -> set[str]:
        """Those of the reports that no worker will touch again."""
        reports, _ = await self._look(report_ids)
        return {report.id for report in reports if report.state.is_final}

    async def with_files(self) -> set[str]:
        """Ids of the reports on the accountant's list whose files must stay."""
        listed = await self._redis.zrange(self._key("reports"), 0, -1)
        reports, unreadable = await self._look(listed)
        ready = {report.id for report in reports if report.state is State.READY}
        return ready | unreadable | await self.open()

    async def open(self) -> set[str]:
        """Ids of the reports that are queued or running."""
        return {str(report_id) for report_id in await self._redis.smembers(self._open())}

    async def abandoned(self) -> list[Report]:
        """Reports of which no worker has shown a sign of life for `LEASE` seconds.

        A queued one may still wait for its turn: the queue knows. Where it does not, its job was
        lost, as when a worker is killed between fetching the job and beginning the report.
        """
        ids = sorted(await self.open())
        reports, unreadable = await self._look(ids)
        unfinished = [report for report in reports if not report.state.is_final]
        for report_id in set(ids) - {report.id for report in unfinished} - unreadable:
            await self._redis.srem(self._open(), report_id)
        return [
            report
            for report in unfinished
            if not self._is_fresh(report) and not await self._redis.exists(self._lease(report.id))
        ]

    async def first_to_requeue(self, report: Report) -> bool:
        """Whether nobody else has queued the abandoned report again within `LEASE` seconds."""
        name = self._key("report-requeued", report.id, str(report.taken))
        return bool(await self._redis.set(name, "1", nx=True, ex=LEASE))

    def _is_fresh(self, report: Report) -> bool:
        """Whether its job may be on its way to the queue at this moment."""
        return report.state is State.QUEUED and time.time() < report.created_at + LEASE

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
            await news.subscribe(self._record(report_id))
            while (report := await self.get(report_id)) is not None:
                yield report
                while await news.get_message(ignore_subscribe_messages=True, timeout=1.0) is None:
                    pass

    async def news(self) -> AsyncGenerator[str | None]:
        """Ids of reports as they change or are deleted. None comes first: now nothing is missed.

        It ends where the connection was lost and made again, for then something may be missed.

        Raises:
            RedisError: Redis is away; also where it is there and says nothing.
        """
        prefix = self._record("")
        is_asked, is_listening = True, False
        async with self._redis.pubsub() as news:
            await news.psubscribe(f"{prefix}*")
            while True:
                message = await _message(news, CONFIRMED_WITHIN if is_asked else SILENCE)
                if message is None and is_asked:
                    raise RedisTimeout("Redis says nothing to whoever listens")
                if message is None:
                    await news.psubscribe(f"{prefix}*")  # which Redis confirms again
                    is_asked = True
                elif message["type"] == "pmessage":
                    yield str(message["channel"]).removeprefix(prefix)
                elif is_asked:
                    is_asked = False
                    if not is_listening:
                        is_listening = True
                        yield None
                else:
                    return

    async def change(
        self, report_id: str, decide: Callable[[Report], Report], *, details: Details | None = None
    ) -> Report | None:
        """Replace the record by what `decide` makes of it; None where `get` would answer so.

        Whatever `decide` raises leaves the record as it is. `/metrics` is told of the report's end.
        """
        key = self._record(report_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            while True:
                try:
                    await pipe.watch(key)
                    document = await pipe.get(key)
                    if document is None:
                        return None
                    is_listed = await pipe.zscore(self._key("reports"), report_id) is not None
                    before = _read(report_id, document)
                    if before is None:
                        return None
                    after = decide(before)
                    if after is before:
                        return before
                    pipe.multi()  # type: ignore[no-untyped-call]
                    pipe.set(key, _encode(after), ex=REMEMBERED if is_listed else UNLISTED)
                    if details is not None:
                        name = self._key("report-details", report_id)
                        pipe.set(name, _encode(details), ex=KEPT if is_listed else UNLISTED)
                    if after.state.is_final:
                        pipe.srem(self._open(), report_id)
                    if after.state.is_final or (before.holder and after.holder is None):
                        pipe.delete(self._lease(report_id))
                    pipe.publish(key, report_id)
                    await pipe.execute()
                except WatchError:
                    continue
                if after.finished_at is not None and not before.state.is_final:
                    seconds = after.finished_at - after.created_at
                    self._figures.took(
                        REPORT_SECONDS, after.kind, after.state.value, seconds=seconds
                    )
                return after

    async def renew_lease(self, report_id: str, holder: str) -> None:
        """A sign of life of the worker that makes the report."""
        await self._redis.set(self._lease(report_id), holder, ex=LEASE)

    async def claim_lease(self, report_id: str, holder: str) -> bool:
        """Whether nobody else makes the report; from now on `holder` does."""
        return bool(await self._redis.set(self._lease(report_id), holder, nx=True, ex=LEASE))

    async def _look(self, report_ids: Collection[object]) -> tuple[list[Report], set[str]]:
        """The reports in the same order, and the ids of those that cannot be read.

        Those that are no longer remembered are left out.
        """
        ids = [str(report_id) for report_id in report_ids]
        if not ids:
            return [], set()
        documents = await self._redis.mget([self._record(report_id) for report_id in ids])
        now = time.time()
        reports, unreadable = [], set()
        for report_id, document in zip(ids, documents, strict=True):
            if document is None:
                continue
            report = _read(report_id, document)
            if report is None:
                unreadable.add(report_id)
            else:
                reports.append(report.as_of(now))
        return reports, unreadable

    def _record(self, report_id: str) -> str:
        return self._key("report", report_id)

    def _lease(self, report_id: str) -> str:
        return self._key("report-lease", report_id)

    def _open(self) -> str:
        return self._key("reports-open")

    def _waiting(self, report: Report) -> str:
        return self._key(
            "report-queued",
            report.kind,
            str(report.window_start),
            str(report.window_end),
            report.timezone,
        )


async def _message(news: PubSub, within: float) -> Any:
    """What comes within so many seconds, or None.

    Looked for twice: this process may be too busy, the first time, to read in time what is there.
    """
    half = within / 2
    return await news.get_message(timeout=half) or await news.get_message(timeout=half)


def _read(report_id: str, document: str | bytes) -> Report | None:
    """The record; None where this version does not know its state, say, or its time zone."""
    try:
        report = _decode(document)
        ZoneInfo(report.timezone)
    except (msgspec.DecodeError, ZoneInfoNotFoundError) as error:
        log.warning("the record of report %s cannot be read: %s", report_id, error)
        return None
    return report


def failure_of(report: Report, code: str | None, message: str) -> Report:
    """The report, failed for this reason."""
    return msgspec.structs.replace(
        report,
        state=State.FAILED,
        finished_at=time.time(),
        seconds_left=None,
        waits_for_stripe=False,
        holder=None,
        error=ReportError(code=code, message=message),
    )
