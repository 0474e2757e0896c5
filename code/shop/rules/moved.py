"""What a refund or a dispute moved: money out, money back, and Stripe's fees."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


class Movement(Protocol):
    """A balance transaction: amounts in minor units of the settlement currency."""

    @property
    def amount(self) -> int: ...  # noqa: D102
    @property
    def fee(self) -> int: ...  # noqa: D102
    @property
    def net(self) -> int: ...  # noqa: D102


@dataclass(frozen=True)
class Moved:
    """Several movements of one currency together.

    Attributes:
        out: what left the balance, as a positive amount.
        back: what came back to it.
        fee: what Stripe kept for it; less what it gave back.
        net: what the balance changed by.
    """

    out: int = 0
    back: int = 0
    fee: int = 0
    net: int = 0

    def __add__(self, other: "Moved") -> "Moved":
        return Moved(
            self.out + other.out, self.back + other.back, self.fee + other.fee, self.net + other.net
        )

    @property
    def adds_up(self) -> bool:
        """Whether money back - money out - fees is what the balance changed by."""
        return self.back - self.out - self.fee == self.net


def moved(movements: Iterable[Movement]) -> Moved:
    """Add up movements of one currency."""
    whole = Moved()
    for each in movements:
        whole += Moved(max(-each.amount, 0), max(each.amount, 0), each.fee, each.net)
    return whole
