"""Asking for a report: a record, a job, and somebody alive to run it."""

import asyncio
import time

from aiohttp import web
from redis.exceptions import RedisError

from jobs.catalogue import RUN_REPORT
from server.keys import QUEUE, REPORTS
from shop.errors import NoWorker, ReportFailed, Unavailable
from shop.reports.record import Report, State
from shop.rules.window import Window

PATIENCE = 300.0
"""Seconds a caller waits for a report that is answered within the request."""

NOT_QUEUED = "The report could not be queued. Please ask again."

LOOK_AGAIN = 1.0
"""Seconds between two looks whether a worker is still there."""


async def worker_is_alive(app: web.Application) -> bool:
    """Whether a worker could run a report now."""
    return await asyncio.to_thread(app[QUEUE].worker_is_alive, RUN_REPORT.queue)


async def ask_for(app: web.Application, kind: str, window: Window | None) -> Report:
    """Queue a report, or share one like it that has not begun.

    Raises:
        NoWorker: nobody would run it.
    """
    if not await worker_is_alive(app):
        raise NoWorker
    report, is_new = await app[REPORTS].queue(kind, window)
    if is_new:
        try:
            await asyncio.to_thread(app[QUEUE].put, RUN_REPORT, report.id, job_id=report.id)
        except RedisError:
            await app[REPORTS].fail(report, code="not_queued", message=NOT_QUEUED)
            raise
    return report


async def answer_of(app: web.Application, kind: str) -> object:
    """The answer of a report over the last 36 hours, made now.

    Raises:
        NoWorker: no worker, or it went away before the report was ready.
        ReportFailed: the report failed; its own sentence says why.
    """
    asked = await ask_for(app, kind, None)
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        report = await app[REPORTS].wait(asked.id, seconds=LOOK_AGAIN)
        if report is None:
            break
        if report.state is State.READY:
            return report.answer
        if report.error is not None:
            raise ReportFailed(report.error.message, code=report.error.code)
        if not await worker_is_alive(app):
            raise NoWorker
    raise Unavailable("The report takes longer than expected. Please ask again later.")
