"""What the lesson totals come to, for people and for programs."""

from collections.abc import Iterator

from jobs.reports.lesson_totals_tables import HOURS_SHOWN, chart_of, tables_of, unclassified_table
from shop.reports.summary import (
    MOST_ROWS,
    Check,
    Figure,
    Summary,
    amount_figure,
    check,
    count_figure,
    digits,
    in_currency,
    spoken,
    summary,
)
from shop.rules.balance_groups import Group
from shop.rules.breakdown import Sums
from shop.rules.lesson_ledger import GROSS, CurrencyLedger, LessonLedger, Totals
from shop.rules.local_time import LocalTime
from shop.rules.money import Amount
from shop.rules.window import Window
from shop.rules.wording import counted
from shop.stripe_gateway.objects import BalanceTransaction
from shop.stripe_gateway.payments import CURRENCY


class Seen:
    """Every row of the window, counted by its group; of the unclassified ones the first are kept.

    Attributes:
        unclassified: by currency, the rows that a summary shows.
    """

    def __init__(self) -> None:
        self.rows = 0
        self._groups = dict.fromkeys(Group, 0)
        self.unclassified: dict[str, list[BalanceTransaction]] = {}

    def count(self, group: Group, row: BalanceTransaction) -> None:
        """Count one row."""
        self.rows += 1
        self._groups[group] += 1
        if group is Group.UNCLASSIFIED:
            kept = self.unclassified.setdefault(row.currency, [])
            if len(kept) < MOST_ROWS:
                kept.append(row)

    def of(self, group: Group) -> int:
        """How many rows were in the group."""
        return self._groups[group]

    @property
    def others(self) -> int:
        """Rows that are known not to be lesson money."""
        return self.rows - self.of(Group.LESSONS) - self.of(Group.UNCLASSIFIED)


def answer_of(ledger: LessonLedger) -> dict[str, object]:
    """The client's route's answer (contract §2): the figures, of the main currency first."""
    main, *others = [each.totals for each in ledger.currencies(CURRENCY)]
    return {**_named(main), "other_currencies": [_named(totals) for totals in others]}


def summary_of(ledger: LessonLedger, seen: Seen, window: Window, clock: LocalTime) -> Summary:
    """Everything the rows came to."""
    currencies = ledger.currencies(CURRENCY)
    main = currencies[0].totals
    return summary(
        {
            **answer_of(ledger),
            "transactions": main.entries,
            "other_transactions": seen.others,
            "unclassified_transactions": seen.of(Group.UNCLASSIFIED),
            "lines": [
                {"label": line.value, "amount": amount} for line, amount in main.lines.items()
            ],
        },
        figures=[
            *(figure for each in currencies for figure in _figures(each.totals, main.currency)),
            count_figure(
                "transactions", "Balance transactions of lesson money", seen.of(Group.LESSONS)
            ),
            count_figure("other_transactions", "Other balance transactions", seen.others),
            count_figure(
                "unclassified_transactions",
                "Balance transactions nobody can classify",
                seen.of(Group.UNCLASSIFIED),
            ),
        ],
        checks=[
            *(_identity(each.totals) for each in currencies),
            *(_breakdowns_agree(each) for each in currencies),
            _every_row_counted(currencies, seen),
        ],
        tables=[
            *(each for of in currencies for each in tables_of(of, main.currency, window, clock)),
            *(
                unclassified_table(of, rows, main.currency)
                for of, rows in seen.unclassified.items()
            ),
        ],
        notes=list(_notes(window)),
        chart=chart_of(currencies[0], window, clock),
    )


def _named(totals: Totals) -> dict[str, object]:
    return {
        "payment_total": totals.payment_total,
        "fee_total": totals.fee_total,
        "net_total": totals.net_total,
        "currency": totals.currency,
    }


def _figures(totals: Totals, main: str) -> Iterator[Figure]:
    """A statement that reads from top to bottom: gross, what came off line by line, net."""

    def name(of: str) -> str:
        return in_currency(of, totals.currency, main)

    def amount(minor: int) -> Amount:
        return Amount(minor, totals.currency)

    yield amount_figure(
        name("payment_total"), "Gross captured", amount(totals.payment_total), "total"
    )
    for line, minor in totals.lines.items():
        if line not in GROSS:
            yield amount_figure(name(line.name.lower()), line.value, amount(minor), "deduction")
    yield amount_figure(name("net_total"), "Net", amount(totals.net_total), "net")


def _identity(totals: Totals) -> Check:
    def said(minor: int) -> str:
        return digits(Amount(minor, totals.currency))

    return check(
        "Gross less everything that came off is the sum of all nets",
        totals.identity_holds,
        f"{totals.currency.upper()}: {said(totals.payment_total)} - {said(totals.deductions)} = "
        f"{said(totals.payment_total - totals.deductions)}; the nets of "
        f"{counted(totals.entries, 'transaction')} add up to {said(totals.net_total)}",
    )


def _breakdowns_agree(ledger: CurrencyLedger) -> Check:
    totals = ledger.totals
    whole = Sums(totals.payment_total, totals.net_total, totals.entries)
    parts = {
        "hours": (len(ledger.by_hour), ledger.by_hour.whole()),
        "lessons": (len(ledger.by_lesson), ledger.by_lesson.whole()),
        "instructors": (len(ledger.by_instructor), ledger.by_instructor.whole()),
    }
    return check(
        "Hours, lessons and instructors add up to the totals",
        all(sums == whole for _, sums in parts.values()),
        "; ".join(
            f"{name} ({count:,}): {spoken(Amount(sums.net, totals.currency))} net"
            for name, (count, sums) in parts.items()
        ),
    )


def _every_row_counted(currencies: list[CurrencyLedger], seen: Seen) -> Check:
    lessons, unclassified = sum(c.totals.entries for c in currencies), seen.of(Group.UNCLASSIFIED)
    return check(
        "Every balance transaction is counted once",
        lessons + seen.others + unclassified == seen.rows,
        f"{lessons:,} of lessons + {seen.others:,} others + {unclassified:,} unclassified = "
        f"{seen.rows:,} read",
    )


def _notes(window: Window) -> Iterator[str]:
    yield "A balance transaction counts by its own time, whenever its lesson was booked or held."
    yield "Holds that were not captured count for nothing."
    if window.end - window.start > HOURS_SHOWN:
        yield "Windows of more than 31 days are broken down by the day, not by the hour."
