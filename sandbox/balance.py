"""What the shop has at Stripe: the rows that no payout has taken yet, and what they come to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sandbox.records import BalanceTransaction


class PayoutSchedule(StrEnum):
    """When Stripe sends the shop what is available, of its own accord."""

    DAILY = "daily"
    """Every business day at midnight UTC, if there is anything."""

    MANUAL = "manual"
    """Never; it stays until somebody asks for it."""


@dataclass(slots=True)
class Portion:
    """Rows of one currency that become available in the same second, and their sum."""

    net: int = 0
    rows: list[BalanceTransaction] = field(default_factory=list)


class Balance:
    """The rows that were not paid out, by currency and by the second they become available.

    The sums are kept as rows come and go, so that nobody has to look through the table: rows of
    payments all become available at a midnight, so there are few portions.
    """

    def __init__(self) -> None:
        self._portions: dict[tuple[str, int], Portion] = {}

    def add(self, row: BalanceTransaction) -> bool:
        """Count a row; whether it is the first of its portion."""
        key = (row.currency, row.available_on)
        portion = self._portions.get(key)
        first = portion is None
        if portion is None:
            portion = self._portions[key] = Portion()
        portion.net += row.amount - row.fee
        portion.rows.append(row)
        return first

    def fill(self, rows: Iterable[BalanceTransaction]) -> None:
        """Count those of ``rows`` that were not paid out."""
        for row in rows:
            if row.payout is None:
                self.add(row)

    def absorb(self, other: "Balance") -> None:
        """Take over everything in ``other``."""
        for key, portion in other._portions.items():
            mine = self._portions.setdefault(key, Portion())
            mine.net += portion.net
            mine.rows += portion.rows

    def currencies(self) -> set[str]:
        """Those in which anything is left."""
        return {currency for currency, _ in self._portions}

    def available(self, currency: str, now: int) -> int:
        """Minor units that can be paid out at ``now``; less than nothing where more has left."""
        return sum(self._portions[key].net for key in self._ready(currency, now))

    def pending(self, currency: str, now: int) -> int:
        """Minor units that become available after ``now``."""
        return sum(
            portion.net
            for (of, available_on), portion in self._portions.items()
            if of == currency and available_on > now
        )

    def take(self, currency: str, now: int) -> list[BalanceTransaction]:
        """Take out every row that is available at ``now``."""
        ready = list(self._ready(currency, now))
        return [row for key in ready for row in self._portions.pop(key).rows]

    def _ready(self, currency: str, now: int) -> Iterator[tuple[str, int]]:
        return (key for key in self._portions if key[0] == currency and key[1] <= now)
