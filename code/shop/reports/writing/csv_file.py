"""CSV: RFC 4180 in UTF-8, amounts in major units, and no text that a spreadsheet would run.

https://www.rfc-editor.org/rfc/rfc4180
https://owasp.org/www-community/attacks/CSV_Injection

The quotes are put here, as Python's csv.writer puts them. It looks at every character of every
cell, which would be half of a row's time, and few columns can have a character to look for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from shop.reports.table import Column, Kind, Moment
from shop.reports.writing.cells import clock, major_text
from shop.reports.writing.plain_text import plain
from shop.rules.money import Amount

LINE_END = "\r\n"

_needs_quotes = re.compile('[,"\r\n]').search
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
        self._to_csv = [_TO_CSV[column.kind] for column in columns]
        self._append([[quoted(column.name)] for column in columns])

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, at least one; their cells are as their columns' kinds say."""
        columns = zip(*rows, strict=True)
        self._append([to_csv(cells) for to_csv, cells in zip(self._to_csv, columns, strict=True)])

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()

    def _append(self, columns: Sequence[Sequence[str]]) -> None:
        """Add rows, given by column; one that is a single empty cell is not to be a blank line."""
        lines = [",".join(cells) or '""' for cells in zip(*columns, strict=True)]
        self._file.write(LINE_END.join([*lines, ""]))


def quoted(text: str) -> str:
    """Text as a cell: in quotes where a comma, a quote or a line break is part of it."""
    if not _needs_quotes(text):
        return text
    return '"' + text.replace('"', '""') + '"'


def safe_text(text: str) -> str:
    """Text that stays text: an apostrophe stands before what would begin a formula.

    A spreadsheet set to semicolons or tabs splits a cell there, and at line breaks where its
    quotes are not understood; so the beginning of every such part counts too.
    """
    if text[:1].isalnum() and not _begins_another_cell(text):
        return text
    return _FORMULA.sub(r"\1'", text)


def _texts(texts: Sequence[str | None]) -> list[str]:
    if plain(texts):
        return [text or "" for text in texts]
    return ["" if text is None else quoted(safe_text(text)) for text in texts]


def _integers(integers: Sequence[int | None]) -> list[str]:
    return ["" if integer is None else f"{integer:d}" for integer in integers]


def _amounts(amounts: Sequence[Amount | None]) -> list[str]:
    return ["" if amount is None else major_text(amount) for amount in amounts]


def _moments(moments: Sequence[Moment | None]) -> list[str]:
    return ["" if moment is None else clock(moment)[0] for moment in moments]


def _dates(dates: Sequence[date | None]) -> list[str]:
    return ["" if day is None else day.isoformat() for day in dates]


_TO_CSV: Mapping[Kind, Callable[[Sequence[Any]], list[str]]] = {
    "text": _texts,
    "integer": _integers,
    "money": _amounts,
    "moment": _moments,
    "date": _dates,
}
