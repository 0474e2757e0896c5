"""How deliveries go: as they should, or twice, late, in the wrong order, or not at all.

Decisions only; nothing is sent from here. The same seed decides the same for the same types of
events in the same order, whatever their ids.
"""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from sandbox.ids import derived
from sandbox.webhooks.delivery import Delivery

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]

RETRY_AFTER = (1.0, 4.0, 15.0, 60.0)
"""Seconds before each further try. Stripe takes hours; here nobody should have to wait so long."""


class Behaviour(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a test asks for; the defaults are a good day."""

    duplicates: Annotated[int, msgspec.Meta(ge=0, le=10)] = 0
    """How many more times each event arrives."""

    delay_seconds: Seconds = 0
    """How long after it happened an event is first sent."""

    shuffle: bool = False
    """Whether events that happen close together arrive in another order."""

    seed: int = 1
    """Picks that order."""

    outage: bool = False
    """Whether every try fails before it reaches anybody."""

    retry_after: Annotated[tuple[Seconds, ...], msgspec.Meta(max_length=20)] = RETRY_AFTER
    """The schedule of further tries; when it is used up, the delivery is given up."""

    def pause_after(self, attempts: int) -> float | None:
        """Seconds to wait after so many failed tries, or ``None`` to give up."""
        return self.retry_after[attempts - 1] if attempts <= len(self.retry_after) else None


def in_wrong_order(deliveries: Sequence[Delivery], seed: int) -> list[Delivery]:
    """The same deliveries in an order that the seed picks and that is never the right one."""
    given = list(deliveries)
    places = sorted(
        range(len(given)),
        key=lambda place: derived(f"{place} {given[place].event.type}", f"{seed} "),
    )
    shuffled = [given[place] for place in places]
    return shuffled if shuffled != given else given[::-1]
