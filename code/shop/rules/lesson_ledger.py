"""Lesson money: what came in, what came off, and what the shop is left with.

Every movement of the balance is an entry, added up by its reporting category in the settlement
currency, in integer minor units. The rules hold whatever rows a refund or dispute happens to
write, because the net is the sum of all rows' nets and never worked out from a charge:

    gross captured - everything that came off = Σ net

Sources: https://docs.stripe.com/reports/reporting-categories and the client's contract. Accounts
on an API version before 2025-03-31 book a partial capture as a charge of the whole hold and a
`partial_capture_reversal` of the rest, so a reversal lowers what was captured.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import msgspec

from shop.rules.breakdown import Breakdown, Sums
from shop.rules.local_time import LocalTime

LESSON_METADATA = {"type": "lessons-payment"}
"""What marks lesson money at Stripe; tickets and videos share the account (the client's rule)."""


def is_lesson(metadata: Mapping[str, str] | None) -> bool:
    """Whether a charge with this metadata is lesson money (the client's rule)."""
    return metadata is not None and metadata.get("type") == LESSON_METADATA["type"]


class Line(Enum):
    """Where an entry's amount belongs in the summary. The value is what people read."""

    CAPTURED = "Captured"
    PARTIAL_CAPTURE_REVERSALS = "Booked whole, captured in part"
    STRIPE_FEES = "Stripe fees"
    REFUNDS = "Refunds"
    REFUND_FAILURES = "Refunds that failed and came back"
    DISPUTES = "Disputes"
    DISPUTE_REVERSALS = "Disputes won back"
    DISPUTE_FEES = "Dispute fees"
    OTHER = "Other lesson transactions"


LINE_OF_CATEGORY: Mapping[str, Line] = {
    "charge": Line.CAPTURED,
    "partial_capture_reversal": Line.PARTIAL_CAPTURE_REVERSALS,
    "refund": Line.REFUNDS,
    "refund_failure": Line.REFUND_FAILURES,
    "dispute": Line.DISPUTES,
    "dispute_reversal": Line.DISPUTE_REVERSALS,
}
"""A category that is not here goes to `Line.OTHER`."""

GROSS = frozenset({Line.CAPTURED, Line.PARTIAL_CAPTURE_REVERSALS})
"""The lines that make up the gross; all others came off it."""


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One movement of the balance that hangs on a lesson's charge.

    Attributes:
        time: unix seconds of the movement itself, not of the lesson's booking.
        currency: the settlement currency, which may differ from the charge's.
        amount: gross, minor units, negative when money leaves.
        fee: Stripe's fee, minor units; negative when a fee comes back.
        net: what the balance changed by: amount - fee.
        lesson: the charge's description, which names the instrument.
        instructor: the charge's metadata `instructor`, where it is set.
    """

    time: int
    currency: str
    reporting_category: str
    amount: int
    fee: int
    net: int
    lesson: str | None = None
    instructor: str | None = None


@dataclass(frozen=True, kw_only=True)
class Totals:
    """The figures of one settlement currency, in minor units.

    Attributes:
        payment_total: gross captured.
        fee_total: everything that came off it, less what came back: payment_total - net_total.
        net_total: what the shop is left with: the sum of the nets of all entries.
        lines: every line that occurred, signed as it changed the balance.
    """

    currency: str
    payment_total: int
    fee_total: int
    net_total: int
    entries: int
    lines: Mapping[Line, int]

    @property
    def deductions(self) -> int:
        """What came off, line by line; the identity says that it is the fee total."""
        return -sum(amount for line, amount in self.lines.items() if line not in GROSS)

    @property
    def identity_holds(self) -> bool:
        """Whether gross - deductions = Σ net. Only rows that contradict themselves break it."""
        return self.payment_total - self.deductions == self.net_total


class CurrencyLedger:
    """All entries of one settlement currency, added up in every way the shop reads them.

    Attributes:
        by_hour: under the unix second at which the hour began on the reader's clock.
        by_category: under the reporting category.
        by_lesson: under the charge's description; None where it has none.
        by_instructor: under the instructor; None where none is set.
    """

    def __init__(self, currency: str, clock: LocalTime) -> None:
        self.currency = currency
        self._clock = clock
        self._lines = dict.fromkeys(Line, 0)
        self._all = Sums()
        self.by_hour: Breakdown[int] = Breakdown()
        self.by_category: Breakdown[str] = Breakdown()
        self.by_lesson: Breakdown[str | None] = Breakdown()
        self.by_instructor: Breakdown[str | None] = Breakdown()

    def add(self, entry: Entry) -> Line:
        """Count one entry; answers the line that its amount went to."""
        line = LINE_OF_CATEGORY.get(entry.reporting_category, Line.OTHER)
        of_dispute = line is Line.DISPUTES or line is Line.DISPUTE_REVERSALS
        self._lines[line] += entry.amount
        self._lines[Line.DISPUTE_FEES if of_dispute else Line.STRIPE_FEES] -= entry.fee
        gross, net = entry.amount if line in GROSS else 0, entry.net
        self._all.add(gross, net)
        self.by_hour.add(self._clock.hour_of(entry.time), gross, net)
        self.by_category.add(entry.reporting_category, entry.amount, net)
        self.by_lesson.add(entry.lesson, gross, net)
        self.by_instructor.add(entry.instructor, gross, net)
        return line

    @property
    def by_day(self) -> Breakdown[int]:
        """Under the unix second at which the day began on the reader's clock."""
        return self.by_hour.regrouped(self._clock.day_of)

    @property
    def totals(self) -> Totals:
        """The figures so far."""
        return Totals(
            currency=self.currency,
            payment_total=self._all.gross,
            fee_total=self._all.gross - self._all.net,
            net_total=self._all.net,
            entries=self._all.entries,
            lines={line: amount for line, amount in self._lines.items() if amount},
        )


class LessonLedger:
    """Adds entries up, one currency apart from another. Memory does not grow with the entries."""

    def __init__(self, clock: LocalTime) -> None:
        self._clock = clock
        self._currencies: dict[str, CurrencyLedger] = {}

    def add(self, entry: Entry) -> Line:
        """Count one entry; answers the line that its amount went to."""
        ledger = self._currencies.get(entry.currency)
        if ledger is None:
            ledger = self._currencies[entry.currency] = CurrencyLedger(entry.currency, self._clock)
        return ledger.add(entry)

    def currencies(self, otherwise: str) -> list[CurrencyLedger]:
        """One ledger a settlement currency, the one with most entries first.

        Args:
            otherwise: the currency of the zeros where no lesson money moved at all.
        """
        if not self._currencies:
            return [CurrencyLedger(otherwise, self._clock)]
        return sorted(self._currencies.values(), key=lambda of: (-of.totals.entries, of.currency))
