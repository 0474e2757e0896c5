"""Reports whose job was lost, in a shop whose workers have all died."""

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from msgspec.structs import replace

from jobs.catalogue import ANSWER_REPORT, QUEUES, RUN_REPORT, Job
from jobs.queue import JobQueue
from shop.reports.leases import LEASE
from shop.reports.listening import wait_until_final
from shop.reports.record import Report, State
from shop.reports.store import ReportStore
from shop.rules.window import Window
from shop.storage import Storage, open_storage
from tests.stack import Stack, open_stack
from worker.lookout import queue_abandoned

WINDOW = Window(1_700_000_000, 1_700_003_600)


@pytest.fixture(scope="module")
def unmanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with open_stack(tmp_path_factory.mktemp("unmanned"), students=2, payments=4) as running:
        yield running


@pytest.fixture
def queue(unmanned: Stack) -> Iterator[JobQueue]:
    opened = JobQueue(unmanned.settings)
    yield opened
    opened.close()


@pytest.fixture
async def storage(unmanned: Stack) -> AsyncIterator[Storage]:
    async with open_storage(unmanned.settings) as opened:
        await opened.redis.flushdb()
        yield opened


async def asked_a_while_ago(storage: Storage) -> Report:
    """A report that is queued and has no job."""
    store = ReportStore(storage)
    report, _ = await store.ask("open-holds", WINDOW, "UTC")
    long_ago = report.created_at - LEASE
    changed = await store.change(report.id, lambda known: replace(known, created_at=long_ago))
    assert changed is not None
    return changed


async def lose_jobs(storage: Storage) -> None:
    """As if workers had fetched them and died, more than `LEASE` seconds ago."""
    await storage.redis.delete(*(f"rq:queue:{name}" for name in QUEUES))
    for key in await storage.redis.keys(storage.key("report-requeued", "*")):
        await storage.redis.delete(key)


async def lookout(stack: Stack) -> list[str]:
    """What a worker's look finds; it has an event loop of its own."""
    return await asyncio.to_thread(queue_abandoned, stack.settings)


async def test_a_queued_report_without_a_job_is_queued_again(unmanned: Stack, storage: Storage):
    """A worker may die after it fetched the job and before it begins the report."""
    report = await asked_a_while_ago(storage)
    assert await lookout(unmanned) == [report.id]
    assert await lookout(unmanned) == []
    unmanned.start("worker")
    try:
        over = await wait_until_final(ReportStore(storage), report.id, seconds=30)
    finally:
        unmanned.kill("worker")
    assert over is not None
    assert over.state is State.READY


async def test_it_is_queued_again_as_often_as_its_job_is_lost(unmanned: Stack, storage: Storage):
    report = await asked_a_while_ago(storage)
    for _ in range(3):
        assert await lookout(unmanned) == [report.id]
        await lose_jobs(storage)


@pytest.mark.parametrize("job", [ANSWER_REPORT, RUN_REPORT], ids=lambda job: job.queue)
async def test_a_report_that_waits_for_its_turn_is_left_alone(
    unmanned: Stack, storage: Storage, queue: JobQueue, job: Job
):
    """However long it waits, in whichever queue."""
    report = await asked_a_while_ago(storage)
    job_id = f"{report.id}-{job.queue}"
    await asyncio.to_thread(queue.put, job, report.id, job_id=job_id)
    assert await lookout(unmanned) == []
    assert queue.waiting(*QUEUES) == {job_id}


async def test_whoever_waits_for_an_answer_keeps_the_urgent_queue(
    unmanned: Stack, storage: Storage, queue: JobQueue
):
    """A report on the accountant's list takes its turn; one on nobody's list has a caller."""
    report = await asked_a_while_ago(storage)
    again = f"{report.id}-1"
    assert await lookout(unmanned) == [report.id]
    assert (queue.waiting(ANSWER_REPORT.queue), queue.waiting(RUN_REPORT.queue)) == ({again}, set())
    await lose_jobs(storage)
    await ReportStore(storage).show(report)
    assert await lookout(unmanned) == [report.id]
    assert (queue.waiting(ANSWER_REPORT.queue), queue.waiting(RUN_REPORT.queue)) == (set(), {again})


async def test_a_report_whose_job_is_about_to_be_queued_is_left_alone(
    unmanned: Stack, storage: Storage
):
    """The record comes first, its job a moment later."""
    await ReportStore(storage).ask("open-holds", WINDOW, "UTC")
    assert await lookout(unmanned) == []
