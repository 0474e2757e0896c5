"""What a summary says, on sheets: the figures, checks and notes first, then a sheet a table."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from xlsxwriter.worksheet import Worksheet

from shop.reports.table import Cell, Column, Moment
from shop.reports.writing.xlsx_formats import Formats
from shop.rules.money import Amount, decimals

WINDOW_LINES = {
    "from_local": "From",
    "to_local": "To, included",
    "timezone": "Time zone",
    "from": "From, in UTC",
    "to": "To, included, in UTC",
}

CLOCK_ZONE = ZoneInfo("UTC")
"""For moments of which only the clock is known."""

Lines = Iterator[tuple[Any, ...]]


def write_summary(
    sheet: Worksheet, title: str, summary: Mapping[str, Any], formats: Formats
) -> None:
    """Fill the sheet "Summary".

    Args:
        sheet: an empty one.
        title: its first line.
        summary: plain JSON, of which "window", "figures", "checks" and "notes" are shown; each
            may be missing.
        formats: of the sheet's workbook.
    """
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 26)
    sheet.set_column(2, 2, 60)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, title, formats.title)
    row = 1
    for heading, lines in _parts(summary):
        for place, line in enumerate([(heading,), *lines]):
            row += 1
            _write_line(sheet, row, line, formats, formats.heading if place == 0 else None)
        row += 1


def _parts(summary: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    parts: tuple[tuple[str, Lines], ...] = (
        ("Window", _window(summary.get("window") or {})),
        ("Figures", _figures(summary.get("figures") or ())),
        ("Checks", _checks(summary.get("checks") or ())),
        ("Notes", ((note,) for note in summary.get("notes") or ())),
    )
    for heading, lines in parts:
        if shown := list(lines):
            yield heading, shown


def _window(window: Mapping[str, str]) -> Lines:
    return ((label, window[key]) for key, label in WINDOW_LINES.items() if window.get(key))


def _figures(figures: Sequence[Mapping[str, Any]]) -> Lines:
    for figure in figures:
        if "amount" in figure:
            currency = figure["currency"]
            yield figure["label"], Amount(figure["amount"], currency), currency.upper()
        else:
            yield figure["label"], figure["count"]


def _checks(checks: Sequence[Mapping[str, Any]]) -> Lines:
    for check in checks:
        yield check["label"], "holds" if check["holds"] else "DOES NOT HOLD", check["detail"]


def _write_line(
    sheet: Worksheet, row: int, line: tuple[Any, ...], formats: Formats, style: Any
) -> None:
    for place, cell in enumerate(line):
        if isinstance(cell, Amount):
            sheet.write_number(row, place, cell.major, formats.amount[decimals(cell.currency)])
        elif isinstance(cell, int):
            sheet.write_number(row, place, cell, formats.amount[0])
        elif cell is not None:
            sheet.write_string(row, place, cell, style)


def typed_rows(table: Mapping[str, Any], columns: Sequence[Column]) -> Iterator[list[Cell]]:
    """The rows of one of a summary's tables, its JSON cells made cells again.

    A moment has lost its zone there, so that its clock is taken as it stands. Money is in the
    table's currency, or else in that of the row's column "currency".
    """
    names = [column.name for column in columns]
    for row in table["rows"]:
        currency = table.get("currency") or dict(zip(names, row, strict=True)).get("currency")
        yield [
            None if cell is None else _typed(cell, column, currency)
            for cell, column in zip(row, columns, strict=True)
        ]


def _typed(cell: Any, column: Column, currency: Any) -> Cell:
    match column.kind:
        case "money":
            return Amount(cell, currency)
        case "moment":
            clock = datetime.fromisoformat(cell).replace(tzinfo=UTC)
            return Moment(int(clock.timestamp()), CLOCK_ZONE)
        case "date":
            return date.fromisoformat(cell)
        case _:
            return cast(Cell, cell)
