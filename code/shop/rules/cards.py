"""One saved card per student: which of several attached cards is the one (the client's rule).

More than one card is attached only for a moment, while one is being replaced, or when a page
was closed between the card's confirmation and the shop's finishing step.
"""

from collections.abc import Sequence
from typing import Protocol, TypeVar


class AttachedCard(Protocol):
    """A card on file."""

    @property
    def id(self) -> str:
        """The PaymentMethod's id."""


C = TypeVar("C", bound=AttachedCard)


def replaced_since(card: AttachedCard, attached: Sequence[AttachedCard]) -> bool:
    """Whether the student has put down a newer card than this one, or taken this one off.

    Late news of an older card must not bring it back.

    Args:
        attached: newest first, as Stripe lists them. That orders also those of one second, which
            the times of their making cannot.
    """
    return not attached or attached[0].id != card.id


def left_beside(card: AttachedCard, attached: Sequence[AttachedCard], one: AttachedCard) -> bool:
    """Whether a card that was replaced is attached all the same, beside the student's one card.

    It was entered first and confirmed last, and its page was closed before it could say so.
    """
    return card.id != one.id and {card.id, one.id} <= {other.id for other in attached}


def superfluous(card: AttachedCard, attached: Sequence[C]) -> list[C]:
    """The cards to detach once `card` is the student's one card."""
    return [other for other in attached if other.id != card.id]
