"""Which letters were sent, by name. Redis remembers each for `REMEMBERED` seconds."""

import time
from collections.abc import Sequence

from shop.storage import Storage

REMEMBERED = 90 * 24 * 3600
"""Seconds. No event of Stripe's and no report leads to a letter as late as that."""


class SentLetters:
    """Reads and writes the notes. All methods raise `RedisError` where Redis is away."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def note(self, name: str) -> None:
        """The letter was accepted, just now."""
        await self._storage.redis.set(self._key(name), int(time.time()), ex=REMEMBERED)

    async def is_sent(self, name: str) -> bool:
        """Whether the letter was sent before."""
        return bool(await self._storage.redis.exists(self._key(name)))

    async def sent_at(self, names: Sequence[str]) -> list[int | None]:
        """When each of them was sent, unix seconds; None for those that were not."""
        if not names:
            return []
        found = await self._storage.redis.mget([self._key(name) for name in names])
        return [None if at is None else int(at) for at in found]

    def _key(self, name: str) -> str:
        return self._storage.key("letter", name)
