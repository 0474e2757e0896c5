"""Ending tasks for certain."""

import asyncio

from shop.tasks import end


async def test_a_task_that_swallows_one_cancellation_ends_all_the_same():
    """As one inside a library does that takes it for a time-out of its own."""

    async def stubborn() -> None:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(60)

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await end([task])
    assert task.cancelled()


async def test_a_task_that_failed_is_over():
    """Its failure is not raised here, nor reported as never retrieved."""

    async def failing() -> None:
        raise ValueError("who cares")

    task = asyncio.create_task(failing())
    await asyncio.sleep(0)
    await end([task])
    assert isinstance(task.exception(), ValueError)
