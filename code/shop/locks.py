"""One at a time per thing: locks in Redis that expire, across processes and machines.

Where an action needs several, it takes them in this order, so that nobody waits in a circle:

    student   the student's card, details, holds and deletion
    payment   one PaymentIntent: capture, release, refund
    email     who has an address
    letter    one letter, by its name; whoever sends one holds no other lock
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from redis.asyncio.lock import Lock
from redis.exceptions import RedisError

from shop.errors import Busy, Unavailable
from shop.leases import LEASE, prolonged
from shop.storage import Storage

log = logging.getLogger(__name__)

GIVEN_UP_AFTER = 100
"""Seconds after which an action that holds a lock is given up."""

WAIT_AT_MOST = 20
"""Seconds to wait for somebody else to finish with the same thing."""

ASK_AGAIN = 0.01
"""Seconds until the first in this process's line asks Redis again."""


@asynccontextmanager
async def one_at_a_time(
    storage: Storage, kind: str, name: str, *, until_answered: bool = False
) -> AsyncIterator[None]:
    """Hold the lock on one thing, such as ("email", "ada@example.com").

    Args:
        until_answered: nothing but the answer follows, and letting go waits for that.

    Raises:
        Busy: others held it for longer than `WAIT_AT_MOST`.
        Unavailable: the action took longer than `GIVEN_UP_AFTER`.
    """
    key = storage.key("lock", kind, name)
    lock = storage.redis.lock(key, timeout=LEASE, sleep=ASK_AGAIN)
    if not await lock.acquire(blocking=False):
        await _wait_for(lock, storage.lines.setdefault(key, asyncio.Lock()))
    try:
        async with prolonged(lock.reacquire), asyncio.timeout(GIVEN_UP_AFTER):
            yield
    except TimeoutError as error:
        raise Unavailable("That took too long. Please try again.") from error
    finally:
        let_go = _let_go(lock)
        if until_answered:
            storage.asides.begin_behind_answer(let_go)
        else:
            storage.asides.begin(let_go)


async def _let_go(lock: Lock) -> None:
    """A lock that cannot be released lapses by itself, and what was done is done."""
    try:
        await lock.release()
    except RedisError as error:
        log.warning("the lock %s could not be released: %s", lock.name, error)


async def _wait_for(lock: Lock, line: asyncio.Lock) -> None:
    """Stand in this process's line; its first asks Redis, so that many who wait cost no more."""
    give_up_at = asyncio.get_running_loop().time() + WAIT_AT_MOST
    busy = Busy("Somebody else is changing the same thing right now. Please try again.")
    try:
        async with asyncio.timeout_at(give_up_at):
            await line.acquire()
    except TimeoutError as error:
        raise busy from error
    try:
        left = give_up_at - asyncio.get_running_loop().time()
        if not await lock.acquire(blocking_timeout=left):
            raise busy
    finally:
        line.release()
