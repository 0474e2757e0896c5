"""How many requests a second the shop sends to Stripe: one budget per account, kept in Redis.

Stripe allows an account so many requests a second in all, and 25 on one endpoint
(https://docs.stripe.com/rate-limits). All processes on all machines draw from the same buckets:

- what a person waits for is counted and never held back; it may overdraw the bucket, by two
  seconds' worth at most: Stripe refuses what is beyond its limit and does not remember it either;
- reports draw a few requests at once and wait until the bucket has them, so they take what is left.

A 429 halves the pace of its bucket, and the pace comes back evenly within half a minute. A bucket
holds a fifth of a second's worth: Stripe's own holds a second's, so the rest of that stays for
bursts of people, and for requests that arrive closer together than they were sent.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import cast

from redis.exceptions import RedisError

from shop.storage import Storage

log = logging.getLogger(__name__)

BURST_SECONDS = 0.2
"""How many seconds' worth of requests a bucket saves up."""

SLOWED_TO = 0.5
"""What is left of a bucket's pace after a 429."""

SLOWEST = 0.02
"""The least of what is allowed that a bucket is slowed to."""

RECOVERY = 30.0
"""Seconds in which a pace of nothing would come back to all that is allowed."""

SAME_CAUSE = 0.5
"""Seconds in which several 429s count as one: they were on their way together."""

AT_ONCE = 8
"""Requests that a report draws and sends at once, three times a second at Stripe's usual limit.

Fewer would wake the process more often, and cost it a third more processor time. Stripe's own
bucket holds 25, so people find room in it."""

DEBT_SECONDS = 2.0
"""How many seconds' worth of requests people's calls may overdraw a bucket by, so that reports go
on soon after a rush."""

TOLD_TOGETHER = 0.02
"""Seconds in which people's calls are gathered, so that Redis is told of them at once."""

WITHOUT_REDIS = 5.0
"""Seconds in which people's calls are not counted after Redis could not be reached."""

_STATE = f"""
local clock = redis.call('TIME')
local now = clock[1] + clock[2] / 1000000
local function pace_of(key)
  local kept = redis.call('HMGET', key, 'pace', 'slowed_at')
  if not kept[1] then return 1, math.huge end
  local since = now - tonumber(kept[2])
  if since < 0 then return 1, math.huge end -- the clock was set back
  return math.min(1, tonumber(kept[1]) + since / {RECOVERY}), since
end
"""

_DRAW = f"""{_STATE}
-- KEYS: the buckets. ARGV: how many requests, "people" or "report", then for each bucket its
-- requests a second. Draws them from each, from what it will have if it is empty, and answers with
-- the seconds until all of them have the last one.
local requests, wait = tonumber(ARGV[1]), 0
for i, key in ipairs(KEYS) do
  local rate = tonumber(ARGV[i + 2])
  local pace = rate * pace_of(key)
  local most = math.max(1, rate * {BURST_SECONDS})
  local kept = redis.call('HMGET', key, 'left', 'at')
  local left = tonumber(kept[1]) or most
  local since = math.max(0, now - (tonumber(kept[2]) or now))
  local before = math.min(most, left + since * pace)
  left = before - requests
  if ARGV[2] == 'people' then left = math.max(left, math.min(before, -rate * {DEBT_SECONDS})) end
  if left < 0 then wait = math.max(wait, -left / pace) end
  redis.call('HSET', key, 'left', tostring(left), 'at', tostring(now))
  redis.call('EXPIRE', key, 60)
end
return tostring(wait)
"""

_SLOW_DOWN = f"""{_STATE}
-- KEYS: a bucket. It is empty now, and fills at a slower pace for a while.
local key = KEYS[1]
local pace, since = pace_of(key)
redis.call('HSET', key, 'left', '0', 'at', tostring(now))
if since > {SAME_CAUSE} then
  pace = math.max({SLOWEST}, pace * {SLOWED_TO})
  redis.call('HSET', key, 'pace', tostring(pace), 'slowed_at', tostring(now))
end
redis.call('EXPIRE', key, 60)
"""


