"""One at a time per thing: locks in Redis that expire, across processes and machines."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.exceptions import LockError

from shop.errors import Busy, Unavailable
from shop.storage import Storage

HELD_AT_MOST = 120
"""Seconds after which a lock expires by itself, because its process must be dead."""

GIVEN_UP_AFTER = 100
"""Seconds after which an action that holds a lock is given up, well before the lock expires."""

WAIT_AT_MOST = 20
"""Seconds to wait for somebody else to finish with the same thing."""


@asynccontextmanager
async def one_at_a_time(storage: Storage, kind: str, name: str) -> AsyncIterator[None]:
    """Hold the lock on one thing, such as ("email", "ada@example.com").

    Raises:
        Busy: somebody else held it for longer than `WAIT_AT_MOST`.
        Unavailable: the action took longer than `GIVEN_UP_AFTER`.
    """
    lock = storage.redis.lock(
        storage.key("lock", kind, name),
        timeout=HELD_AT_MOST,
        blocking_timeout=WAIT_AT_MOST,
        sleep=0.02,
    )
    if not await lock.acquire():
        raise Busy("Somebody else is changing the same thing right now. Please try again.")
    try:
        async with asyncio.timeout(GIVEN_UP_AFTER):
            yield
    except TimeoutError as error:
        raise Unavailable("That took too long. Please try again.") from error
    finally:
        # A lock that a flushed Redis has forgotten needs no release.
        with suppress(LockError):
            await lock.release()
