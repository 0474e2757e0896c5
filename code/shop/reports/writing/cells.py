"""A cell in another form: as JSON has it, as text, as Excel's number of days."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any

from shop.reports.table import Column, JsonCell, Kind, Moment
from shop.rules.money import Amount

EXCEL_DAY_ZERO = date(1899, 12, 30).toordinal()
"""Excel counts days from here, for every date after February 1900."""

SECONDS_A_DAY = 86_400


@lru_cache(maxsize=4096)
def clock(moment: Moment) -> tuple[str, str]:
    """What a clock in the moment's zone shows: `2026-11-22 14:05:09`, and as Excel's number.

    The number is days with a fraction, exact to the second. Rows share many of their moments.
    """
    local = moment.local
    day = local.toordinal()
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return (
        f"{_day_text(day)} {local.time().isoformat()}",
        f"{day - EXCEL_DAY_ZERO + seconds / SECONDS_A_DAY:.9f}",
    )


@lru_cache(maxsize=4096)
def _day_text(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()


@lru_cache(maxsize=4096)
def major_text(amount: Amount) -> str:
    """An amount in major units, `-1234.56`. Rows share many of their amounts."""
    return str(amount.major)


def excel_days(day: date) -> int:
    """A date as Excel's number of days."""
    return day.toordinal() - EXCEL_DAY_ZERO


def json_cells(columns: Sequence[Column]) -> Callable[[Sequence[Any]], list[JsonCell]]:
    """A function that turns a row's cells into JSON's; text and integers are JSON already."""
    changed = [
        (place, _TO_JSON[column.kind])
        for place, column in enumerate(columns)
        if column.kind in _TO_JSON
    ]

    def convert(cells: Sequence[Any]) -> list[JsonCell]:
        converted = list(cells)
        for place, to_json in changed:
            if (cell := converted[place]) is not None:
                converted[place] = to_json(cell)
        return converted

    return convert


def _clock_text(moment: Moment) -> str:
    return clock(moment)[0]


_TO_JSON: Mapping[Kind, Callable[[Any], JsonCell]] = {
    "money": attrgetter("minor"),
    "moment": _clock_text,
    "date": date.isoformat,
}
