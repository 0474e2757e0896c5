"""Reports made by real workers that are killed, cancelled, or cut off from Stripe."""

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import aiohttp
import psutil
import pytest
from msgspec.structs import replace

from jobs.catalogue import QUEUES, RUN_REPORT
from jobs.make_report import NO_PLACE, unfinished
from jobs.queue import JobQueue
from shop.reports.leases import LEASE
from shop.reports.listening import changes, wait_until_final
from shop.reports.record import Report, State
from shop.reports.results import open_results
from shop.reports.store import ReportStore
from shop.rules.window import Window
from shop.storage import open_storage
from tests.integration.copies import running, wait_until
from tests.integration.promptness import CHANCES
from tests.stack import Stack, open_stack

PATIENCE = 90
"""Seconds for a report, a dead worker included."""

Control = Callable[..., Awaitable[dict]]


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop with two workers over an account of some pages; reports take several seconds."""
    with open_stack(tmp_path_factory.mktemp("busy"), students=100, payments=5000) as running:
        running.environment |= {"STRIPE_RATE_TOTAL": "100", "STRIPE_RATE_PER_ENDPOINT": "16"}
        running.start("worker")
        running.start("second worker")
        running.wait_until_idle()  # they rebuild the lesson book while the sandbox is still fast
        yield running


@pytest.fixture
async def store(busy: Stack) -> AsyncIterator[ReportStore]:
    async with open_storage(busy.settings) as storage:
        yield ReportStore(storage)


@pytest.fixture
async def control(busy: Stack) -> AsyncIterator[Control]:
    """Orders to the sandbox; it is slow, so that there is time to do something meanwhile."""
    async with aiohttp.ClientSession(busy.sandbox_url) as sandbox:

        async def order(name: str, **members: object) -> dict:
            async with sandbox.post(f"/_sandbox/{name}", json=members) as answer:
                assert answer.status == 200, await answer.text()
                return await answer.json()

        await order("latency", base_ms=400)
        yield order
        await order("faults", rules=[])


async def ask(store: ReportStore, stack: Stack, kind: str = "lesson-totals") -> Report:
    """A report over the whole history, queued."""
    now = int(time.time()) - 2
    report, is_new = await store.ask(kind, Window(now - 100 * 24 * 3600, now), "UTC")
    assert is_new
    await store.show(report)
    queue = JobQueue(stack.settings)
    queue.put(RUN_REPORT, report.id, job_id=report.id)
    queue.close()
    return report


async def until(
    store: ReportStore, report: Report, wanted: Callable[[Report], bool], within: float = PATIENCE
) -> Report:
    """The report once it is as wanted."""
    async with asyncio.timeout(within):
        async for change in changes(store, report.id):
            if wanted(change):
                return change
            assert not change.state.is_final, change
    raise AssertionError("it was deleted")


async def ready(store: ReportStore, report: Report) -> Report:
    return await until(store, report, lambda change: change.state is State.READY)


def work_horses(stack: Stack) -> list[psutil.Process]:
    """The processes in which workers run their jobs."""
    workers = [stack.processes[name] for name in ("worker", "second worker")]
    return [horse for worker in workers for horse in psutil.Process(worker.pid).children()]


async def until_so(condition: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again; other processes tell nobody what they do."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if await condition():
                return
            await asyncio.sleep(0.05)


async def begun(stack: Stack, store: ReportStore) -> tuple[Report, psutil.Process]:
    """A report of which a range is finished and most is not, and the process that makes it."""

    async def idle() -> bool:  # a worker that has just started rebuilds the lesson book
        queue = JobQueue(stack.settings)
        waiting = queue.waiting(*QUEUES)
        queue.close()
        return not waiting and not work_horses(stack)

    async def alone() -> bool:
        return len(work_horses(stack)) == 1

    async def range_is_finished() -> bool:
        names = await open_results(stack.settings).names(f"parts/{report.id}")
        return any("/finished/" in name for name in names)

    await until_so(idle)
    report = await ask(store, stack)
    await until_so(range_is_finished)
    await until_so(alone)
    return report, work_horses(stack)[0]


async def truth_of(stack: Stack, report: Report) -> dict:
    async with (
        aiohttp.ClientSession(stack.sandbox_url) as sandbox,
        sandbox.get(
            "/_sandbox/truth", params={"from": report.window_start, "to": report.window_end}
        ) as answer,
    ):
        truth = await answer.json()
    names = ("payment_total", "fee_total", "net_total", "transactions")
    return {name: truth[name] for name in names}


async def assert_exact(stack: Stack, report: Report) -> None:
    """The figures are the sandbox's own, and nothing but the files is left."""
    assert report.summary is not None
    truth = await truth_of(stack, report)
    assert {name: report.summary[name] for name in truth} == truth
    results = open_results(stack.settings)

    async def parts_are_gone() -> bool:  # the worker removes them once the report is ready
        return await results.names(f"parts/{report.id}") == []

    await until_so(parts_are_gone)
    assert len(await results.names(report.id)) == 3


