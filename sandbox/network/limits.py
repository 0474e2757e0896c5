"""Stripe's rate limits as token buckets.

A bucket holds one second's worth of requests (one hour's, for changes of one object) and refills
evenly. A client that sends exactly the allowed rate is never refused, however its requests jitter;
a sliding window would refuse it each time two of them came a moment closer together. The price is
that a full bucket may be used up at once after a pause, as Stripe allows too.
https://stripe.com/blog/rate-limiters, https://docs.stripe.com/rate-limits
"""

from collections import Counter
from enum import Enum
from typing import Annotated, Literal

import msgspec

AtLeastOne = Annotated[int, msgspec.Meta(ge=1)]
Mode = Literal["test", "live"]
SECOND = 1.0
HOUR = 3_600.0
ROUNDING = 1e-9


class Reason(Enum):
    """The value of the header ``Stripe-Rate-Limited-Reason``."""

    GLOBAL_CONCURRENCY = "global-concurrency"
    """Too many requests of the account are at work at once."""

    ENDPOINT_CONCURRENCY = "endpoint-concurrency"
    """Too many requests for one method of one path are at work at once."""

    GLOBAL_RATE = "global-rate"
    """Too many requests a second on the whole account."""

    ENDPOINT_RATE = "endpoint-rate"
    """Too many requests a second on one method of one path."""

    RESOURCE_SPECIFIC = "resource-specific"
    """Too many changes of one object in an hour."""


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be asked for; ``None``: no limit.

    ``per_endpoint`` and ``total`` are requests a second, ``concurrency`` and
    ``endpoint_concurrency`` requests at once, ``per_resource_hour`` changes of one object in an
    hour. ``mode`` is whose words a refusal has: Stripe says in test mode that it is stricter there.
    """

    per_endpoint: AtLeastOne | None = None
    total: AtLeastOne | None = None
    concurrency: AtLeastOne | None = None
    endpoint_concurrency: AtLeastOne | None = None
    per_resource_hour: AtLeastOne | None = None
    mode: Mode = "test"


class TokenBucket:
    """``size`` tokens, refilled evenly within ``seconds``."""

    def __init__(self, size: int, seconds: float = SECOND) -> None:
        self._size = size
        self._rate = size / seconds
        self._tokens = float(size)
        self._filled = float("-inf")

    def ready(self, now: float) -> bool:
        """Whether a token is there at ``now``, in seconds of any clock that only goes forward."""
        self._tokens = min(self._size, self._tokens + (now - self._filled) * self._rate)
        self._filled = now
        return self._tokens >= 1 - ROUNDING

    def take(self) -> None:
        """Use one token up."""
        self._tokens -= 1


class Limiter:
    """Lets a request in or says why not; one that is refused uses nothing up."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._at_work: Counter[str] = Counter()
        self._buckets: dict[tuple[Reason, str], TokenBucket] = {}

    def enter(self, endpoint: str, now: float, changes: str | None = None) -> Reason | None:
        """Let a request in, which must ``leave`` when it is answered, or say what is exceeded.

        ``changes`` is the object it is to change, if that object has a limit of its own.
        """
        crowded = self._crowded(endpoint)
        if crowded is not None:
            return crowded
        buckets = self._buckets_of(endpoint, changes)
        for reason, bucket in buckets.items():
            if not bucket.ready(now):
                return reason
        for bucket in buckets.values():
            bucket.take()
        self._at_work[endpoint] += 1
        return None

    def leave(self, endpoint: str) -> None:
        """A request that was let in has been answered."""
        self._at_work[endpoint] -= 1

    def _crowded(self, endpoint: str) -> Reason | None:
        in_all, here = self.limits.concurrency, self.limits.endpoint_concurrency
        if in_all is not None and self._at_work.total() >= in_all:
            return Reason.GLOBAL_CONCURRENCY
        if here is not None and self._at_work[endpoint] >= here:
            return Reason.ENDPOINT_CONCURRENCY
        return None

    def _buckets_of(self, endpoint: str, changes: str | None) -> dict[Reason, TokenBucket]:
        """What a request draws from, by what it exceeds if there is nothing left."""
        limits = self.limits
        rates = (
            (Reason.GLOBAL_RATE, "", limits.total, SECOND),
            (Reason.ENDPOINT_RATE, endpoint, limits.per_endpoint, SECOND),
            (Reason.RESOURCE_SPECIFIC, changes, limits.per_resource_hour, HOUR),
        )
        return {
            reason: self._buckets.setdefault((reason, name), TokenBucket(size, seconds))
            for reason, name, size, seconds in rates
            if size is not None and name is not None
        }
