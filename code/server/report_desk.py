"""Asking for a report: a record, a job, and somebody alive to run it."""

import asyncio
import logging
import time
from contextlib import suppress

from aiohttp import web
from redis.exceptions import RedisError

from jobs.catalogue import ANSWER_REPORT, RUN_REPORT, Job
from server.access.actor import ACTOR
from server.access.report_kinds import may_see
from server.keys import QUEUE, REPORTS, RESULTS
from shop.errors import (
    AlreadyFinal,
    NoWorker,
    ReportFailed,
    ResultsUnavailable,
    Unavailable,
    UnknownReport,
)
from shop.reports.kept_parts import parts_of
from shop.reports.listening import wait_until_final
from shop.reports.record import Report
from shop.rules.window import Asked

PATIENCE = 300.0
"""Seconds a caller waits for a report that is answered within the request."""

LOOK_AGAIN = 1.0
"""Seconds between two looks whether a worker is still there."""

USUAL_ZONE = "UTC"

NOT_QUEUED = "The report could not be queued. Please ask again."
TOO_LONG = "The report takes longer than expected. Please ask again later."

log = logging.getLogger(__name__)


async def worker_is_alive(app: web.Application, job: Job = RUN_REPORT) -> bool:
    """Whether a worker serves the job's queue now."""
    return await asyncio.to_thread(app[QUEUE].worker_is_alive, job.queue)


async def known_report(request: web.Request) -> Report:
    """The report that the address names.

    Raises:
        UnknownReport: nobody knows it, or not any more, or it is not for whoever asks.
    """
    report = await request.app[REPORTS].get(request.match_info["report_id"])
    if report is None or not may_see(request[ACTOR], report.kind):
        raise UnknownReport
    return report


async def ask_for(
    app: web.Application, kind: str, window: Asked, timezone: str, job: Job = RUN_REPORT
) -> Report:
    """Queue a report, or share one like it that has not begun.

    One that is shared for an answer may wait behind long reports, so it gets an urgent job as
    well: the first to come runs it, the other finds nothing to do.

    Raises:
        NoWorker: nobody would run it.
    """
    if not await worker_is_alive(app, job):
        raise NoWorker
    report, is_new = await app[REPORTS].ask(kind, window, timezone)
    if is_new or job is ANSWER_REPORT:
        job_id = f"{report.id}-{job.queue}"
        try:
            await asyncio.to_thread(app[QUEUE].put_once, job, report.id, job_id=job_id)
        except RedisError:
            if is_new:
                await app[REPORTS].fail(report.id, code="not_queued", message=NOT_QUEUED)
            raise
    return report


async def cancel(app: web.Application, report_id: str) -> Report | None:
    """Stop a report and leave nothing of it; None where it is unknown.

    A worker that makes it notices within a second and clears up too. Where the result store is
    away, the rest is swept away with the next report.

    Raises:
        AlreadyFinal: it is over.
    """
    report = await app[REPORTS].cancel(report_id)
    if report is not None:
        try:
            await _remove_results(app, report_id)
        except ResultsUnavailable as error:
            log.warning("the rest of report %s stays for now: %s", report_id, error.message)
    return report


async def delete(app: web.Application, report: Report) -> None:
    """Forget a report with its files; one that is not over is cancelled first.

    Raises:
        ResultsUnavailable: the files could not be removed; the report is still there.
    """
    with suppress(AlreadyFinal):
        await app[REPORTS].cancel(report.id)
    await _remove_results(app, report.id)
    await app[REPORTS].delete(report.id)


async def _remove_results(app: web.Application, report_id: str) -> None:
    await app[RESULTS].delete(report_id)
    await app[RESULTS].delete(parts_of(report_id))


async def answer_of(app: web.Application, kind: str) -> object:
    """The answer of a report over the last 36 hours, made now.

    Raises:
        NoWorker: no worker, or it went away before the report was ready.
        ReportFailed: the report failed; its own sentence says why.
    """
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        asked = await ask_for(app, kind, None, USUAL_ZONE, ANSWER_REPORT)
        report = await _once_over(app, asked.id, give_up)
        if report is not None and report.error is not None:
            raise ReportFailed(report.error.message, code=report.error.code)
        details = await app[REPORTS].details(asked.id)
        if details is not None:
            return details.answer
        # Somebody else had asked for the same report and then cancelled or deleted it.
    raise Unavailable(TOO_LONG)


async def _once_over(app: web.Application, report_id: str, give_up: float) -> Report | None:
    """The report once it is final; None once it is gone."""
    while time.monotonic() < give_up:
        report = await wait_until_final(app[REPORTS], report_id, seconds=LOOK_AGAIN)
        if report is None or report.state.is_final:
            return report
        if not await worker_is_alive(app, ANSWER_REPORT):
            raise NoWorker
    raise Unavailable(TOO_LONG)