async def test_a_killed_workers_report_is_finished_by_another(
    busy: Stack, store: ReportStore, control: Control
):
    """Within a minute, from the ranges that were finished, exact to the cent."""
    report, horse = await begun(busy, store)
    name = next(n for n, p in busy.processes.items() if p.pid == horse.ppid())
    busy.kill(name)
    horse.kill()
    killed = time.monotonic()
    await control("requests/reset")
    try:
        await until(store, report, lambda change: change.taken == 2, within=60)
        assert time.monotonic() - killed < 60
        done = await ready(store, report)
    finally:
        busy.start(name)
    await assert_exact(busy, done)
    async with (
        aiohttp.ClientSession(busy.sandbox_url) as sandbox,
        sandbox.get("/_sandbox/requests") as answer,
    ):
        asked_again = (await answer.json())["calls"].get("GET /v1/balance_transactions", 0)
    assert asked_again < done.calls


async def test_a_worker_that_is_told_to_stop_hands_its_report_back(
    busy: Stack, store: ReportStore, control: Control
):
    """Another one goes on soon, not when a lease lapses; nobody counts as dead."""
    report, horse = await begun(busy, store)
    before = await store.get(report.id)
    assert before is not None
    name = next(n for n, p in busy.processes.items() if p.pid == horse.ppid())
    stopping = busy.processes.pop(name)
    stopping.terminate()
    told = time.monotonic()
    try:
        after = await until(
            store, report, lambda change: change.holder not in (None, before.holder), within=20
        )
        assert time.monotonic() - told < LEASE / 2
        assert await asyncio.to_thread(stopping.wait, 20) == 0
        assert not horse.is_running()
        assert (after.taken, after.started_at) == (1, before.started_at)
        await control("latency", profile="none")
        await assert_exact(busy, await ready(store, report))
        assert list(unfinished(busy.settings).glob(f"{report.id}-*")) == []
    finally:
        busy.start(name)


async def test_a_report_that_was_handed_back_waits_for_a_worker(
    busy: Stack, store: ReportStore, control: Control
):
    """Where both are told to stop, the next one to start goes on with it at once."""
    report, _ = await begun(busy, store)
    names = ("worker", "second worker")
    stopping = [busy.processes.pop(name) for name in names]
    for worker in stopping:
        worker.terminate()
    codes = [await asyncio.to_thread(worker.wait, 20) for worker in stopping]
    left = await store.get(report.id)
    assert left is not None
    assert list(unfinished(busy.settings).glob(f"{report.id}-*")) == []
    await control("latency", profile="none")
    for name in names:
        busy.start(name)
    assert codes == [0, 0]
    assert (left.state, left.holder, left.taken) == (State.RUNNING, None, 0)
    await assert_exact(busy, await ready(store, report))


@pytest.mark.usefixtures("control")
async def test_a_killed_work_horse_is_replaced(busy: Stack, store: ReportStore):
    """The same when only the process of the job dies, as one out of memory does."""
    report, horse = await begun(busy, store)
    horse.kill()
    await assert_exact(busy, await ready(store, report))


@pytest.mark.usefixtures("control")
async def test_cancelling_takes_less_than_two_seconds(busy: Stack, store: ReportStore):
    """The worker is free again and no file is left."""
    for _ in range(CHANCES):
        report, horse = await begun(busy, store)
        cancelled = await store.cancel(report.id)
        assert cancelled is not None
        began = time.monotonic()
        await asyncio.to_thread(wait_until, lambda: running([horse]) == [])  # noqa: B023
        if (seconds := time.monotonic() - began) < 2:
            break
    assert seconds < 2
    assert await store.get(report.id) == cancelled
    assert await open_results(busy.settings).names(report.id) == []
    assert await open_results(busy.settings).names(f"parts/{report.id}") == []


async def test_faults_of_every_kind_change_no_figure(
    busy: Stack, store: ReportStore, control: Control
):
    """A tenth of all requests goes wrong, in every way but silence."""
    kinds = ("429", "lock_timeout", "409", "500", "502", "reset_before", "truncate")
    await control("latency", profile="none")
    rules = [{"kind": kind, "share": 0.03} for kind in kinds]
    await control("faults", seed=3, rules=rules)
    await assert_exact(busy, await ready(store, await ask(store, busy)))


