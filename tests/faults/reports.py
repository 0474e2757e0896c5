"""Reports that are asked for past the web server, and held against Stripe row by row."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from redis.exceptions import RedisError

from jobs.catalogue import RUN_REPORT
from jobs.queue import JobQueue
from shop.reports.record import Report, State
from shop.reports.store import ReportStore
from shop.rules.window import Window
from shop.settings import Settings
from shop.storage import open_storage
from tests.faults.stripe_lists import lesson_movements, truth
from tests.faults.tally import Outcome
from tests.integration.conftest import Caller
from tests.stack import Stack

LOOK = 0.05
"""Seconds between two looks at a record."""

DAY = 24 * 3600


@dataclass(frozen=True)
class History:
    """What a report over a window must come to.

    Attributes:
        rows: the balance transactions of lesson money, as Stripe lists them, by id.
        truth: Stripe's own figures, kept apart from its lists.
    """

    window: Window
    rows: dict[str, dict]
    truth: dict[str, int]


async def history_until(stripe: Caller, end: int, days: int = 100) -> History:
    """Everything up to this second, which is over; read without latency."""
    window = Window(end - days * DAY, end)
    rows = await lesson_movements(stripe, window.start, window.end)
    return History(window, rows, await truth(stripe, window.start, window.end))


class Desk:
    """Asks for reports and looks at them, as long as Redis is there; waits where it is away."""

    def __init__(self, settings: Settings, store: ReportStore) -> None:
        self._settings = settings
        self._store = store

    async def ask(self, window: Window, zone: str = "UTC", kind: str = "lesson-totals") -> Report:
        """A report, queued. Reports of one window are parted by their zones."""
        report, is_new = await self._store.ask(kind, window, zone)
        assert is_new
        await self._store.show(report)
        queue = JobQueue(self._settings)
        await asyncio.to_thread(queue.put, RUN_REPORT, report.id, job_id=report.id)
        queue.close()
        return report

    async def look(self, report: Report) -> Report:
        """The report as it is now, or as it was where Redis is away."""
        with suppress(RedisError):
            report = await self._store.get(report.id) or report
        return report

    async def over(self, report: Report, within: float) -> Report:
        """The report once nobody works on it any more."""
        async with asyncio.timeout(within):
            while not report.state.is_final:
                await asyncio.sleep(LOOK)
                report = await self.look(report)
        return report


@asynccontextmanager
async def open_desk(stack: Stack) -> AsyncIterator[Desk]:
    """A desk at this shop's Redis."""
    async with open_storage(stack.settings) as storage:
        yield Desk(stack.settings, ReportStore(storage))


def results_of(stack: Stack) -> Path:
    """The folder in which this shop keeps its results."""
    folder = stack.settings.results
    assert isinstance(folder, Path)
    return folder


def judged(results: Path, report: Report, history: History) -> Outcome:
    """Hold a report that is over against the history: its totals, and its rows id by id.

    Args:
        results: the folder in which its files are.
    """
    if report.state is not State.READY or report.summary is None:
        return Outcome(attempts=1, done=0, lost=1)
    (name,) = [file.name for file in report.files if file.format == "json"]
    return compared((results / report.id / name).read_bytes(), report.summary, history)


def compared(json_file: bytes, summary: dict, history: History) -> Outcome:
    """Hold a finished report against the history."""
    rows = json.loads(json_file)["rows"]
    ids = {row["balance_transaction_id"] for row in rows}
    totals = [summary[name] != value for name, value in history.truth.items()]
    return Outcome(
        attempts=1,
        done=1,
        duplicates=len(rows) - len(ids) + len(ids - history.rows.keys()),
        lost=len(history.rows.keys() - ids),
        wrong=sum(totals) + sum(_differs(row, history) for row in rows),
    )


def _differs(row: dict, history: History) -> bool:
    known = history.rows.get(row["balance_transaction_id"])
    written = (row["gross"], row["fee"], row["net"])
    return known is None or written != (known["amount"], known["fee"], known["net"])
