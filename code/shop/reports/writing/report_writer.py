"""Writing a report: rows in, three whole files with their checksums out."""

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from operator import itemgetter
from pathlib import Path
from typing import Any

import msgspec

from shop.reports.record import ReportFile
from shop.reports.table import Cell, Column
from shop.reports.writing.cells import json_cells
from shop.reports.writing.csv_file import CsvFile
from shop.reports.writing.disk import full_disk_named
from shop.reports.writing.json_file import JsonFile
from shop.reports.writing.xlsx_file import XlsxFile

CONTENT_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

PREVIEW_ROWS = 20

ROWS_AT_ONCE = 200
"""Enough that the work for each column, not for each batch, is what takes time."""


@contextmanager
def writing(
    folder: Path,
    name: str,
    columns: Sequence[Column],
    title: str,
    *,
    rows_at_once: int = ROWS_AT_ONCE,
) -> Iterator["ReportWriter"]:
    """Write a report's files into a folder; they appear there when finished, or not at all.

    Args:
        folder: on a local disk; made if it is missing. While rows are written it needs room
            for about twelve times the size of the CSV file (4 GB for a million rows of 28 columns).
        name: of the files, without the format.
        columns: in the order of the files.
        title: what people call the report.
        rows_at_once: that wait in memory to be written; the files are the same for any number.

    Raises:
        ResultsUnavailable: the disk is full.
    """
    unfinished = folder / f"{name}.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        with full_disk_named():
            unfinished.mkdir(parents=True)
            writer = ReportWriter(folder, unfinished, name, columns, title, rows_at_once)
            try:
                yield writer
            finally:
                writer.close()
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


class ReportWriter:
    """Three files with the same rows: `<name>.csv`, `<name>.json` and `<name>.xlsx`."""

    def __init__(
        self,
        folder: Path,
        unfinished: Path,
        name: str,
        columns: Sequence[Column],
        title: str,
        rows_at_once: int,
    ) -> None:
        self._folder = folder
        self._columns = columns
        self._paths = [unfinished / f"{name}.{suffix}" for suffix in CONTENT_TYPES]
        csv_path, json_path, xlsx_path = self._paths
        self._csv = CsvFile(csv_path, columns)
        self._json = JsonFile(json_path, columns)
        self._xlsx = XlsxFile(xlsx_path, columns, title, scratch=unfinished)
        self._cells_of = _in_order([column.name for column in columns])
        self._first_rows: list[Sequence[Any]] = []
        self._waiting: list[Sequence[Any]] = []
        self._rows_at_once = rows_at_once

    @property
    def preview(self) -> dict[str, object]:
        """The first rows, as the record keeps them: `{"columns": [...], "rows": [[...]]}`."""
        as_json = json_cells(self._columns)
        return {
            "columns": msgspec.to_builtins(list(self._columns)),
            "rows": [as_json(cells) for cells in self._first_rows],
        }

    def write(self, row: Mapping[str, Cell]) -> None:
        """Add a row that has every column.

        Raises:
            KeyError: a column is missing.
        """
        cells = self._cells_of(row)
        if len(self._first_rows) < PREVIEW_ROWS:
            self._first_rows.append(cells)
        self._waiting.append(cells)
        if len(self._waiting) == self._rows_at_once:
            self._write_waiting()

    def finish(self, summary: Mapping[str, object]) -> tuple[ReportFile, ...]:
        """Write the summary, put the files in their place and take their checksums.

        The workbook is compressed here: 8 seconds for a million rows, most of them outside
        Python, so that a thread can do it (`asyncio.to_thread`) while an event loop goes on.
        """
        self._write_waiting()
        plain = msgspec.to_builtins(summary)
        self._csv.close()
        self._json.finish(plain)
        self._xlsx.finish(plain)
        return tuple(
            _receipt(path.rename(self._folder / path.name), suffix)
            for path, suffix in zip(self._paths, CONTENT_TYPES, strict=True)
        )

    def close(self) -> None:
        """Let go of all files, finished or not, even where one cannot be flushed."""
        with ExitStack() as files:
            for file in (self._csv, self._json, self._xlsx):
                files.callback(file.close)

    def _write_waiting(self) -> None:
        rows, self._waiting = self._waiting, []
        if rows:
            for file in (self._csv, self._json, self._xlsx):
                file.write(rows)


def _in_order(names: Sequence[str]) -> Callable[[Mapping[str, Cell]], Sequence[Any]]:
    """A function that picks a row's cells in the columns' order."""
    if len(names) == 1:
        return lambda row: (row[names[0]],)
    return itemgetter(*names)


def _receipt(path: Path, suffix: str) -> ReportFile:
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    return ReportFile(format=suffix, name=path.name, bytes=path.stat().st_size, sha256=checksum)
