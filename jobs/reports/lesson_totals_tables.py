"""The lesson totals broken down: by category, lesson, instructor, day and hour, and over time."""

from collections.abc import Iterable, Iterator

from shop.reports.summary import MOST_ROWS, Chart, Table, in_currency, table
from shop.reports.table import Cell, Column, Moment
from shop.rules.balance_groups import Group, why
from shop.rules.breakdown import ALL_OTHERS, Breakdown, Sums
from shop.rules.lesson_ledger import CurrencyLedger
from shop.rules.local_time import UTC, LocalTime
from shop.rules.money import Amount
from shop.rules.window import HOUR, Window
from shop.stripe_gateway.objects import BalanceSource, BalanceTransaction

DAY = 24 * HOUR
HOURS_SHOWN = 31 * DAY
"""Seconds: longer windows are shown by the day only."""

CHART_OF_HOURS = 3 * DAY
"""Seconds: a longer window's chart has a point a day, not an hour."""

NO_DESCRIPTION = "(no description)"
NO_INSTRUCTOR = "(not set)"

MONEY_COLUMNS = (
    Column("transactions", "Transactions", "integer"),
    Column("gross", "Gross", "money"),
    Column("deductions", "Came off", "money"),
    Column("net", "Net", "money"),
)
CATEGORY_COLUMNS = (
    Column("reporting_category", "Reporting category", "text"),
    Column("count", "Transactions", "integer"),
    Column("gross", "Gross", "money"),
    Column("fee", "Fee", "money"),
    Column("net", "Net", "money"),
)
"""As in Stripe's own summary of the balance's change."""

UNCLASSIFIED_COLUMNS = (
    Column("balance_transaction_id", "Balance transaction", "text"),
    Column("created_utc", "Created (UTC)", "moment"),
    Column("net", "Net", "money"),
    Column("reporting_category", "Reporting category", "text"),
    Column("source_id", "Source", "text"),
    Column("description", "Description", "text"),
    Column("why", "Why", "text"),
)


def tables_of(
    ledger: CurrencyLedger, main: str, window: Window, clock: LocalTime
) -> Iterator[Table]:
    """Every breakdown of one currency; `main` is the one whose tables have the plain names."""
    currency = ledger.currency

    def name(of: str) -> str:
        return in_currency(of, currency, main)

    yield table(
        name("categories"),
        "By Stripe's reporting category",
        CATEGORY_COLUMNS,
        (
            (
                category,
                sums.entries,
                Amount(sums.gross, currency),
                Amount(sums.deductions, currency),
                Amount(sums.net, currency),
            )
            for category, sums in ledger.by_category.ordered()
        ),
        currency=currency,
    )
    yield _money_table(
        name("lessons"),
        "By lesson",
        (Column("lesson", "Lesson", "text"),),
        _most_first(ledger.by_lesson, NO_DESCRIPTION),
        currency,
    )
    yield _money_table(
        name("instructors"),
        "By instructor",
        (Column("instructor", "Instructor", "text"),),
        _most_first(ledger.by_instructor, NO_INSTRUCTOR),
        currency,
    )
    yield _money_table(
        name("days"),
        "By day",
        (Column("day", "Day", "date"),),
        (((clock.date_of(day),), sums) for day, sums in ledger.by_day.in_order()),
        currency,
    )
    if window.end - window.start <= HOURS_SHOWN:
        yield _money_table(
            name("hours"),
            "By hour",
            (Column("hour", "Hour", "moment"), Column("hour_utc", "Hour (UTC)", "moment")),
            (
                ((Moment(hour, clock.zone), Moment(hour, UTC)), sums)
                for hour, sums in ledger.by_hour.in_order()
            ),
            currency,
        )


Row = tuple[tuple[Cell, ...], Sums]
"""The cells that name a row, and what it comes to."""


def _most_first(breakdown: Breakdown[str | None], unnamed: str) -> list[Row]:
    """The keys with most money, and all that a summary has no room for in one row."""
    ordered = breakdown.ordered()
    shown: list[Row] = [
        ((unnamed if key is None else key,), sums) for key, sums in ordered[:MOST_ROWS]
    ]
    rest = Sums()
    for _, sums in ordered[MOST_ROWS:]:
        rest.add(sums.gross, sums.net, sums.entries)
    return [*shown, ((ALL_OTHERS,), rest)] if rest.entries else shown


def _money_table(
    name: str, title: str, keys: tuple[Column, ...], rows: Iterable[Row], currency: str
) -> Table:
    return table(
        name,
        title,
        (*keys, *MONEY_COLUMNS),
        (
            (
                *of,
                sums.entries,
                Amount(sums.gross, currency),
                Amount(sums.deductions, currency),
                Amount(sums.net, currency),
            )
            for of, sums in rows
        ),
        currency=currency,
    )


def unclassified_table(currency: str, rows: list[BalanceTransaction], main: str) -> Table:
    """The rows of one currency that nobody can say what they are about."""
    return table(
        in_currency("unclassified", currency, main),
        "Unclassified: not in the figures, to be looked at",
        UNCLASSIFIED_COLUMNS,
        (
            (
                row.id,
                Moment(row.created, UTC),
                Amount(row.net, currency),
                row.reporting_category,
                row.source.id if isinstance(row.source, BalanceSource) else row.source,
                row.description,
                why(Group.UNCLASSIFIED, row.reporting_category, None),
            )
            for row in rows
        ),
        currency=currency,
    )


def chart_of(ledger: CurrencyLedger, window: Window, clock: LocalTime) -> Chart:
    """Gross, what came off, and net; every hour or day of the window has its point."""
    hourly = window.end - window.start <= CHART_OF_HOURS
    times = (clock.hours if hourly else clock.days)(window.start, window.end)
    found = ledger.by_hour if hourly else ledger.by_day
    points = [found.of(time) for time in times]
    return {
        "currency": ledger.currency,
        "unit": "hour" if hourly else "day",
        "times": times,
        "series": [
            {"name": "gross", "label": "Gross", "amounts": [p.gross for p in points]},
            {
                "name": "deductions",
                "label": "Came off",
                "amounts": [p.deductions for p in points],
            },
            {"name": "net", "label": "Net", "amounts": [p.net for p in points]},
        ],
    }
