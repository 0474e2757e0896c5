"""A table as a worksheet: typed cells, frozen header, a filter; a row is gone once written.

XlsxWriter's own `write_*` calls cost 4 microseconds a cell, a minute and a half for a large
report. In its constant-memory mode a worksheet is a file of finished rows, so the rows are put
there as XML (ECMA-376 part 1, 18.3.1.73) and XlsxWriter does everything around them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook

from shop.reports.table import Column, Kind
from shop.reports.writing.xlsx_cells import RENDERERS, text_cell
from shop.reports.writing.xlsx_formats import Formats

WIDTHS: Mapping[Kind, int] = {"text": 24, "integer": 12, "money": 14, "moment": 20, "date": 12}
"""Characters of a column's width."""

FIRST_ROW = 2
"""Below the header, as Excel counts."""


class TableSheet:
    """A worksheet with a header and typed columns.

    Attributes:
        rows: written so far, without the header.
    """

    def __init__(
        self, workbook: Workbook, name: str, columns: Sequence[Column], formats: Formats
    ) -> None:
        self._sheet = workbook.add_worksheet(name)
        self._rows_written = self._sheet.row_data_fh
        self._columns = columns
        self._render = [
            RENDERERS[column.kind](xl_col_to_name(place), formats)
            for place, column in enumerate(columns)
        ]
        self.rows = 0
        self._header(formats)

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, at least one; their cells are as their columns' kinds say."""
        first = FIRST_ROW + self.rows
        numbers = [str(number) for number in range(first, first + len(rows))]
        columns = zip(*rows, strict=True)
        rendered = [
            render(numbers, cells) for render, cells in zip(self._render, columns, strict=True)
        ]
        self._append(numbers, zip(*rendered, strict=True))
        self.rows += len(rows)

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
        cells = [text_cell(f"{xl_col_to_name(place)}1", title, style) for place, title in titles]
        self._append(["1"], [cells])

    def _append(self, numbers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        lines = [
            f'<row r="{number}">{"".join(cells)}</row>'
            for number, cells in zip(numbers, rows, strict=True)
        ]
        self._rows_written.write("".join(lines))