async def test_the_same_window_gives_the_same_bytes(
    busy: Stack, store: ReportStore, control: Control
):
    """Whatever order Stripe's answers came in."""
    await control("latency", base_ms=20, jitter=1)
    now = int(time.time()) - 5
    window = Window(now - 100 * 24 * 3600, now)
    sums = []
    for zone in ("Asia/Tokyo", "Asia/Tokyo", "America/New_York"):
        report, _ = await store.ask("lesson-totals", window, zone)
        queue = JobQueue(busy.settings)
        queue.put(RUN_REPORT, report.id, job_id=report.id)
        queue.close()
        sums.append({file.format: file.sha256 for file in (await ready(store, report)).files})
    assert sums[0] == sums[1]
    assert sums[0].keys() == {"csv", "json", "xlsx"}
    assert sums[2] != sums[0]


async def test_a_window_that_another_clock_fixed_is_not_waited_for(
    busy: Stack, store: ReportStore, control: Control
):
    """It ends an hour from now, as one does that a machine with a fast clock has fixed."""
    await control("latency", profile="none")
    now = int(time.time())
    report, _ = await store.ask("open-holds", Window(now - 3600, now + 3600), "UTC")
    queue = JobQueue(busy.settings)
    queue.put(RUN_REPORT, report.id, job_id=report.id)
    queue.close()
    await until(store, report, lambda change: change.state is State.READY, within=PATIENCE / 2)


async def test_only_what_nobody_writes_any_more_is_swept(busy: Stack, store: ReportStore):
    """A report may take longer than an hour, and its folder is as old as its first file."""
    await asyncio.to_thread(busy.wait_until_idle)  # a sweep under way knows older reports only
    open_one, _ = await store.ask("open-holds", Window(0, 0), "Asia/Tokyo")
    later = time.time() + PATIENCE  # so that no worker looks for its job
    await store.change(open_one.id, lambda known: replace(known, created_at=later))
    folders = [unfinished(busy.settings) / name for name in (f"{open_one.id}-1", "of_the_dead-1")]
    for folder in folders:
        folder.mkdir(parents=True)
        os.utime(folder, (0, 0))
    await ready(store, await ask(store, busy, "open-holds"))
    began = time.monotonic()
    while folders[1].exists():
        assert time.monotonic() - began < PATIENCE
        await asyncio.sleep(0.05)
    assert folders[0].exists()
    await store.delete(open_one.id)


async def test_parts_of_a_report_that_is_over_are_swept_at_once(busy: Stack, store: ReportStore):
    """Its worker died between saying that it is ready and removing them."""
    results = open_results(busy.settings)
    over, open_one = [(await store.ask("students", Window(0, end), "UTC"))[0] for end in (1, 2)]
    later = time.time() + PATIENCE  # so that no worker looks for its job
    await store.change(open_one.id, lambda known: replace(known, created_at=later))
    for report in (over, open_one):
        await results.put(f"parts/{report.id}/charges/chunks/0", b"rows")
    await store.change(over.id, lambda known: replace(known, state=State.READY))
    await ready(store, await ask(store, busy, "open-holds"))
    began = time.monotonic()
    while over.id in await results.with_parts():
        assert time.monotonic() - began < PATIENCE
        await asyncio.sleep(0.05)
    assert open_one.id in await results.with_parts()
    await store.delete(open_one.id)


async def test_a_report_whose_files_cannot_be_written_says_so(busy: Stack, store: ReportStore):
    """A file is where the folder of unfinished files would be."""
    shutil.rmtree(unfinished(busy.settings), ignore_errors=True)
    unfinished(busy.settings).write_bytes(b"")
    try:
        report = await ask(store, busy, "open-holds")
        failed = await until(store, report, lambda change: change.state is State.FAILED)
    finally:
        unfinished(busy.settings).unlink()
    assert failed.error is not None
    assert (failed.error.code, failed.error.message) == ("results_unavailable", NO_PLACE)


async def test_a_report_that_fails_leaves_nothing(busy: Stack, store: ReportStore):
    """Neither its parts nor those that an earlier worker kept."""
    results = open_results(busy.settings)
    report, _ = await store.ask("of-another-version", Window(0, 0), "UTC")
    await results.put(f"parts/{report.id}/charges/chunks/0", b"kept by a worker that died")
    queue = JobQueue(busy.settings)
    queue.put(RUN_REPORT, report.id, job_id=report.id)
    queue.close()
    await until(store, report, lambda change: change.state is State.FAILED)
    began = time.monotonic()
    while await results.names(f"parts/{report.id}"):
        assert time.monotonic() - began < PATIENCE
        await asyncio.sleep(0.05)


async def test_a_report_that_a_worker_cannot_make_fails_with_a_sentence(
    busy: Stack, store: ReportStore
):
    """Here one of a version that this worker does not know; nobody waits for it for ever."""
    report = await ask(store, busy, "of-another-version")
    failed = await wait_until_final(store, report.id, seconds=PATIENCE)
    assert failed is not None
    assert failed.error is not None
    assert (failed.state, failed.error.code) == (State.FAILED, "internal_error")
