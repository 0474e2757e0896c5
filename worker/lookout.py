"""Looking out for reports whose worker or job was lost, and queueing them again.

A killed process says nothing. Its report's lease lapses after `shop.reports.store.LEASE` seconds,
and whichever worker looks next queues the report again; the one that takes it up goes on from the
ranges that were finished (`shop.stripe_gateway.pager`). A report that is queued, but whose job is
in no queue, is as lost: its worker died before it began. A report that is queued once too often
does no harm, as only one worker can hold it.
"""

import asyncio
import logging

from redis.exceptions import RedisError

from jobs.catalogue import RUN_REPORT
from jobs.queue import JobQueue
from shop.reports.store import ReportStore
from shop.settings import Settings, load
from shop.storage import open_storage
from worker.patient import PatientWorker

log = logging.getLogger(__name__)


class LookoutWorker(PatientWorker):
    """A worker which also looks out for abandoned reports when it looks after the queues."""

    def run_maintenance_tasks(self) -> None:
        """What RQ does, and the reports that nobody works on."""
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]
        try:
            queue_abandoned(load())
        except RedisError as error:
            log.warning("abandoned reports could not be looked for: %s", error)


def queue_abandoned(settings: Settings) -> list[str]:
    """Queue every abandoned report that does not wait already; answers with their ids."""
    queue = JobQueue(settings)
    try:
        found = asyncio.run(_abandoned(settings, queue.waiting(RUN_REPORT.queue)))
        for report_id, job_id in found.items():
            log.warning("report %s lost its worker and is queued again", report_id)
            queue.put(RUN_REPORT, report_id, job_id=job_id)
    finally:
        queue.close()
    return list(found)


async def _abandoned(settings: Settings, waiting: set[str]) -> dict[str, str]:
    """The job to queue for each abandoned report of which none is waiting."""
    async with open_storage(settings) as storage:
        store = ReportStore(storage)
        jobs = [(report, f"{report.id}-{report.taken + 1}") for report in await store.abandoned()]
        return {
            report.id: job_id
            for report, job_id in jobs
            if not waiting & {report.id, job_id} and await store.first_to_requeue(report)
        }
