"""Lesson money: what came in, what came off, and what the shop is left with.

Every movement of the balance is an entry, added up by its reporting category in the settlement
currency, in integer minor units. The rules hold whatever rows a refund or dispute happens to
write, because the net is the sum of all rows' nets and never worked out from a charge:

    captured - everything that came off = Σ net

Sources: https://docs.stripe.com/reports/reporting-categories and the client's contract. Accounts
on an API version before 2025-03-31 book a partial capture as a charge of the whole hold and a
`partial_capture_reversal` of the rest, so a reversal lowers what was captured.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

LESSON_METADATA = {"type": "lessons-payment"}
"""What marks lesson money at Stripe; tickets and videos share the account (the client's rule)."""


class Line(Enum):
    """Where an entry's amount belongs in the summary. The value is what people read."""

    CAPTURED = "Captured"
    STRIPE_FEES = "Stripe fees"
    REFUNDS = "Refunds"
    REFUND_FAILURES = "Refunds that failed and came back"
    DISPUTES = "Disputes"
    DISPUTE_REVERSALS = "Disputes won back"
    DISPUTE_FEES = "Dispute fees"
    OTHER = "Other movements"


LINE_OF_CATEGORY: Mapping[str, Line] = {
    "charge": Line.CAPTURED,
    "partial_capture_reversal": Line.CAPTURED,
    "refund": Line.REFUNDS,
    "refund_failure": Line.REFUND_FAILURES,
    "dispute": Line.DISPUTES,
    "dispute_reversal": Line.DISPUTE_REVERSALS,
}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One movement of the balance that hangs on a lesson's charge.

    Attributes:
        currency: the settlement currency, which may differ from the charge's.
        amount: gross, minor units, negative when money leaves.
        fee: Stripe's fee, minor units; negative when a fee comes back.
        net: what the balance changed by: amount - fee.
    """

    currency: str
    reporting_category: str
    amount: int
    fee: int
    net: int


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The figures of one settlement currency, in minor units.

    Attributes:
        payment_total: gross captured.
        fee_total: everything that came off it, less what came back.
        net_total: what the shop is left with; always payment_total - fee_total.
        lines: every line that occurred, signed as it changed the balance; they sum to the net.
    """

    currency: str
    payment_total: int
    fee_total: int
    net_total: int
    entries: int
    lines: Mapping[Line, int]


class LessonLedger:
    """Adds entries up, one currency apart from another. Memory does not grow with the entries."""

    def __init__(self) -> None:
        self._lines: dict[str, dict[Line, int]] = defaultdict(lambda: defaultdict(int))
        self._net: dict[str, int] = defaultdict(int)
        self._entries: dict[str, int] = defaultdict(int)

    def add(self, entry: Entry) -> None:
        """Count one entry.

        Raises:
            ValueError: the entry contradicts itself (net is not amount - fee).
        """
        if entry.net != entry.amount - entry.fee:
            raise ValueError(f"net {entry.net} is not amount {entry.amount} - fee {entry.fee}")
        line = LINE_OF_CATEGORY.get(entry.reporting_category, Line.OTHER)
        of_dispute = line in (Line.DISPUTES, Line.DISPUTE_REVERSALS)
        lines = self._lines[entry.currency]
        lines[line] += entry.amount
        lines[Line.DISPUTE_FEES if of_dispute else Line.STRIPE_FEES] -= entry.fee
        self._net[entry.currency] += entry.net
        self._entries[entry.currency] += 1

    def totals(self) -> list[Totals]:
        """One set of figures for each settlement currency, the one with most entries first."""
        by_size = sorted(self._net, key=lambda currency: (-self._entries[currency], currency))
        return [self._of(currency) for currency in by_size]

    def _of(self, currency: str) -> Totals:
        lines = {line: self._lines[currency][line] for line in Line if self._lines[currency][line]}
        captured, net = lines.get(Line.CAPTURED, 0), self._net[currency]
        if sum(lines.values()) != net:
            raise ArithmeticError(f"the lines in {currency} do not add up to the net")
        return Totals(
            currency=currency,
            payment_total=captured,
            fee_total=captured - net,
            net_total=net,
            entries=self._entries[currency],
            lines=lines,
        )


def nothing(currency: str) -> Totals:
    """The figures of a window in which no lesson money moved."""
    return Totals(currency=currency, payment_total=0, fee_total=0, net_total=0, entries=0, lines={})


def is_lesson(metadata: Mapping[str, str] | None) -> bool:
    """Whether a charge with this metadata is lesson money (the client's rule)."""
    return metadata is not None and metadata.get("type") == LESSON_METADATA["type"]
