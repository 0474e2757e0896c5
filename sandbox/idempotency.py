"""Idempotency keys: the first answer is kept for 24 hours and given again."""

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

import msgspec

from sandbox.errors import ParameterError, StripeError

LIFETIME = 24 * 3_600


class Kept(msgspec.Struct, frozen=True):
    """The answer to the first request with a key."""

    status: int
    body: bytes
    request_id: str


class Claim(msgspec.Struct):
    """What a key was first used for, and the answer once there is one."""

    started: int
    path: str
    params: Mapping[str, Any]
    request_id: str
    answer: Kept | None = None


class IdempotencyKeys:
    """The keys of the last 24 hours, oldest first."""

    def __init__(self) -> None:
        self._claims: OrderedDict[str, Claim] = OrderedDict()

    def begin(
        self, key: str, path: str, params: Mapping[str, Any], request_id: str, now: int
    ) -> Kept | None:
        """The answer to repeat, or ``None`` after claiming the key for this request.

        Raises Stripe's ``idempotency_error`` for a key used with other parameters or on another
        endpoint, and 409 while the first request is still at work.
        """
        self._forget_before(now - LIFETIME)
        first = self._claims.get(key)
        if first is None:
            self._claims[key] = Claim(now, path, params, request_id)
            return None
        if first.path != path:
            raise _misused(
                f"for the same endpoint they were first used for ('{path}' vs '{first.path}')", key
            )
        if first.params != params:
            raise _misused("with the same parameters they were first used with", key)
        if first.answer is None:
            raise key_in_use(key)
        return first.answer

    def finish(self, key: str, status: int, body: bytes) -> None:
        """Keep the answer to the request that claimed ``key``, unless a day went by meanwhile."""
        claim = self._claims.get(key)
        if claim is not None:
            claim.answer = Kept(status, body, claim.request_id)

    def release(self, key: str) -> None:
        """Forget the claim: the request was refused before anything was done."""
        self._claims.pop(key, None)

    def answered(self) -> dict[str, Claim]:
        """Every key whose first answer is kept, oldest first."""
        return {key: claim for key, claim in self._claims.items() if claim.answer is not None}

    def restore(self, claims: Mapping[str, Claim]) -> None:
        """Continue with these keys, given oldest first."""
        self._claims.update(claims)

    def _forget_before(self, moment: int) -> None:
        while self._claims:
            oldest = next(iter(self._claims))
            if self._claims[oldest].started >= moment:
                return
            del self._claims[oldest]


def check_key(key: str) -> None:
    """A key has at most 255 characters."""
    if len(key) > 255:
        raise ParameterError("Idempotency keys may be at most 255 characters long.", None)


def key_in_use(key: str) -> StripeError:
    """409: another request with this key is still at work."""
    return StripeError(
        409,
        "There is currently another in-progress request using this Idempotent Key (that "
        "probably means you submitted twice, and the other request is still going "
        f"through): {key}. Please try again later.",
        type="idempotency_error",
        code="idempotency_key_in_use",
    )


def _misused(rule: str, key: str) -> StripeError:
    return StripeError(
        400,
        f"Keys for idempotent requests can only be used {rule}. Try using a key other than "
        f"'{key}' if you meant to execute a different request.",
        type="idempotency_error",
    )
