"""Two witnesses of the same money compared: the balance, and the objects that moved it.

The balance has a row for every movement. Apart from it, a charge knows what was captured of it, a
refund what it gave back, a dispute what it took. Both are added up under the object's id; where
they agree the object is forgotten, and what remains at the end are the differences.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

import msgspec

ROUNDING = Decimal("0.000001")
"""Stripe gives exchange rates to six decimals, so so much of an amount may be lost in one."""


class Difference(NamedTuple):
    """An object on which the two do not agree.

    Attributes:
        id: the charge's, refund's or dispute's.
        by_balance, by_objects: minor units of the settlement currency; None where that witness
            does not know of it at all.
    """

    id: str
    by_balance: int | None
    by_objects: int | None

    @property
    def amount(self) -> int:
        """How much more the balance moved than the object says."""
        return (self.by_balance or 0) - (self.by_objects or 0)


class _Sides(msgspec.Struct, gc=False):
    by_balance: int = 0
    by_objects: int = 0
    balance_entries: int = 0
    object_entries: int = 0


class Comparison:
    """The money of one settlement currency. Keeps about 250 bytes for what is not matched yet.

    Attributes:
        matched: objects on which the two agree.
    """

    def __init__(self) -> None:
        self.matched = 0
        self._open: dict[str, _Sides] = {}

    def add_by_balance(self, object_id: str, amount: int) -> None:
        """A movement of the balance that the object made."""
        sides = self._open.setdefault(object_id, _Sides())
        sides.by_balance += amount
        sides.balance_entries += 1

    def add_by_object(self, object_id: str, amount: int, *, slack: int = 0) -> None:
        """All that the object says it moved in the window; called once an object.

        Args:
            slack: how much a conversion between currencies may have been rounded.
        """
        sides = self._open.setdefault(object_id, _Sides())
        sides.by_objects += amount
        sides.object_entries += 1
        if sides.balance_entries and abs(sides.by_balance - sides.by_objects) <= slack:
            del self._open[object_id]
            self.matched += 1

    def differences(self) -> Iterator[Difference]:
        """What the two do not agree on, in the order of ids."""
        for object_id, sides in sorted(self._open.items()):
            yield Difference(
                object_id,
                sides.by_balance if sides.balance_entries else None,
                sides.by_objects if sides.object_entries else None,
            )


def converted(amount: int, rate: Decimal | None) -> tuple[int, int]:
    """An object's amount in the settlement currency, and how much its rounding may be off."""
    if rate is None:
        return amount, 0
    whole = (amount * rate).quantize(Decimal(1), ROUND_HALF_UP)
    return int(whole), 1 + int(abs(amount) * ROUNDING)
