"""The job that runs a report of any kind, from its queued record to its files."""

import logging
import time
from datetime import UTC, datetime

from jobs.catalogue import REPORT_KINDS
from jobs.report import Outcome, Reading, report_module
from shop.errors import ShopError
from shop.reports.files import ResultFolder
from shop.reports.record import Report, ReportFile
from shop.reports.store import ReportStore
from shop.rules.window import Window, last_36_hours
from shop.settings import Settings, load
from shop.storage import open_storage
from shop.stripe_gateway import open_gateway

UNLISTED_KEPT = 3600
"""Seconds that files stay which are on nobody's list: answered requests, expired reports."""

log = logging.getLogger(__name__)


async def run_report(report_id: str) -> None:
    """Run a queued report, or run it again from the start when a worker died over it.

    Every client is made here, after the worker forked, and closed at the end. A report that
    fails for a reason we can name is marked failed and not tried again; anything else is marked
    failed and raised, so that it shows up in the queue and the log.
    """
    settings = load()
    async with open_storage(settings) as storage:
        store = ReportStore(storage)
        report = await store.get(report_id)
        if report is None or report.state.is_final:
            return
        try:
            await _run(settings, store, report)
        except ShopError as error:
            log.warning("report %s failed: %s", report_id, error.message)
            await store.fail(report, code=error.code, message=error.message)
        except Exception:  # raised again; the record must not say "running" for ever
            await store.fail(
                report,
                code="internal_error",
                message="Something went wrong on our side while the report was made.",
            )
            raise


async def _run(settings: Settings, store: ReportStore, report: Report) -> None:
    await store.close_to_newcomers(report)
    report = await store.start(report, _window(report))
    module = report_module(report.kind)
    folder = ResultFolder(settings.var_dir)
    async with open_gateway(settings) as gateway:
        reading = Reading(gateway, _window(report), lambda r, done: _tell(store, report, r, done))
        with folder.writing(report.id, _file_name(report), module.COLUMNS) as writer:
            outcome = await module.make(reading, writer.write)
            files = writer.finish(outcome.summary)
    await _ready(store, report, reading, outcome, files)
    folder.sweep(await store.listed(), older_than=time.time() - UNLISTED_KEPT)


async def _tell(store: ReportStore, report: Report, reading: Reading, done: float) -> None:
    await store.note_progress(report, progress=done, rows=reading.rows, calls=reading.calls)


async def _ready(
    store: ReportStore,
    report: Report,
    reading: Reading,
    outcome: Outcome,
    files: tuple[ReportFile, ...],
) -> None:
    await store.finish(
        report,
        rows=reading.rows,
        calls=reading.calls,
        summary=dict(outcome.summary),
        answer=outcome.answer,
        files=files,
    )
    log.info(
        "report %s (%s) is ready: %d rows in %d calls",
        report.id,
        REPORT_KINDS[report.kind].title,
        reading.rows,
        reading.calls,
    )


def _window(report: Report) -> Window:
    """The window asked for; without one, the last 36 hours up to this second."""
    if report.window_start is None or report.window_end is None:
        return last_36_hours(int(time.time()))
    return Window(report.window_start, report.window_end)


def _file_name(report: Report) -> str:
    window = _window(report)
    stamps = (datetime.fromtimestamp(s, UTC) for s in (window.start, window.end))
    return "_".join([report.kind, *(stamp.strftime("%Y%m%dT%H%M%SZ") for stamp in stamps)])
