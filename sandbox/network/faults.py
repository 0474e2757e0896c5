"""Which request is to fail, and how: rules with a share each, drawn from a seed."""

import re
from collections.abc import Sequence
from enum import Enum
from random import Random
from typing import Annotated, Literal

import msgspec

PLACEHOLDER = re.compile(r"\\\{\w+\\\}")
"""``{id}`` in a path whose special characters are escaped."""


class Kind(Enum):
    """What goes wrong. Unless it says otherwise, nothing happens to the account."""

    RATE_LIMIT = "429"
    """Stripe's limiter refuses, although no limit is exceeded."""

    LOCK_TIMEOUT = "lock_timeout"
    """429: another request holds the object; Stripe says that a retry is worth it."""

    CONFLICT = "409"
    """The idempotency key is said to be at work in another request."""

    SERVER_ERROR = "500"
    """The endpoint breaks down before it changes anything; the key remembers the 500."""

    BAD_GATEWAY = "502"
    """A proxy in front of Stripe gives up, in HTML."""

    TIMEOUT_BEFORE = "timeout_before"
    """The request never gets there, and nothing comes back."""

    TIMEOUT_AFTER = "timeout_after"
    """The request takes effect, and nothing comes back."""

    RESET_BEFORE = "reset_before"
    """The connection is reset on the way there."""

    RESET_AFTER = "reset_after"
    """The request takes effect, and the connection is reset on the way back."""

    TRUNCATE = "truncate"
    """The request takes effect; the answer is well framed, but its JSON is cut short."""

    SLOW_BODY = "slow_body"
    """The request takes effect; the body of the answer arrives in drips."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A share of the requests with this method and path meets ``kind``, at most ``times``.

    ``path`` is an exact path, one with placeholders (``/v1/customers/{id}``), or the beginning of
    one followed by ``*``.
    """

    kind: Kind
    share: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    method: Literal["GET", "POST", "DELETE"] | None = None
    path: str | None = None
    times: Annotated[int, msgspec.Meta(ge=1)] | None = None


class Faults:
    """The rules in force.

    Each rule has luck of its own and tries it on every request it is about, so what a rule does
    depends on those requests and the seed alone, never on the rules around it. Where several
    strike at once the first one given has its way.
    """

    def __init__(self, rules: Sequence[Rule] = (), seed: int = 1) -> None:
        self._armed = [_Armed(rule, f"{seed}:{place}") for place, rule in enumerate(rules)]

    def strike(self, method: str, path: str) -> Kind | None:
        """What happens to the next request, which has this method and path."""
        if not self._armed:
            return None
        struck = [armed for armed in self._armed if armed.about(method, path) and armed.strikes()]
        return struck[0].spend() if struck else None


class _Armed:
    """A rule, its luck, and how often it may still strike."""

    def __init__(self, rule: Rule, seed: str) -> None:
        self._rule = rule
        self._shape = None if rule.path is None else shape(rule.path)
        self._random = Random(seed)
        self._left = rule.times

    def about(self, method: str, path: str) -> bool:
        if self._rule.method not in (None, method):
            return False
        return self._shape is None or self._shape.fullmatch(path) is not None

    def strikes(self) -> bool:
        return self._random.random() < self._rule.share and self._left != 0

    def spend(self) -> Kind:
        if self._left is not None:
            self._left -= 1
        return self._rule.kind


def shape(path: str) -> re.Pattern[str]:
    """What a path with placeholders or a ``*`` at its end stands for."""
    pattern = PLACEHOLDER.sub("[^/]+", re.escape(path))
    return re.compile(pattern.removesuffix(r"\*") + ".*" if path.endswith("*") else pattern)
