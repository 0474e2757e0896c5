"""Ending tasks for certain."""

import asyncio
from collections.abc import Iterable
from typing import Any

ASK_AGAIN = 0.1
"""Seconds before a task that goes on is cancelled once more."""


async def end(tasks: Iterable["asyncio.Task[Any]"]) -> None:
    """Cancel tasks and wait until they are over, whatever they come to.

    One cancellation is not always enough: a library may take it for a time-out of its own.
    """
    left = set(tasks)
    while left:
        for task in left:
            task.cancel()
        over, left = await asyncio.wait(left, timeout=ASK_AGAIN)
        for task in over:
            if not task.cancelled():
                task.exception()  # seen, so that nobody complains that it never was
