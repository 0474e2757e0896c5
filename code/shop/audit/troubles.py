"""What keeps the audit trail from being whole, as every web process sees it: `audit-troubles`.

A process says so again and again while it is in trouble, so what it said lapses if it dies.
"""

import time

import msgspec

from shop.audit.journal import Trouble
from shop.storage import Storage

BELIEVED = 30
"""Seconds for which a process is believed that said it was in trouble."""


class _Said(msgspec.Struct):
    at: float
    trouble: Trouble


class Troubles:
    """One hash in Redis, a field for each process. Every method raises `RedisError`."""

    def __init__(self, storage: Storage) -> None:
        self._redis = storage.redis
        self._key = storage.key("audit-troubles")

    async def say(self, process: str, trouble: Trouble | None) -> None:
        """What a process is in; None where all is well again."""
        if trouble is None:
            await self._redis.hdel(self._key, process)
        else:
            said = msgspec.json.encode(_Said(time.time(), trouble)).decode()
            async with self._redis.pipeline() as pipe:
                pipe.hset(self._key, process, said)
                pipe.expire(self._key, BELIEVED)  # each process says it again long before
                await pipe.execute()

    async def said(self) -> dict[str, Trouble]:
        """What processes said of late, each by its name."""
        now = time.time()
        found = {}
        for process, text in (await self._redis.hgetall(self._key)).items():
            said = msgspec.json.decode(text, type=_Said)
            if now - said.at < BELIEVED:
                found[str(process)] = said.trouble
        return found
