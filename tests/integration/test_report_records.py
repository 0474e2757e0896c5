"""The record of a report in Redis: who may write what, and who wins when two want to."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import msgspec
import pytest

from jobs import run_report
from shop.errors import AlreadyFinal, ResultsUnavailable
from shop.figures.fields import read
from shop.figures.table import REPORT_SECONDS
from shop.reports.held import MOST_WORKERS, SIGN_OF_LIFE, HeldReport, LostReport, take_up
from shop.reports.leases import abandoned, first_to_requeue
from shop.reports.listening import changes
from shop.reports.record import KEPT, Details, Report, ReportFile, State
from shop.reports.store import ReportStore
from shop.rules.window import Window
from shop.storage import Storage, open_storage
from tests.integration.conftest import Caller
from tests.stack import Stack, open_stack

WINDOW = Window(1_700_000_000, 1_700_003_600)
FILE = ReportFile(format="csv", name="a.csv", bytes=3, sha256="abc")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop without a worker, which would take up what a test abandons."""
    with open_stack(tmp_path_factory.mktemp("records"), students=0, payments=0) as running:
        running.start("web")
        yield running


@pytest.fixture
async def storage(stack: Stack) -> AsyncIterator[Storage]:
    async with open_storage(stack.settings) as opened:
        yield opened


@pytest.fixture
def store(storage: Storage) -> ReportStore:
    return ReportStore(storage)


async def asked(store: ReportStore) -> Report:
    """A report like no other."""
    report, is_new = await store.ask(f"nobody-{uuid4()}", WINDOW, "UTC")
    assert is_new
    return report


async def held_by_us(store: ReportStore, report: Report) -> HeldReport:
    held = await take_up(store, report.id)
    assert held is not None
    return held


async def begin(held: HeldReport) -> None:
    await held.start(WINDOW, version="nobody.1", api_version="2026-10-28.endive")


async def finish(held: HeldReport) -> None:
    await held.finish(
        rows=5, calls=1, summary={}, details=Details(summary={}, preview={}), files=(FILE,)
    )


async def forget_worker(storage: Storage, report: Report) -> None:
    """What happens by itself some seconds after a worker was killed."""
    await storage.redis.delete(storage.key("report-lease", report.id))


async def test_a_queued_report_is_shared_until_it_begins(store: ReportStore):
    """Its window is fixed only then, so it ends after every one of its callers came."""
    kind = f"nobody-{uuid4()}"
    first, is_new = await store.ask(kind, None, "UTC")
    assert is_new
    assert await store.ask(kind, None, "UTC") == (first, False)
    assert (await store.ask(kind, None, "Asia/Tokyo"))[1]
    await store.close_to_newcomers(first)
    second, is_new = await store.ask(kind, None, "UTC")
    assert (is_new, second.id != first.id) == (True, True)


async def test_one_worker_holds_a_report(store: ReportStore):
    """The same job run twice at once makes one report."""
    report = await asked(store)
    hands = await asyncio.gather(*(take_up(store, report.id) for _ in range(5)))
    assert len([held for held in hands if held is not None]) == 1


async def test_the_road_to_ready(store: ReportStore):
    """What is written along the way, and that a ready report is taken up by nobody."""
    held = await held_by_us(store, await asked(store))
    await begin(held)
    await held.tell(progress=0.5, rows=2, calls=1, seconds_left=3, waits_for_stripe=False)
    running = held.report
    assert (running.state, running.progress, running.seconds_left) == (State.RUNNING, 0.5, 3)
    await finish(held)
    ready = await store.get(running.id)
    assert ready is not None
    assert (ready.state, ready.rows, ready.files, ready.holder) == (State.READY, 5, (FILE,), None)
    assert await store.details(ready.id) == Details(summary={}, preview={})
    assert await take_up(store, ready.id) is None
    assert ready.id not in await store.open()


async def test_whoever_cancels_wins_over_whoever_finishes_later(store: ReportStore):
    """The worker's next write says that the report is lost."""
    held = await held_by_us(store, await asked(store))
    await begin(held)
    cancelled = await store.cancel(held.report.id)
    assert cancelled is not None
    assert cancelled.state is State.CANCELLED
    with pytest.raises(LostReport):
        await finish(held)
    assert (await store.get(held.report.id)) == cancelled


async def test_cancelling_and_finishing_at_once_ends_in_one_of_the_two(store: ReportStore):
    """Whichever came first; the other is told."""
    held = await held_by_us(store, await asked(store))
    await begin(held)
    answers = await asyncio.gather(
        store.cancel(held.report.id), finish(held), return_exceptions=True
    )
    failures = [type(answer) for answer in answers if isinstance(answer, Exception)]
    report = await store.get(held.report.id)
    assert report is not None
    assert (report.state, failures) in [
        (State.CANCELLED, [LostReport]),
        (State.READY, [AlreadyFinal]),
    ]


