"""What goes because its time is over: files of reports, old letters, Redis's old file."""

import asyncio
import logging
import shutil
import time
from contextlib import suppress

from redis.exceptions import ResponseError

from jobs.make_report import unfinished
from shop.errors import ResultsUnavailable
from shop.mail.postbox import mail_folder
from shop.reports.kept_parts import parts_of
from shop.reports.reader import ReportReader
from shop.reports.results import Results, open_results
from shop.settings import Settings
from shop.storage import Storage

UNLISTED_KEPT = 3600
"""Seconds that files stay which are on nobody's list: answered requests, deleted reports."""

LETTERS_KEPT = 30 * 24 * 3600
"""Seconds for which letters are kept where no mail server takes them."""

log = logging.getLogger(__name__)


async def tidy_reports(store: ReportReader, results: Results, settings: Settings) -> None:
    """Remove what no report needs any longer: after each report, and at night.

    A worker that dies as its report becomes ready leaves parts, whose report is known to be over.
    A folder is no younger for being written to, so those of open reports are told by their names.

    Raises:
        ResultsUnavailable, RedisError: it cannot be done now.
    """
    for report_id in await store.over(await results.with_parts()):
        await results.delete(parts_of(report_id))
    older_than = time.time() - UNLISTED_KEPT
    kept = await store.with_files()
    await results.sweep(kept, older_than=older_than)
    for folder in unfinished(settings).glob("*"):
        report_id, _, _ = folder.name.rpartition("-")
        with suppress(FileNotFoundError):  # another worker was quicker
            if report_id not in kept and folder.stat().st_mtime < older_than:
                shutil.rmtree(folder, ignore_errors=True)


async def tidy(settings: Settings, storage: Storage) -> None:
    """What is done at night: reports that expired, old letters, and what Redis has on disk.

    Until its append-only file is rewritten, everything that was ever deleted stands in it.

    Raises:
        RedisError: Redis is away.
    """
    try:
        await tidy_reports(ReportReader(storage), open_results(settings), settings)
    except ResultsUnavailable as error:
        log.warning("expired reports could not be removed: %s", error.message)
    await _remove_old_letters(settings)
    await _rewrite_file(storage)


async def _remove_old_letters(settings: Settings) -> None:
    until = time.time() - LETTERS_KEPT
    try:
        removed = await asyncio.to_thread(mail_folder(settings).remove_until, until)
    except OSError as error:
        log.warning("old letters could not be removed: %s", error.strerror)
    else:
        log.info("%d old letters were removed", removed)


async def _rewrite_file(storage: Storage) -> None:
    persistence = await storage.redis.info("persistence")
    if not persistence.get("aof_enabled"):
        return
    try:
        await storage.redis.bgrewriteaof()
    except ResponseError as error:  # under way already, or not for us to ask of a managed Redis
        log.info("Redis does not rewrite its file now: %s", error)
