"""A cell in another form: as JSON has it, as text, as Excel's number of days."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from shop.reports.table import Column, JsonCell, Kind, Moment
from shop.rules.money import Amount

EXCEL_DAY_ZERO = date(1899, 12, 30).toordinal()
"""Excel counts days from here, for every date after February 1900."""

SECONDS_A_DAY = 86_400


@lru_cache(maxsize=4096)
def moment_text(moment: Moment) -> str:
    """`2026-11-22 14:05:09`, on a clock in the moment's zone. Rows share many of their moments."""
    return moment.local.isoformat(" ")[:19]


@lru_cache(maxsize=4096)
def excel_moment(moment: Moment) -> str:
    """The same as Excel's number: days with a fraction, exact to the second."""
    local = moment.local
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return f"{excel_days(local) + seconds / SECONDS_A_DAY:.9f}"


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
            if converted[place] is not None:
                converted[place] = to_json(converted[place])
        return converted

    return convert


def _minor(amount: Amount) -> int:
    return amount.minor


_TO_JSON: Mapping[Kind, Callable[[Any], JsonCell]] = {
    "money": _minor,
    "moment": moment_text,
    "date": date.isoformat,
}