async def test_what_is_over_cannot_be_cancelled(store: ReportStore):
    """Nor does a later failure overwrite it."""
    report = await asked(store)
    await store.cancel(report.id)
    with pytest.raises(AlreadyFinal):
        await store.cancel(report.id)
    failed = await store.fail(report.id, code="x", message="Too late.")
    assert failed is not None
    assert failed.state is State.CANCELLED
    assert await store.cancel("unknown") is None


async def test_work_stops_when_its_report_is_lost(store: ReportStore):
    """Deleted or cancelled: the work is cancelled within a second or so."""
    held = await held_by_us(store, await asked(store))
    await begin(held)
    stopped = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            stopped.set()

    working = asyncio.create_task(held.while_held(work(), asyncio.Event()))
    await asyncio.sleep(0.1)
    await store.delete(held.report.id)
    with pytest.raises(LostReport):
        await working
    assert stopped.is_set()


async def test_what_follows_on_a_finished_report_is_done_in_peace(store: ReportStore):
    """Its parts are removed after it is ready, which may outlast the next sign of life."""
    held = await held_by_us(store, await asked(store))
    await begin(held)

    async def work() -> str:
        await finish(held)
        await asyncio.sleep(SIGN_OF_LIFE * 1.5)
        return "tidied up"

    assert await held.while_held(work(), asyncio.Event()) == "tidied up"


async def test_a_dead_workers_report_is_found_and_goes_on(store: ReportStore, storage: Storage):
    """Without a sign of life it is abandoned; the next worker holds it, and the dead one can't."""
    dead = await held_by_us(store, await asked(store))
    await begin(dead)
    assert dead.report.id not in [report.id for report in await abandoned(store)]
    await forget_worker(storage, dead.report)
    assert dead.report in await abandoned(store)
    assert await first_to_requeue(store, dead.report)
    assert not await first_to_requeue(store, dead.report)
    alive = await held_by_us(store, dead.report)
    assert (alive.report.taken, alive.report.window_end) == (2, WINDOW.end)
    with pytest.raises(LostReport):
        await dead.tell(progress=0.9, rows=1, calls=1, seconds_left=None, waits_for_stripe=False)
    await begin(alive)
    await finish(alive)


async def test_a_worker_that_lost_its_report_does_not_fail_it(
    stack: Stack, store: ReportStore, storage: Storage, monkeypatch: pytest.MonkeyPatch
):
    """It slept for so long that another one went on; then its own connections are broken."""
    report, others = await asked(store), []

    async def sleep_too_long(*_: object) -> bool:
        await forget_worker(storage, report)
        others.append(await held_by_us(store, report))
        await begin(others[0])
        raise ResultsUnavailable("The place where results are kept cannot be reached.")

    monkeypatch.setattr(run_report, "load", lambda: stack.settings)
    monkeypatch.setattr(run_report, "_make", sleep_too_long)
    await run_report.run_report(report.id)
    assert await store.get(report.id) == others[0].report
    await finish(others[0])


@pytest.mark.parametrize("how", ["ready", "failed", "cancelled"])
async def test_each_end_of_a_report_is_counted_once(store: ReportStore, storage: Storage, how: str):
    """Also of one that no worker has begun, and of one over which workers died."""
    report = await asked(store)
    if how == "ready":
        held = await held_by_us(store, report)
        await finish(held)
        await store.fail(report.id, code="x", message="Too late.")
    elif how == "failed":
        for _ in range(MOST_WORKERS):
            await held_by_us(store, report)
            await forget_worker(storage, report)
        assert [await take_up(store, report.id) for _ in range(2)] == [None, None]
    else:
        await store.cancel(report.id)
    spreads = read(await storage.figures.kept()).histograms[REPORT_SECONDS]
    counted = {
        labels[1]: spread.up_to[-1]
        for labels, spread in spreads.items()
        if labels[0] == report.kind
    }
    assert counted == {how: 1}


async def test_a_report_over_which_workers_keep_dying_fails(store: ReportStore, storage: Storage):
    """It would kill the next one too."""
    report = await asked(store)
    for _ in range(MOST_WORKERS):
        await held_by_us(store, report)
        await forget_worker(storage, report)
    assert await take_up(store, report.id) is None
    failed = await store.get(report.id)
    assert failed is not None
    assert failed.error is not None
    assert (failed.state, failed.error.code) == (State.FAILED, "worker_died")


async def test_a_ready_report_expires_after_seven_days(store: ReportStore):
    """Its record stays, and what it says of the files that were there."""
    held = await held_by_us(store, await asked(store))
    await begin(held)
    await finish(held)
    ready = held.report
    assert ready.finished_at is not None
    assert ready.expires_at == ready.finished_at + KEPT
    assert ready.as_of(ready.finished_at + KEPT - 1) == ready
    expired = msgspec.structs.replace(ready, state=State.EXPIRED)
    assert ready.as_of(ready.finished_at + KEPT) == expired


