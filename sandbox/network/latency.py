"""How long an answer takes: a part before the work is done, a part for what is sent back."""

from collections.abc import Mapping
from random import Random
from typing import Annotated

import msgspec

Milliseconds = Annotated[float, msgspec.Meta(ge=0, le=60_000)]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``base_ms`` give or take its share ``jitter`` (0 to 1), and ``per_object_ms`` on top."""

    base_ms: Milliseconds
    jitter: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.0
    per_object_ms: Milliseconds = 0.0


NONE = Profile(base_ms=0)
REALISTIC = Profile(base_ms=180, jitter=0.4, per_object_ms=0.5)
"""0.11 to 0.25 s; up to 0.3 s for 100 rows, 0.4 s for 100 rows with two expansions."""

PROFILES: Mapping[str, Profile] = {"none": NONE, "realistic": REALISTIC}


class Latency:
    """A profile and its luck: the n-th request waits as long in every run with the same seed."""

    def __init__(self, profile: Profile, seed: int = 1) -> None:
        self.profile = profile
        self._random = Random(seed)

    def before(self) -> float:
        """Seconds until the work is done: the way there and Stripe's own thinking."""
        profile = self.profile
        if not profile.base_ms:
            return 0.0
        swing = profile.jitter * (2 * self._random.random() - 1)
        return profile.base_ms * (1 + swing) / 1_000

    def after(self, objects: int) -> float:
        """Seconds to put ``objects`` together and send them, each expansion counted as one."""
        return self.profile.per_object_ms * objects / 1_000
