"""Whether a failed call to Stripe is worth another try: one table, closed by default.

Structured facts decide, never the text of a message. A retry repeats the same idempotency key,
so a write that took effect before its answer was lost is answered again, not done again.
Sources: https://docs.stripe.com/error-low-level and https://docs.stripe.com/rate-limits.
"""

from dataclasses import dataclass

MOST_TRIES = 5
FIRST_PAUSE = 0.3
LONGEST_PAUSE = 4.0


@dataclass(frozen=True, kw_only=True)
class Failure:
    """What is known of a call that did not succeed.

    Attributes:
        status: the HTTP status, or None when no complete answer came.
        code: Stripe's error code, if it gave one.
        advice: Stripe's own `Stripe-Should-Retry` header, if it sent one.
        kept: the call carried an idempotency key, under which Stripe keeps a 500 and repeats it.
        limited_by: which limit a 429 was about (`Stripe-Rate-Limited-Reason`), if it was one.
    """

    status: int | None
    code: str | None = None
    advice: bool | None = None
    kept: bool = False
    limited_by: str | None = None


RETRIED_CODES = frozenset({"lock_timeout", "rate_limit", "idempotency_key_in_use"})
RETRIED_STATUSES = frozenset({409, 429, 500, 502, 503, 504})


def worth_retrying(failure: Failure) -> bool:
    """Stripe's advice first, then the kind of failure; whatever is not listed is final."""
    if failure.advice is not None:
        return failure.advice
    if failure.status is None:
        return True
    if failure.status == 500 and failure.kept:
        return False
    return failure.code in RETRIED_CODES or failure.status in RETRIED_STATUSES


def pause_before(retry: int, chance: float) -> float:
    """Seconds to wait before the n-th retry (from 1): exponential, at random from half to all.

    Args:
        retry: 1 for the first retry.
        chance: a random number from 0 to 1, given from outside so that the rule stays pure.
    """
    longest = min(FIRST_PAUSE * 2.0 ** (retry - 1), LONGEST_PAUSE)
    return longest * (0.5 + chance / 2)
