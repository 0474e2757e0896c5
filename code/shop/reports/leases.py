"""Who is alive: a worker's lease on the report it makes, and reports on which nobody has one.

A worker renews its lease every second. A killed one says nothing: its lease lapses, and the report
counts as abandoned until another worker holds it (`shop.reports.held`).
"""

import time

from shop.reports.reader import ReportReader
from shop.reports.record import Report, State

LEASE = 15
"""Seconds after its last sign of life when a worker counts as dead."""


async def claim_lease(store: ReportReader, report_id: str, holder: str) -> bool:
    """Whether nobody else makes the report; from now on `holder` does."""
    key = store.keys.lease(report_id)
    return bool(await store.redis.set(key, holder, nx=True, ex=LEASE))


async def renew_lease(store: ReportReader, report_id: str, holder: str) -> None:
    """A sign of life of the worker that makes the report."""
    await store.redis.set(store.keys.lease(report_id), holder, ex=LEASE)


async def abandoned(store: ReportReader) -> list[Report]:
    """Reports of which no worker has shown a sign of life for `LEASE` seconds.

    A queued one may still wait for its turn: the queue knows. Where it does not, its job was
    lost, as when a worker is killed between fetching the job and beginning the report.
    """
    ids = sorted(await store.open())
    reports, unreadable = await store.look_up(ids)
    unfinished = [report for report in reports if not report.state.is_final]
    for report_id in set(ids) - {report.id for report in unfinished} - unreadable:
        await store.redis.srem(store.keys.open, report_id)
    return [
        report
        for report in unfinished
        if not _is_fresh(report) and not await store.redis.exists(store.keys.lease(report.id))
    ]


def _is_fresh(report: Report) -> bool:
    """Whether its job may be on its way to the queue at this moment."""
    return report.state is State.QUEUED and time.time() < report.created_at + LEASE


async def first_to_requeue(store: ReportReader, report: Report) -> bool:
    """Whether nobody else has queued the abandoned report again within `LEASE` seconds."""
    return bool(await store.redis.set(store.keys.requeued(report), "1", nx=True, ex=LEASE))
