"""Looking out for reports whose worker or job was lost, and queueing them again.

A killed process says nothing. Its report's lease lapses after `shop.reports.leases.LEASE` seconds,
and whichever worker looks next queues the report again; the one that takes it up goes on from the
ranges that were finished (`shop.stripe_gateway.pager`). A report that is queued, but whose job is
in no queue, is as lost: its worker died before it began. A report that is queued once too often
does no harm, as only one worker can hold it.
"""

import asyncio
import logging
import time

from redis.exceptions import RedisError

from jobs.catalogue import ANSWER_REPORT, RUN_REPORT, Job
from jobs.queue import JobQueue
from shop.reports.leases import abandoned, first_to_requeue
from shop.reports.reader import ReportReader
from shop.reports.record import Report
from shop.settings import Settings, load
from shop.storage import open_storage
from worker.due_jobs import DueJobs
from worker.measured import MeasuredWorker

log = logging.getLogger(__name__)


class LookoutWorker(MeasuredWorker):
    """A worker which looks out for more than RQ does when it looks after the queues."""

    _looked_at: float | None = None

    @property
    def should_run_maintenance_tasks(self) -> bool:
        """Whether it is time to look again; RQ would ask the wall clock, which may be set back."""
        if self._looked_at is None:
            return True
        return time.monotonic() - self._looked_at > self.maintenance_interval

    def run_maintenance_tasks(self) -> None:
        """What RQ does, the jobs whose retry is due, and the reports that nobody works on."""
        self._looked_at = time.monotonic()
        super().run_maintenance_tasks()  # type: ignore[no-untyped-call]
        DueJobs(self.queues, self.connection).put()
        try:
            queue_abandoned(load())
        except RedisError as error:
            log.warning("abandoned reports could not be looked for: %s", error)


def queue_abandoned(settings: Settings) -> list[str]:
    """Queue every abandoned report that does not wait already; answers with their ids."""
    queue = JobQueue(settings)
    try:
        waiting = queue.waiting(ANSWER_REPORT.queue, RUN_REPORT.queue)
        found = asyncio.run(_abandoned(settings, waiting))
        for report, job in found:
            log.warning("report %s lost its worker and is queued again", report.id)
            queue.put(job, report.id, job_id=f"{report.id}-{report.taken + 1}")
    finally:
        queue.close()
    return [report.id for report, _ in found]


async def _abandoned(settings: Settings, waiting: set[str]) -> list[tuple[Report, Job]]:
    """Abandoned reports for which no job waits, and the job to queue for each.

    A report that is on nobody's list was asked for by somebody who waits for the answer.
    """
    async with open_storage(settings) as storage:
        store = ReportReader(storage)
        lost = [
            report
            for report in await abandoned(store)
            if not any(_is_for(report, job_id) for job_id in waiting)
            and await first_to_requeue(store, report)
        ]
        listed = {report.id for report in await store.listed([report.id for report in lost])}
    return [(report, RUN_REPORT if report.id in listed else ANSWER_REPORT) for report in lost]


def _is_for(report: Report, job_id: str) -> bool:
    """Whether the job would run the report: a report's id begins the ids of all its jobs."""
    return job_id.startswith(report.id)
