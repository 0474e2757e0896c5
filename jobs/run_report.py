"""The job that runs a report of any kind, from its queued record to its files."""

import logging
import secrets
from contextlib import closing, suppress

from redis.exceptions import RedisError
from structlog.contextvars import bind_contextvars

from jobs.catalogue import ANSWER_REPORT, RUN_REPORT
from jobs.make_report import make_report
from jobs.queue import JobQueue
from jobs.stopping import stop_asked
from jobs.tidying import tidy_reports
from shop.errors import ResultsUnavailable, ShopError
from shop.reports.held import HeldReport, LostReport, Stopped, take_up
from shop.reports.kept_parts import parts_of
from shop.reports.record import Report
from shop.reports.results import Results, open_results
from shop.reports.store import ReportStore
from shop.settings import Settings, load
from shop.storage import Storage, open_storage
from shop.stripe_gateway import open_gateway
from shop.stripe_gateway.pager.plan import IncompleteWalk

OUR_FAULT = "Something went wrong on our side while the report was made."
NOT_PROVEN = (
    "Stripe's answers contradicted each other, so the report could not be proven complete. "
    "Please run it again."
)

log = logging.getLogger(__name__)


async def run_report(report_id: str) -> None:
    """Make a queued report, or go on with one whose worker died.

    Every client is made here, after the worker forked, and closed at the end. A report that
    fails for a reason we can name is marked failed; anything else is marked failed and raised,
    so that it shows up in the queue and the log. Without Redis nothing can be marked: the lease
    lapses, and a worker takes the report up again.
    """
    bind_contextvars(report_id=report_id)
    settings = load()
    async with open_storage(settings) as storage:
        store = ReportStore(storage)
        held = await take_up(store, report_id)
        if held is None:
            return
        try:
            results = open_results(settings)
            is_made = await _make(settings, storage, store, held, results)
        except LostReport:
            log.info("report %s was taken away", report_id)
        except RedisError:
            raise
        except ShopError as error:
            log.warning("report %s failed: %s", report_id, error.message)
            await _fail(held, code=error.code, message=error.message)
        except IncompleteWalk as error:
            log.error("report %s failed: %s", report_id, error)
            await _fail(held, code="incomplete", message=NOT_PROVEN)
        except Exception:  # raised again; the record must not say "running" for ever
            await _fail(held, code="internal_error", message=OUR_FAULT)
            await _end(store, settings, report_id)
            raise
        else:
            if is_made:
                await tidy_reports(store, results, settings)
        await _end(store, settings, report_id)


async def _make(
    settings: Settings, storage: Storage, store: ReportStore, held: HeldReport, results: Results
) -> bool:
    """Make the report, unless this process is told to stop: then another one goes on with it."""
    with stop_asked() as stop:
        try:
            async with open_gateway(settings, storage) as gateway:
                await held.while_held(make_report(settings, store, held, gateway, results), stop)
        except Stopped:
            await held.hand_back()
            await _queue_again(settings, store, held.report)
            return False
    return True


async def _queue_again(settings: Settings, store: ReportStore, report: Report) -> None:
    """For whichever worker is next. Were it not queued, a worker would find it all the same."""
    is_listed = bool(await store.listed([report.id]))
    with closing(JobQueue(settings)) as queue:
        job_id = f"{report.id}-{secrets.token_hex(4)}"
        queue.put(RUN_REPORT if is_listed else ANSWER_REPORT, report.id, job_id=job_id)
    log.info("report %s was handed back, as its worker stops", report.id)


async def _fail(held: HeldReport, *, code: str | None, message: str) -> None:
    """The report failed, unless it is in other hands by now: what went wrong here is not theirs."""
    try:
        await held.fail(code=code, message=message)
    except LostReport:
        log.info("report %s was taken away", held.report.id)


async def _end(store: ReportStore, settings: Settings, report_id: str) -> None:
    """A report that ended without files leaves nothing; one that goes on elsewhere is left alone.

    Whoever cancels a report removes its parts at once, and a worker may stumble over that before
    it notices, so it is the record that says how the report ended. What cannot be removed now is
    swept away later.
    """
    report = await store.get(report_id)
    if report is None or (report.state.is_final and not report.files):
        with suppress(ResultsUnavailable):
            results = open_results(settings)
            await results.delete(parts_of(report_id))
            await results.delete(report_id)
