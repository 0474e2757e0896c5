"""CSV: RFC 4180 in UTF-8, amounts in major units, and no text that a spreadsheet would run.

https://www.rfc-editor.org/rfc/rfc4180
https://owasp.org/www-community/attacks/CSV_Injection
"""

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from shop.reports.table import Column, Kind
from shop.reports.writing.cells import moment_text
from shop.rules.money import Amount

_begins_another_cell = re.compile(r"[;\t\r\n]").search

_FORMULA = re.compile(
    r"""^(?=[\t\r\n])                 # risky in front, whatever follows
        |((?:^|[;\t\r\n])[\s"]*)     # where a cell begins, or would with another separator,
        (?=[=+\-@\uff1d\uff0b\uff0d\uff20])   # what makes it a formula; also in full width""",
    re.VERBOSE,
)


class CsvFile:
    """A table as CSV; the header has the columns' names."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("w", encoding="utf-8", newline="")
        self._table = csv.writer(self._file)
        self._table.writerow([column.name for column in columns])
        self._changed = [
            (place, _TO_CSV[column.kind])
            for place, column in enumerate(columns)
            if column.kind in _TO_CSV
        ]

    def write(self, cells: Sequence[Any]) -> None:
        """Add a row; its cells are as their columns' kinds say."""
        converted = list(cells)
        for place, to_csv in self._changed:
            if converted[place] is not None:
                converted[place] = to_csv(converted[place])
        self._table.writerow(converted)

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()


def safe_text(text: str) -> str:
    """Text that stays text: an apostrophe stands before what would begin a formula.

    A spreadsheet set to semicolons or tabs splits a cell there, and at line breaks where its
    quotes are not understood; so the beginning of every such part counts too.
    """
    if text[:1].isalnum() and not _begins_another_cell(text):
        return text
    return _FORMULA.sub(r"\1'", text)


def _major(amount: Amount) -> Decimal:
    return amount.major


_TO_CSV: Mapping[Kind, Callable[[Any], object]] = {
    "text": safe_text,
    "money": _major,
    "moment": moment_text,
}
