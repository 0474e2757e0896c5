"""When a job fails or its process dies, its report must not say "running" for ever."""

import asyncio
import logging

from rq.job import Job

from jobs.catalogue import RUN_REPORT
from shop.reports.store import ReportStore
from shop.settings import load
from shop.storage import open_storage

log = logging.getLogger(__name__)


def note_death(job: Job) -> None:
    """Mark the job's report failed, unless the job will be run again or the report said why."""
    log.error("job %s did not end well", job.id)
    if job.func_name == RUN_REPORT.function and not job.retries_left:
        asyncio.run(_fail(job.args[0]))


async def _fail(report_id: str) -> None:
    async with open_storage(load()) as storage:
        store = ReportStore(storage)
        report = await store.get(report_id)
        if report is not None and not report.state.is_final:
            await store.fail(
                report,
                code="worker_died",
                message="The process that made the report died. Please queue it again.",
            )
