"""XLSX: a workbook with the summary, a sheet for each of its tables, and every row."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.workbook import Workbook

from shop.reports.table import Column
from shop.reports.writing.xlsx_formats import formats_of
from shop.reports.writing.xlsx_packing import packed_quickly
from shop.reports.writing.xlsx_summary import typed_rows, write_summary
from shop.reports.writing.xlsx_table import TableSheet

ROWS_A_SHEET = 1_000_000
"""Excel's limit is 1,048,576 with the header."""

LONGEST_SHEET_NAME = 31

ALWAYS_THE_SAME = datetime(2000, 1, 1)
"""The time of making that the file tells; the real one would make equal reports differ."""


class XlsxFile:
    """A table as a workbook, written in constant memory.

    XlsxWriter keeps the rows in files in `scratch` until the workbook is put together.
    """

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column],
        title: str,
        *,
        scratch: Path,
        rows_a_sheet: int = ROWS_A_SHEET,
    ) -> None:
        options = {"constant_memory": True, "tmpdir": str(scratch), "use_zip64": True}
        self._workbook = Workbook(str(path), options)
        self._workbook.set_properties({"title": title, "created": ALWAYS_THE_SAME})
        self._formats = formats_of(self._workbook)
        self._title = title
        self._columns = columns
        self._rows_a_sheet = rows_a_sheet
        self._summary = self._workbook.add_worksheet("Summary")
        self._sheets: list[TableSheet] = []
        self._next_sheet()

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, at least one; their cells are as their columns' kinds say."""
        while rows:
            if self._rows.rows == self._rows_a_sheet:
                self._next_sheet()
            room = self._rows_a_sheet - self._rows.rows
            self._rows.write(rows[:room])
            rows = rows[room:]

    def finish(self, summary: Mapping[str, Any]) -> None:
        """Write the summary's sheets and put the workbook together.

        Args:
            summary: plain JSON.
        """
        write_summary(self._summary, self._title, summary, self._formats)
        row_sheets = len(self._sheets)
        tables = summary.get("tables") or ()
        currencies = {table["currency"] for table in tables if table.get("currency")}
        for table in tables:
            self._add_table(table, tell_currency=len(currencies) > 1)
        for sheet in self._sheets:
            sheet.close()
        self._rows_last(row_sheets)
        try:
            with packed_quickly():
                self._workbook.close()
        except FileCreateError as error:
            raise error.args[0] from None

    def close(self) -> None:
        """Let go of the files, finished or not."""
        for sheet in self._workbook.worksheets():
            sheet._opt_close()

    def _next_sheet(self) -> None:
        number = len(self._sheets) + 1
        name = "Rows" if number == 1 else f"Rows {number}"
        self._rows = TableSheet(self._workbook, name, self._columns, self._formats)
        self._sheets.append(self._rows)

    def _add_table(self, table: Mapping[str, Any], *, tell_currency: bool) -> None:
        columns = msgspec.convert(table["columns"], list[Column])
        of = f"{table['currency'].upper()} " if tell_currency and table.get("currency") else ""
        name = sheet_name(of + table["title"], taken=self._workbook.sheetnames)
        sheet = TableSheet(self._workbook, name, columns, self._formats)
        if rows := list(typed_rows(table, columns)):
            sheet.write(rows)
        self._sheets.append(sheet)

    def _rows_last(self, row_sheets: int) -> None:
        """Put the sheets of rows, made first, behind those of tables."""
        sheets = self._workbook.worksheets_objs
        sheets[1:] = sheets[1 + row_sheets :] + sheets[1 : 1 + row_sheets]
        for index, sheet in enumerate(sheets):
            sheet.index = index


def sheet_name(title: str, *, taken: Mapping[str, object]) -> str:
    """The title as Excel lets a sheet be called: short, unlike the others, without []:*?/\\ ."""
    plain = re.sub(r"[\[\]:*?/\\]", " ", title).strip("' ")[:LONGEST_SHEET_NAME] or "Table"
    others = {name.casefold() for name in taken} | {"history"}
    name, number = plain, 1
    while name.casefold() in others:
        number += 1
        name = f"{plain[: LONGEST_SHEET_NAME - 4]} {number}"
    return name
