"""What nobody waits for comes behind an answer that somebody waits for."""

import asyncio

from shop.asides import Asides, answering


class Work:
    """Notes what was begun, in its order."""

    def __init__(self) -> None:
        self.begun: list[str] = []

    async def of(self, name: str) -> None:
        self.begun.append(name)


async def test_work_begins_at_once_where_nobody_waits():
    """As in a job."""
    asides, work = Asides(), Work()
    asides.begin_behind_answer(work.of("a lock"))
    await asyncio.sleep(0)
    assert work.begun == ["a lock"]


async def test_work_waits_until_the_answer_is_ready():
    """In its order, in the turn after whoever answers goes on."""
    asides, work = Asides(), Work()
    with answering():
        asides.begin_behind_answer(work.of("the book"))
        asides.begin_behind_answer(work.of("a lock"))
        await asyncio.sleep(0.01)
        assert work.begun == []
    assert work.begun == []
    await asides.finished()
    assert work.begun == ["the book", "a lock"]


async def test_what_others_wait_for_begins_at_once_all_the_same():
    """Such as letting go of a lock while the answer still takes long."""
    asides, work = Asides(), Work()
    with answering():
        asides.begin(work.of("a lock"))
        await asyncio.sleep(0)
        assert work.begun == ["a lock"]
    await asides.finished()
    assert work.begun == ["a lock"]


async def test_answers_wait_for_their_own_work_only():
    """A long one keeps nobody else's lock."""
    asides, work = Asides(), Work()

    async def long_answer() -> None:
        with answering():
            asides.begin_behind_answer(work.of("the long one's"))
            await asyncio.sleep(0.05)

    async def short_answer() -> None:
        with answering():
            asides.begin_behind_answer(work.of("the short one's"))

    await asyncio.gather(long_answer(), short_answer())
    await asides.finished()
    assert work.begun == ["the short one's", "the long one's"]


async def test_a_task_that_outlives_its_answer_waits_for_nothing():
    """What it begins is begun, though it was made while somebody waited."""
    asides, work = Asides(), Work()

    async def outliving() -> None:
        await asyncio.sleep(0.01)
        asides.begin_behind_answer(work.of("a lock"))

    with answering():
        task = asyncio.create_task(outliving())
    await task
    await asides.finished()
    assert work.begun == ["a lock"]


async def test_the_work_of_an_answer_that_failed_is_done_as_well():
    """A lock is let go whatever became of it."""
    asides, work = Asides(), Work()

    async def cancelled() -> None:
        with answering():
            asides.begin_behind_answer(work.of("a lock"))
            await asyncio.sleep(60)

    task = asyncio.create_task(cancelled())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    await asides.finished()
    assert work.begun == ["a lock"]
