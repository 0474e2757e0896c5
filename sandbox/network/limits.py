"""Stripe's rate limits as token buckets.

A bucket holds one second's worth of requests and refills evenly. A client that sends exactly the
allowed rate is never refused, however its requests jitter; a sliding window would refuse it each
time two of them came a moment closer together. The price is that one full second's worth may
arrive at once after a pause, as Stripe allows too.
https://stripe.com/blog/rate-limiters, https://docs.stripe.com/rate-limits
"""

from enum import Enum
from typing import Annotated

import msgspec

AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]
ROUNDING = 1e-9


class Reason(Enum):
    """The value of the header ``Stripe-Rate-Limited-Reason``."""

    GLOBAL_CONCURRENCY = "global-concurrency"
    """Too many requests of the account are at work at once."""

    GLOBAL_RATE = "global-rate"
    """Too many requests a second on the whole account."""

    ENDPOINT_RATE = "endpoint-rate"
    """Too many requests a second on one method of one path."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Requests a second on one endpoint and in all, and requests at once; ``None``: no limit."""

    per_endpoint: AtLeastOne | None = None
    total: AtLeastOne | None = None
    concurrency: AtLeastOne | None = None


class TokenBucket:
    """``rate`` tokens a second, at most ``rate`` of them saved up."""

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._tokens = float(rate)
        self._filled = float("-inf")

    def ready(self, now: float) -> bool:
        """Whether a token is there at ``now``, in seconds of any clock that only goes forward."""
        self._tokens = min(self._rate, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        return self._tokens >= 1 - ROUNDING

    def take(self) -> None:
        """Use one token up."""
        self._tokens -= 1


class Limiter:
    """Lets a request in or says why not; one that is refused uses nothing up."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._at_work = 0
        self._total = _bucket(self.limits.total)
        self._endpoints: dict[str, TokenBucket | None] = {}

    def enter(self, endpoint: str, now: float) -> Reason | None:
        """Let a request in, which must ``leave`` when it is answered, or say what is exceeded."""
        if self.limits.concurrency is not None and self._at_work >= self.limits.concurrency:
            return Reason.GLOBAL_CONCURRENCY
        if endpoint not in self._endpoints:
            self._endpoints[endpoint] = _bucket(self.limits.per_endpoint)
        total, own = self._total, self._endpoints[endpoint]
        if total is not None and not total.ready(now):
            return Reason.GLOBAL_RATE
        if own is not None and not own.ready(now):
            return Reason.ENDPOINT_RATE
        for bucket in (total, own):
            if bucket is not None:
                bucket.take()
        self._at_work += 1
        return None

    def leave(self) -> None:
        """A request that was let in has been answered."""
        self._at_work -= 1


def _bucket(rate: int | None) -> TokenBucket | None:
    return None if rate is None else TokenBucket(rate)
