"""A table as a worksheet: typed cells, frozen header, a filter; a row is gone once written.

XlsxWriter's own `write_*` calls cost 4 microseconds a cell, a minute and a half for a large
report. In its constant-memory mode a worksheet is a file of finished rows, so the rows are put
there as XML (ECMA-376 part 1, 18.3.1.73) and XlsxWriter does everything around them.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook

from shop.reports.table import Column, Kind
from shop.reports.writing.cells import excel_days, excel_moment
from shop.reports.writing.xlsx_formats import Formats
from shop.rules.money import Amount, decimals

LONGEST_TEXT = 32_767 // 2
"""Characters. Excel counts UTF-16 units, of which a character has one or two."""

WIDTHS: Mapping[Kind, int] = {"text": 24, "integer": 12, "money": 14, "moment": 20, "date": 12}
"""Characters of a column's width."""

Render = Callable[[int, Any], str]

_special = re.compile("[&<>\x00-\x1f\ufffe\uffff]|_x").search
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")


class TableSheet:
    """A worksheet with a header and typed columns."""

    def __init__(
        self, workbook: Workbook, name: str, columns: Sequence[Column], formats: Formats
    ) -> None:
        self._sheet = workbook.add_worksheet(name)
        self._rows_written = self._sheet.row_data_fh
        self._columns = columns
        self._render = [
            _RENDERERS[column.kind](xl_col_to_name(place), formats)
            for place, column in enumerate(columns)
        ]
        self.rows = 0
        self._header(formats)

    def write(self, cells: Sequence[Any]) -> None:
        """Add a row; its cells are as their columns' kinds say."""
        self.rows += 1
        row = self.rows + 1
        self._append(
            row,
            [
                render(row, cell)
                for render, cell in zip(self._render, cells, strict=True)
                if cell is not None
            ],
        )

    def close(self) -> None:
        """Tell XlsxWriter how large the table has become."""
        last_row, last_column = self.rows, len(self._columns) - 1
        sheet = self._sheet
        sheet.dim_rowmin, sheet.dim_rowmax = 0, last_row
        sheet.dim_colmin, sheet.dim_colmax = 0, last_column
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last_row, last_column)
        everything = f"A1:{xl_col_to_name(last_column)}{last_row + 1}"
        sheet.ignore_errors({"number_stored_as_text": everything})

    def _header(self, formats: Formats) -> None:
        for place, column in enumerate(self._columns):
            width = max(WIDTHS[column.kind], len(column.title) + 4)
            self._sheet.set_column(place, place, width)
        style = f' s="{formats.header}"'
        titles = enumerate(column.title for column in self._columns)
        self._append(1, [_inline(f"{xl_col_to_name(place)}1", t, style) for place, t in titles])

    def _append(self, row: int, cells: Sequence[str]) -> None:
        self._rows_written.write(f'<row r="{row}">{"".join(cells)}</row>')


def xml_text(text: str) -> str:
    """Text as XML content, with Excel's own escapes for what XML cannot hold (_xHHHH_)."""
    text = text[:LONGEST_TEXT]
    if not _special(text):
        return text
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text, quote=False)


def _inline(place: str, text: str, style: str = "") -> str:
    content = xml_text(text)
    space = "" if content == content.strip() else ' xml:space="preserve"'
    return f'<c r="{place}"{style} t="inlineStr"><is><t{space}>{content}</t></is></c>'


def _text(letter: str, _formats: Formats) -> Render:
    return lambda row, text: _inline(f"{letter}{row}", text)


def _integer(letter: str, _formats: Formats) -> Render:
    return lambda row, number: f'<c r="{letter}{row}"><v>{number:d}</v></c>'


def _money(letter: str, formats: Formats) -> Render:
    money = formats.money

    def render(row: int, amount: Amount) -> str:
        style = money[decimals(amount.currency)]
        return f'<c r="{letter}{row}" s="{style}"><v>{amount.major}</v></c>'

    return render


def _moment(letter: str, formats: Formats) -> Render:
    style = formats.moment
    return lambda row, at: f'<c r="{letter}{row}" s="{style}"><v>{excel_moment(at)}</v></c>'


def _date(letter: str, formats: Formats) -> Render:
    def render(row: int, day: date) -> str:
        return f'<c r="{letter}{row}" s="{formats.date}"><v>{excel_days(day)}</v></c>'

    return render


_RENDERERS: Mapping[Kind, Callable[[str, Formats], Render]] = {
    "text": _text,
    "integer": _integer,
    "money": _money,
    "moment": _moment,
    "date": _date,
}
