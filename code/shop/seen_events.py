"""Which of Stripe's events the shop has seen, so that each changes something once.

    unseen → queued → done

An id is remembered longer than Stripe repeats a delivery and than the nightly job looks back. An
event that is not done by then was lost, and is run at night. A Redis that was emptied knows of no
event, so it also keeps the moment since when it remembers.
"""

import time
from collections.abc import Sequence

from shop.storage import Storage

REMEMBERED = 4 * 24 * 3600
"""Seconds an event's id is kept; Stripe repeats a delivery for up to three days
(https://docs.stripe.com/webhooks#retries)."""

ON_ITS_WAY = 2
"""Seconds from when something happens until its event is here."""

AT_ONCE = 1_000
"""Ids that Redis is asked about in one command."""

QUEUED = "queued"
DONE = "done"


class SeenEvents:
    """The ids in Redis. All methods raise `RedisError` where it is away."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._redis = storage.redis
        self._since = storage.key("events", "since")

    async def is_new(self, event_id: str) -> bool:
        """Whether the event was never queued. The first one begins the memory of a new Redis."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.set(self._since, int(time.time()), nx=True)
            pipe.exists(self._key(event_id))
            _, known = await pipe.execute()
        return not known

    async def queued(self, event_id: str) -> None:
        """Remember that a job for it waits. One that is done already stays so."""
        await self._redis.set(self._key(event_id), QUEUED, ex=REMEMBERED, nx=True)

    async def done(self, event_id: str) -> None:
        """Remember that all it asked for was done."""
        await self._redis.set(self._key(event_id), DONE, ex=REMEMBERED)

    async def not_done(self, event_ids: Sequence[str]) -> set[str]:
        """Those of the events that nobody finished."""
        found: set[str] = set()
        for begin in range(0, len(event_ids), AT_ONCE):
            some = event_ids[begin : begin + AT_ONCE]
            states = await self._redis.mget([self._key(event_id) for event_id in some])
            found |= {id_ for id_, state in zip(some, states, strict=True) if state != DONE}
        return found

    async def since(self) -> int:
        """Since when this Redis remembers events, unix seconds; now, where nobody asked before."""
        await self._redis.set(self._since, int(time.time()), nx=True)
        return int(await self._redis.get(self._since) or 0)

    async def is_forgotten(self, created: int) -> bool:
        """Whether an event made at `created` (unix seconds) may have been acted on before."""
        return created < await self.since() - ON_ITS_WAY

    def _key(self, event_id: str) -> str:
        return self._storage.key("event", event_id)
