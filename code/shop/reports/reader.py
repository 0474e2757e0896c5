"""Looking reports up in Redis: one by its id, the accountant's list, and sets of them for upkeep.

Nothing in here changes a record; `shop.reports.store` does.
"""

import time
from collections.abc import Collection

from shop.reports.documents import read_details, read_report
from shop.reports.keys import ReportKeys
from shop.reports.record import REMEMBERED, Details, Report, State
from shop.storage import Storage

MOST_LISTED = 100


class ReportReader:
    """Reads the records. All methods raise `RedisError` where Redis is away.

    Attributes:
        redis, keys: for the modules beside this one, which keep more than records there.
    """

    def __init__(self, storage: Storage) -> None:
        self.redis = storage.redis
        self.keys = ReportKeys(storage)

    async def get(self, report_id: str) -> Report | None:
        """The report, or None where it is unknown, no longer remembered, or cannot be read."""
        reports, _ = await self.look_up([report_id])
        return reports[0] if reports else None

    async def details(self, report_id: str) -> Details | None:
        """What a ready report shows beyond its record; None where that is gone or unreadable."""
        document = await self.redis.get(self.keys.details(report_id))
        return None if document is None else read_details(report_id, document)

    async def newest(self) -> list[Report]:
        """The reports on the accountant's list, newest first; at most `MOST_LISTED`."""
        await self.redis.zremrangebyscore(self.keys.listed, "-inf", time.time() - REMEMBERED)
        ids = await self.redis.zrevrange(self.keys.listed, 0, MOST_LISTED - 1)
        reports, _ = await self.look_up(ids)
        return reports

    async def listed(self, report_ids: Collection[str]) -> list[Report]:
        """Those of the reports that are on the accountant's list."""
        ids = list(report_ids)
        if not ids:
            return []
        scores = await self.redis.zmscore(self.keys.listed, ids)
        reports, _ = await self.look_up(
            [name for name, score in zip(ids, scores, strict=True) if score is not None]
        )
        return reports

    async def over(self, report_ids: Collection[str]) -> set[str]:
        """Those of the reports that no worker will touch again."""
        reports, _ = await self.look_up(report_ids)
        return {report.id for report in reports if report.state.is_final}

    async def open(self) -> set[str]:
        """Ids of the reports that are queued or running."""
        return {str(report_id) for report_id in await self.redis.smembers(self.keys.open)}

    async def with_files(self) -> set[str]:
        """Ids of the reports whose files must stay, or are being written."""
        listed = await self.redis.zrange(self.keys.listed, 0, -1)
        reports, unreadable = await self.look_up(listed)
        ready = {report.id for report in reports if report.state is State.READY}
        return ready | unreadable | await self.open()

    async def look_up(self, report_ids: Collection[object]) -> tuple[list[Report], set[str]]:
        """The reports in the same order, and the ids of those that cannot be read.

        Those that are no longer remembered are left out.
        """
        ids = [str(report_id) for report_id in report_ids]
        if not ids:
            return [], set()
        documents = await self.redis.mget([self.keys.record(report_id) for report_id in ids])
        now = time.time()
        reports, unreadable = [], set()
        for report_id, document in zip(ids, documents, strict=True):
            if document is None:
                continue
            report = read_report(report_id, document)
            if report is None:
                unreadable.add(report_id)
            else:
                reports.append(report.as_of(now))
        return reports, unreadable
