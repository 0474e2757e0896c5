"""One saved card per student: which of several attached cards is the one (the client's rule).

More than one card is attached only for a moment, while one is being replaced, or when a page
was closed between the card's confirmation and the shop's finishing step.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class AttachedCard(Protocol):
    """A card on file: its PaymentMethod id and when it was made (unix seconds)."""

    @property
    def id(self) -> str:
        """The PaymentMethod's id."""

    @property
    def created(self) -> int:
        """When the card was entered, unix seconds UTC."""


C = TypeVar("C", bound=AttachedCard)


def replaced_since(
    card: AttachedCard, attached: Iterable[AttachedCard], *, default: str | None
) -> bool:
    """Whether the student has put down a newer card than this one, or taken this one off.

    Late news of an older card must not bring it back. Of two that were entered in one second, the
    one that is the default already (its PaymentMethod's id) counts as the newer.
    """
    others = {other.id: other for other in attached}
    return card.id not in others or any(
        other.created > card.created or (other.created == card.created and other.id == default)
        for other in others.values()
        if other.id != card.id
    )


def superfluous(card: AttachedCard, attached: Sequence[C]) -> list[C]:
    """The cards to detach once `card` is the student's one card."""
    return [other for other in attached if other.id != card.id]
