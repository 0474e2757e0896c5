"""Making a report that a worker holds: read, write, put the files in place, say so."""

import asyncio
import logging
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from redis.exceptions import RedisError

from jobs.catalogue import REPORT_KINDS
from jobs.pace import Pace
from jobs.reading import Reading
from jobs.report import Outcome, ReportModule, report_module
from shop.errors import ResultsUnavailable
from shop.reports.held import HeldReport
from shop.reports.kept_parts import parts_of
from shop.reports.record import Details
from shop.reports.results import Results
from shop.reports.store import ReportStore
from shop.reports.summary import short
from shop.reports.writing.disk import full_disk_named
from shop.reports.writing.report_writer import ReportWriter, writing
from shop.rules.window import Window
from shop.settings import Settings
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.client import API_VERSION
from shop.tasks import end

LAST_SECOND = 1.0
"""How long the end of a window may be waited for. One that ends later was fixed by a fast clock."""

TOLD_EVERY = 0.5
"""Seconds between two notes of how far a report is."""

NO_PLACE = "The place where files are written before they are kept cannot be used."

log = logging.getLogger(__name__)


async def make_report(
    settings: Settings,
    store: ReportStore,
    held: HeldReport,
    gateway: StripeGateway,
    results: Results,
) -> None:
    """Make the report, or go on from the ranges of its lists that are finished.

    Raises:
        ShopError: Stripe, Redis or the result store failed for a reason we can name.
        IncompleteWalk: Stripe's answers contradict each other.
        LostReport: see `shop.reports.held`.
    """
    report = held.report
    module = report_module(report.kind)
    await store.close_to_newcomers(report)
    window = report.window_at(int(time.time()))
    await held.start(window, version=f"{report.kind}.{module.VERSION}", api_version=API_VERSION)
    await asyncio.sleep(min(window.end + 1 - time.time(), LAST_SECOND))  # until that is over
    reading = Reading(
        gateway=gateway,
        results=results,
        report_id=report.id,
        window=window,
        zone=ZoneInfo(report.timezone),
        domain=settings.domain,
        listings=len(module.LISTINGS),
    )
    title = REPORT_KINDS[report.kind].title
    with (
        _folder(unfinished(settings) / f"{report.id}-{report.taken}") as folder,
        writing(folder, _file_name(report.kind, window), module.COLUMNS, title) as writer,
    ):
        outcome = await _while_told(held, reading, module, writer)
        summary = {**outcome.summary, "window": _shown(window, reading.zone)}
        files = await asyncio.to_thread(writer.finish, summary)
        for file in files:
            await results.put_file(f"{report.id}/{file.name}", folder / file.name)
    await held.finish(
        rows=reading.rows,
        calls=reading.calls,
        summary=short(summary),
        details=Details(summary=summary, preview=writer.preview, answer=outcome.answer),
        files=files,
    )
    log.info(
        "report %s (%s) is ready: %d rows in %d calls",
        report.id,
        title,
        reading.rows,
        reading.calls,
    )
    await results.delete(parts_of(report.id))


def unfinished(settings: Settings) -> Path:
    """Where files lie on this machine while they are written."""
    return settings.var_dir / "unfinished"


async def _while_told(
    held: HeldReport, reading: Reading, module: ReportModule, writer: ReportWriter
) -> Outcome:
    """Make the report and say how far it is meanwhile."""
    telling = asyncio.create_task(_tell(held, reading))
    try:
        return await module.make(reading, writer.write)
    finally:
        await end([telling])


async def _tell(held: HeldReport, reading: Reading) -> None:
    pace = Pace()
    while True:
        await asyncio.sleep(TOLD_EVERY)
        progress, calls = reading.progress, reading.calls
        left = pace.seconds_left(time.monotonic(), progress=progress, calls=calls)
        try:
            await held.tell(
                progress=progress,
                rows=reading.rows,
                calls=calls,
                seconds_left=left,
                waits_for_stripe=reading.waits_for_stripe,
            )
        except RedisError as error:
            log.warning("report %s: progress was not noted: %s", reading.report_id, error)


@contextmanager
def _folder(folder: Path) -> Iterator[Path]:
    """A new folder, for a while.

    Raises:
        ResultsUnavailable: it cannot be made, or nothing can be opened in it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    try:
        with full_disk_named():
            folder.mkdir(parents=True)
            yield folder
    except OSError as error:
        if not _is_about(folder, error):
            raise
        log.warning("unfinished files cannot be written: %s", error)
        raise ResultsUnavailable(NO_PLACE) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _is_about(folder: Path, error: OSError) -> bool:
    """Whether it names the folder, one that it lies in, or something inside it."""
    if error.filename is None:
        return False
    path = Path(error.filename)
    return path in folder.parents or path.is_relative_to(folder)


def _file_name(kind: str, window: Window) -> str:
    stamps = (datetime.fromtimestamp(second, UTC) for second in (window.start, window.end))
    return "_".join([kind, *(stamp.strftime("%Y%m%dT%H%M%SZ") for stamp in stamps)])


def _shown(window: Window, zone: ZoneInfo) -> dict[str, str]:
    """The window as files show it, in UTC and in the reader's zone."""
    first, last = (datetime.fromtimestamp(second, UTC) for second in (window.start, window.end))
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "timezone": zone.key,
        "from_local": first.astimezone(zone).isoformat(),
        "to_local": last.astimezone(zone).isoformat(),
    }
