"""Counting in one process, and adding it to what all processes share.

Counting never waits and never fails. Redis is told a few seconds later of all that was counted
meanwhile; while it is away the counts stay here. Whoever is killed takes a few seconds' counts
along, and an answer of Redis' that is lost may count twice: these are figures for watching the
shop, not its books.
"""

import asyncio
from collections import Counter as Tally
from collections.abc import Mapping
from typing import cast

from redis.asyncio import Redis
from redis.exceptions import RedisError

from shop.figures.fields import of_count, of_time
from shop.figures.table import Counter, Histogram
from shop.tasks import end

TOLD_EVERY = 5.0
"""Seconds in which counts are gathered."""


class Figures:
    """What one process counts.

    Args:
        redis: where the hash is.
        key: the hash.
    """

    def __init__(self, redis: Redis, key: str) -> None:
        self._redis = redis
        self._key = key
        self._untold: Tally[str] = Tally()
        self._telling: asyncio.Task[None] | None = None

    def count(self, counter: Counter, *labels: str, amount: int = 1) -> None:
        """It happened."""
        self._add(of_count(counter, labels, amount))

    def took(self, histogram: Histogram, *labels: str, seconds: float) -> None:
        """It took so long."""
        self._add(of_time(histogram, labels, seconds))

    async def kept(self) -> dict[str, str]:
        """All fields of all processes, for `shop.figures.fields.read`.

        Raises:
            RedisError: Redis is away.
        """
        await self._tell()
        return cast(dict[str, str], await self._redis.hgetall(self._key))

    async def close(self) -> None:
        """Tell what is left, if Redis is there."""
        if self._telling is not None:
            await end([self._telling])
        try:
            await self._tell()
        except RedisError:
            return

    def _add(self, fields: Mapping[str, int]) -> None:
        self._untold.update(fields)
        if self._telling is None or self._telling.done():
            self._telling = asyncio.create_task(self._tell_soon())

    async def _tell_soon(self) -> None:
        while self._untold:
            await asyncio.sleep(TOLD_EVERY)
            try:
                await self._tell()
            except RedisError:
                continue

    async def _tell(self) -> None:
        """Tell Redis of everything; what could not be told is told the next time."""
        telling, self._untold = self._untold, Tally()
        try:
            async with self._redis.pipeline() as pipe:
                for field, amount in telling.items():
                    pipe.hincrby(self._key, field, amount)
                await pipe.execute()
        except BaseException:  # also when nobody waits any longer
            self._untold.update(telling)
            raise
