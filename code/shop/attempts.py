"""What an attempt decided at first, for when it comes again.

Stripe does a write once per idempotency key, but only as long as its parameters stay the same
(https://docs.stripe.com/api/idempotent_requests). A parameter that was worked out from data that
may change meanwhile (the card on file) is therefore kept under the attempt, and an attempt that
comes again after a lost answer sends what it sent before.
"""

import hashlib
from collections.abc import Awaitable, Callable

from shop.errors import ShopError
from shop.storage import Storage

REMEMBERED = 24 * 3600
"""Seconds: as long as Stripe keeps the keys."""


async def decided_once(storage: Storage, attempt: str, decide: Callable[[], Awaitable[str]]) -> str:
    """What `attempt` decided when it first came this far; decides now if it never did.

    To be called under the lock of what is decided about. `decide` only reads: what it says counts
    where nothing was decided yet, and what it raises is raised there and not kept.
    """
    key = storage.key("decided", hashlib.sha256(attempt.encode()).hexdigest())
    try:
        decision = await decide()
    except ShopError:
        before = await storage.redis.get(key)
        if before is None:
            raise
        return str(before)
    if await storage.redis.set(key, decision, ex=REMEMBERED, nx=True):
        return decision
    return str(await storage.redis.get(key) or decision)
