"""One at a time per thing: locks in Redis that expire, across processes and machines."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from redis.exceptions import LockError

from shop.errors import Busy
from shop.storage import Storage

HELD_AT_MOST = 120
"""Seconds. Longer than any action with all its retries, so a lock outlives only a dead process."""

WAIT_AT_MOST = 20
"""Seconds to wait for somebody else to finish with the same thing."""


@asynccontextmanager
async def one_at_a_time(storage: Storage, kind: str, name: str) -> AsyncIterator[None]:
    """Hold the lock on one thing, such as ("email", "ada@example.com").

    Raises:
        Busy: somebody else held it for longer than `WAIT_AT_MOST`.
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
        yield
    finally:
        # A lock that expired while held is gone; idempotency keys still decide the race at Stripe.
        with suppress(LockError):
            await lock.release()
