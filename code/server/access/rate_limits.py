"""How often somebody may try what card testers and guessers try over and over.

Every try is counted in Redis before it is made, in one step for all web processes, so that many at
once are no way around a limit. Windows move: whoever used up 20 an hour may try again once the
first of these is an hour ago. Tries that are refused do not count.

Whom a count is of is kept as a keyed hash: nobody reads addresses of people out of it.
"""

import hashlib
import hmac
import logging
import math
import time
from collections.abc import Mapping
from enum import StrEnum

from limits import RateLimitItem
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter

from shop.errors import TooManyRequests
from shop.figures.table import TRIES_REFUSED
from shop.settings import Settings
from shop.storage import Storage

log = logging.getLogger(__name__)


class Tried(StrEnum):
    """What is limited. The value stands in logs."""

    SIGN_UP = "sign-ups"
    CARD_ENTRY = "card entries"
    ACCOUNT_LINK = "account links"
    SIGN_IN = "sign-ins"


class By(StrEnum):
    """Whose tries are counted together."""

    ADDRESS = "address"
    EMAIL = "e-mail address"
    STUDENT = "student"
    ACCOUNT = "account"
    SHOP = "whole shop"


TIMES = {By.ACCOUNT: 5, By.SHOP: 10}
"""How many times the setting, where many addresses are counted together: enough that one caller
cannot lock everybody else out, and few enough that many callers gain little."""


class RateLimits:
    """The counts. All methods raise `RedisError` where Redis is away: then nothing is tried."""

    def __init__(self, storage: Storage, settings: Settings) -> None:
        limits = settings.limits
        self._allowed: Mapping[Tried, RateLimitItem] = {
            Tried.SIGN_UP: limits.sign_ups,
            Tried.CARD_ENTRY: limits.card_entries,
            Tried.ACCOUNT_LINK: limits.account_links,
            Tried.SIGN_IN: limits.sign_ins,
        }
        self._figures = storage.figures
        self._secret = settings.secret_key.encode()
        counts = RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix=storage.key("tries"),
            connection_pool=storage.redis.connection_pool,  # type: ignore[arg-type] # as documented
        )
        self._window = MovingWindowRateLimiter(counts)

    async def take(self, tried: Tried, by: Mapping[By, str]) -> None:
        """Count one try, by one whose tries are counted after the other.

        Args:
            by: the narrowest first, so that whoever is refused takes nothing from everybody.

        Raises:
            TooManyRequests: one of these has no try left.
        """
        for kind, whose in by.items():
            allowed, key = self._item(tried, kind), self._key(tried, kind, whose)
            if not await self._window.hit(allowed, key):
                self._figures.count(TRIES_REFUSED, tried, kind)
                log.warning("the limit of %s by %s is reached: %s", tried, kind, allowed)
                stats = await self._window.get_window_stats(allowed, key)
                raise TooManyRequests(max(1, math.ceil(stats.reset_time - time.time())))

    async def forget(self, tried: Tried, by: Mapping[By, str]) -> None:
        """Begin to count anew: it was somebody who may."""
        for kind, whose in by.items():
            await self._window.clear(self._item(tried, kind), self._key(tried, kind, whose))

    def _item(self, tried: Tried, kind: By) -> RateLimitItem:
        usual = self._allowed[tried]
        return type(usual)(usual.amount * TIMES.get(kind, 1), usual.multiples)

    def _key(self, tried: Tried, kind: By, whose: str) -> str:
        named = f"{tried}\0{kind}\0{whose}".encode()
        return hmac.new(self._secret, named, hashlib.sha256).hexdigest()[:32]