async def test_every_change_is_news(store: ReportStore):
    """Whoever listens hears of the report they care about, until it is gone."""
    report = await asked(store)
    heard: list[State] = []

    async with asyncio.timeout(20):
        async for change in changes(store, report.id):
            heard.append(change.state)
            await (store.delete if change.state.is_final else store.cancel)(report.id)
    assert heard == [State.QUEUED, State.CANCELLED]
    assert time.time() - report.created_at < 60


async def test_reports_that_are_over_are_told_from_the_others(store: ReportStore):
    """Of one that is not known, nobody can tell."""
    queued, cancelled = await asked(store), await asked(store)
    await store.cancel(cancelled.id)
    assert await store.over([queued.id, cancelled.id, "unknown"]) == {cancelled.id}


# ── Records of another version ───────────────────────────────────────────────────────────────

UNREADABLE = (
    b'{"id": "ID", "kind": "students", "state": "archived", "created_at": 1}',
    b'{"id": "ID", "kind": "students", "state": "ready", "created_at": 1, "timezone": "Mars/Base"}',
    b'{"id": "ID", "kind": "stud',
)


@pytest.fixture(params=UNREADABLE)
async def unreadable(
    request: pytest.FixtureRequest, store: ReportStore, storage: Storage
) -> AsyncIterator[str]:
    """The id of a listed report whose record is of no use to this version."""
    report = await asked(store)
    await store.show(report)
    document = request.param.replace(b"ID", report.id.encode())
    await storage.redis.set(storage.key("report", report.id), document)
    yield report.id
    await store.delete(report.id)


async def test_a_record_that_cannot_be_read_is_left_out(
    store: ReportStore, unreadable: str, caplog: pytest.LogCaptureFixture
):
    """The others are there; the log names it once a look."""
    other = await asked(store)
    await store.show(other)
    assert await store.listed([unreadable, other.id]) == [other]
    assert [record.getMessage().count(unreadable) for record in caplog.records] == [1]
    newest = [report.id for report in await store.newest()]
    assert (newest[0], unreadable in newest) == (other.id, False)
    await store.delete(other.id)


async def test_a_record_that_cannot_be_read_is_as_if_unknown(store: ReportStore, unreadable: str):
    """Nobody changes it or works on it."""
    assert await store.get(unreadable) is None
    assert await store.cancel(unreadable) is None
    assert await take_up(store, unreadable) is None


async def test_what_belongs_to_a_record_that_cannot_be_read_stays(
    store: ReportStore, unreadable: str
):
    """The version that can read it may come back."""
    assert unreadable in await store.with_files()
    assert unreadable not in [report.id for report in await abandoned(store)]
    assert unreadable in await store.open()
    assert await store.over([unreadable]) == set()


async def test_a_record_that_cannot_be_read_harms_no_page(shop: Caller, unreadable: str):
    """The list is shown without it; itself it is not found."""
    status, listed = await shop.get("/reports")
    assert (status, unreadable in [report["id"] for report in listed["reports"]]) == (200, False)
    for path in (f"/reports/{unreadable}", f"/reports/{unreadable}/events"):
        status, answer = await shop.get(path)
        assert (status, answer["error"]["code"]) == (404, "no_such_report")


async def test_details_that_cannot_be_read_are_as_if_gone(
    store: ReportStore, storage: Storage, caplog: pytest.LogCaptureFixture
):
    """The report stays ready: its record has the figures, its files are there."""
    report = await asked(store)
    await storage.redis.set(storage.key("report-details", report.id), b'{"summary": 7}')
    assert await store.details(report.id) is None
    assert [record.getMessage().count(report.id) for record in caplog.records] == [1]


@pytest.mark.parametrize("how", ["finished", "failed", "cancelled"])
async def test_a_report_that_is_over_waits_for_nobody(store: ReportStore, how: str):
    """However it ended while Stripe was silent."""
    report = await asked(store)
    held = await take_up(store, report.id)
    assert held is not None
    await held.start(WINDOW, version="nothing.1", api_version="2026-01-01")
    await held.tell(progress=0.5, rows=2, calls=1, seconds_left=None, waits_for_stripe=True)
    running = await store.get(report.id)
    assert running is not None
    assert running.waits_for_stripe
    if how == "finished":
        await finish(held)
    elif how == "failed":
        await store.fail(report.id, code="unavailable", message="Stripe was away.")
    else:
        await store.cancel(report.id)
    over = await store.get(report.id)
    assert over is not None
    assert (over.state.is_final, over.waits_for_stripe) == (True, False)
