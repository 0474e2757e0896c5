"""The files of a report: written row by row under a temporary name, then renamed.

A file that can be downloaded is therefore always whole. Both formats come from one stream of
rows, so memory does not grow with the report.
"""

import csv
import hashlib
import json
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO

from shop.reports.record import ReportFile
from shop.rules.money import Amount

CONTENT_TYPES: Mapping[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}

Cell = str | int | Amount | None

RISKY_FIRST = ("=", "+", "-", "@", "\t", "\r")
"""Text that a spreadsheet would run as a formula when a cell begins with it (OWASP)."""


class ResultFolder:
    """Where finished reports lie: one folder a report."""

    def __init__(self, var_dir: Path) -> None:
        self._root = var_dir / "results"

    def path(self, report_id: str, file: ReportFile) -> Path:
        """Where a finished file is."""
        return self._root / report_id / file.name

    def sweep(self, kept: Collection[str], *, older_than: float) -> int:
        """Remove what is older (unix seconds) and not among the kept reports; answers how many."""
        gone = 0
        for folder in self._root.iterdir() if self._root.is_dir() else ():
            if folder.name not in kept and folder.stat().st_mtime < older_than:
                shutil.rmtree(folder, ignore_errors=True)
                gone += 1
        return gone

    @contextmanager
    def writing(
        self, report_id: str, name: str, columns: Sequence[str]
    ) -> Iterator["ReportWriter"]:
        """Write a report's files; they appear when the writer is finished, or not at all."""
        unfinished = self._root / f"{report_id}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        try:
            with ReportWriter(unfinished, name, columns) as writer:
                yield writer
            finished = self._root / report_id
            shutil.rmtree(finished, ignore_errors=True)
            unfinished.rename(finished)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)


class ReportWriter:
    """Two files with the same rows: `<name>.csv` and `<name>.json`.

    The JSON file is one object: `{"rows": [...], "summary": {...}}`.
    """

    def __init__(self, folder: Path, name: str, columns: Sequence[str]) -> None:
        self._columns = columns
        self._csv_path = folder / f"{name}.csv"
        self._json_path = folder / f"{name}.json"

    def __enter__(self) -> "ReportWriter":
        self._csv: IO[str] = self._csv_path.open("w", encoding="utf-8", newline="")
        self._json: IO[str] = self._json_path.open("w", encoding="utf-8")
        self._table = csv.writer(self._csv)
        self._table.writerow(self._columns)
        self._json.write('{"rows": [')
        self._between = "\n"
        return self

    def __exit__(self, *_: object) -> None:
        self._csv.close()
        self._json.close()

    def write(self, row: Mapping[str, Cell]) -> None:
        """Add a row with every column. Amounts are major units in CSV, minor units in JSON."""
        self._table.writerow([for_spreadsheet(row[column]) for column in self._columns])
        self._json.write(self._between + json.dumps(row, ensure_ascii=False, default=_minor))
        self._between = ",\n"

    def finish(self, summary: Mapping[str, object]) -> tuple[ReportFile, ...]:
        """Write the summary, close both files and take their checksums."""
        self._json.write('\n], "summary": ' + json.dumps(summary, ensure_ascii=False) + "}\n")
        self._csv.close()
        self._json.close()
        return (_receipt("csv", self._csv_path), _receipt("json", self._json_path))


def for_spreadsheet(cell: Cell) -> str | int | Decimal | None:
    """The cell as CSV carries it: text that is never taken for a formula, numbers as numbers."""
    if isinstance(cell, Amount):
        return cell.major
    if isinstance(cell, str) and cell.startswith(RISKY_FIRST):
        return "'" + cell
    return cell


def _minor(cell: object) -> int:
    if isinstance(cell, Amount):
        return cell.minor
    raise TypeError(f"{type(cell).__name__} is no cell")


def _receipt(file_format: str, path: Path) -> ReportFile:
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").hexdigest()
    return ReportFile(
        format=file_format, name=path.name, bytes=path.stat().st_size, sha256=checksum
    )
