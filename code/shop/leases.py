"""Leases in Redis: what a process holds lapses soon after the process dies.

A lease is short, and is prolonged for as long as its holder works. So a slow call to Stripe keeps
what it holds, and a killed process blocks nobody for longer than `LEASE`.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from redis.exceptions import RedisError

from shop.tasks import end

log = logging.getLogger(__name__)

LEASE = 15
"""Seconds after which a lease lapses unless it is prolonged."""

PROLONGED_EVERY = 4.0
"""Seconds between two prolongations: two of them may fail before the lease lapses."""


@asynccontextmanager
async def prolonged(prolong: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """Call `prolong` again and again until the context ends.

    A lease that cannot be prolonged ends nothing: what is under way at Stripe cannot be taken back.
    """
    tasks: list[asyncio.Task[None]] = []
    begin = asyncio.get_running_loop().call_later(
        PROLONGED_EVERY, lambda: tasks.append(asyncio.create_task(_again_and_again(prolong)))
    )
    try:
        yield
    finally:
        begin.cancel()
        await end(tasks)


async def _again_and_again(prolong: Callable[[], Awaitable[object]]) -> None:
    while True:
        try:
            await prolong()
        except RedisError as error:
            log.warning("a lease could not be prolonged: %s", error)
        await asyncio.sleep(PROLONGED_EVERY)