_LOOK = f"""{_STATE}
-- KEYS: a bucket. ARGV: its requests a second. What it has, what it holds when full, and its pace.
local key, rate = KEYS[1], tonumber(ARGV[1])
local pace = pace_of(key)
local most = math.max(1, rate * {BURST_SECONDS})
local kept = redis.call('HMGET', key, 'left', 'at')
local left = tonumber(kept[1]) or most
left = math.min(most, left + (now - (tonumber(kept[2]) or now)) * rate * pace)
return {{tostring(left), tostring(most), tostring(pace)}}
"""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Requests a second that Stripe allows: in all, and on one method of one path."""

    total: int
    per_endpoint: int


@dataclass(frozen=True, kw_only=True)
class State:
    """The account's bucket at this moment.

    Attributes:
        limit: requests a second that it fills with at most.
        pace: the share of that it fills with now; less than 1 for a while after a 429.
        used: the share of what it holds when full that is used; above 1 it is overdrawn.
    """

    limit: int
    pace: float
    used: float


class Budget:
    """The account's budget, as one process draws from it."""

    def __init__(self, storage: Storage, limits: Limits) -> None:
        self._storage = storage
        self._limits = limits
        self._draw = storage.redis.register_script(_DRAW)
        self._look = storage.redis.register_script(_LOOK)
        self._slow_down = storage.redis.register_script(_SLOW_DOWN)
        self._turn = asyncio.Lock()
        self._left: dict[str, int] = {}
        self._spent = 0
        self._telling: asyncio.Task[None] | None = None
        self._count_again_at = 0.0

    def spend(self) -> None:
        """Count a call that a person waits for. Never waits; without Redis nothing is counted."""
        self._spent += 1
        if self._telling is None:
            self._telling = asyncio.create_task(self._tell())

    async def told(self) -> None:
        """Wait until Redis knows of all that was spent, or can't be reached."""
        if self._telling is not None:
            await self._telling

    async def _tell(self) -> None:
        await asyncio.sleep(TOLD_TOGETHER)
        spent, self._spent, self._telling = self._spent, 0, None
        if time.monotonic() < self._count_again_at:
            return
        try:
            await self._drawn("people", [None], spent)
        except RedisError as error:
            log.warning("calls to Stripe are not counted, Redis cannot be reached: %s", error)
            self._count_again_at = time.monotonic() + WITHOUT_REDIS

    async def take(self, endpoint: str, at_most: int = 1) -> int:
        """Wait until requests of a report may be sent to `endpoint`, such as `GET /v1/refunds`.

        Answers with how many may go now, from 1 to `at_most`.

        Raises:
            RedisError: the budget can't be reached.
        """
        async with self._turn:
            if not self._left.get(endpoint):
                await asyncio.sleep(await self._drawn("report", [None, endpoint], AT_ONCE))
                self._left[endpoint] = AT_ONCE
            taken = min(at_most, self._left[endpoint])
            self._left[endpoint] -= taken
            return taken

    async def state(self) -> State:
        """How the account's bucket is.

        Raises:
            RedisError: the budget can't be reached.
        """
        limit = self._limits.total
        answer = self._look(keys=[self._bucket(None)], args=[limit])
        left, most, pace = map(float, await cast(Awaitable[list[str]], answer))
        return State(limit=limit, pace=pace, used=1 - left / most)

    async def refused(self, endpoint: str | None) -> None:
        """Stripe said 429: about `endpoint`, or None where it was about the whole account."""
        try:
            await cast(Awaitable[object], self._slow_down(keys=[self._bucket(endpoint)]))
        except RedisError as error:
            log.warning("Redis cannot be told of a 429: %s", error)

    async def _drawn(self, whose: str, endpoints: list[str | None], requests: int) -> float:
        """Draw requests from these buckets, None being the account's; seconds until the last."""
        keys = [self._bucket(endpoint) for endpoint in endpoints]
        limits = self._limits
        rates = [limits.total if each is None else limits.per_endpoint for each in endpoints]
        return float(
            await cast(Awaitable[str], self._draw(keys=keys, args=[requests, whose, *rates]))
        )

    def _bucket(self, endpoint: str | None) -> str:
        return self._storage.key("budget", endpoint or "all")
