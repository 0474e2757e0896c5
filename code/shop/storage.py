"""Redis, as the shop uses it: one connection pool and one name space per Stripe account.

Everything the shop keeps in Redis belongs to a Stripe account. The name space is made from the
secret key, so that after the keys are replaced nothing of the old account shows.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from weakref import WeakValueDictionary

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff

from shop.asides import Asides
from shop.figures.counting import Figures
from shop.settings import Settings

ANSWER_WITHIN = 0.5
"""Seconds for each of three tries, where the second one has to connect again: a page must be able
to say within two that Redis is away."""

FIGURES = "figures"

MOST_CONNECTIONS = 100
"""Connections of one process; whoever comes when all are taken waits for `ANSWER_WITHIN`."""


@dataclass(frozen=True)
class Storage:
    """An open Redis and the name space in it.

    Attributes:
        lines: where this process's own waiters stand, by the lock they wait for.
        asides: what nobody waits for. Done before Redis is closed.
        figures: what this process counts for `/metrics`.
    """

    redis: Redis
    namespace: str
    lines: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)
    asides: Asides = field(default_factory=Asides)
    figures: Figures = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "figures", Figures(self.redis, self.key(FIGURES)))

    def key(self, *parts: str) -> str:
        """The name of a key: `ipsum:<account>:<part>:<part>`."""
        return ":".join((self.namespace, *parts))


def namespace(settings: Settings) -> str:
    """The account's name space; the key itself cannot be read back from it."""
    digest = hashlib.sha256(settings.secret_key.encode()).hexdigest()
    return f"ipsum:{digest[:12]}"


def figures_key(settings: Settings) -> str:
    """Where all processes count, for whoever speaks to Redis without a `Storage`."""
    return f"{namespace(settings)}:{FIGURES}"


@asynccontextmanager
async def open_storage(settings: Settings) -> AsyncIterator[Storage]:
    """Open Redis for as long as the context lasts; connections are made when first used."""
    pool = BlockingConnectionPool.from_url(
        settings.redis_url,
        max_connections=MOST_CONNECTIONS,
        timeout=ANSWER_WITHIN,
        decode_responses=True,
        socket_connect_timeout=ANSWER_WITHIN,
        socket_timeout=ANSWER_WITHIN,
        retry=Retry(ConstantBackoff(0.1), retries=1),
    )
    storage = Storage(Redis.from_pool(pool), namespace(settings))
    try:
        yield storage
    finally:
        await storage.asides.finished()
        await storage.figures.close()
        await storage.redis.aclose()
