"""JSON: one object, `{"rows": [...], "summary": {...}}`, with one row a line."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from shop.reports.table import Column
from shop.reports.writing.cells import json_cells


class JsonFile:
    """A table as JSON; a row is an object with the columns' names."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("wb")
        self._names = [column.name for column in columns]
        self._as_json = json_cells(columns)
        self._encode = msgspec.json.Encoder().encode
        self._file.write(b'{"rows": [')
        self._between = b"\n"

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, at least one; their cells are as their columns' kinds say."""
        names, encode = self._names, self._encode
        lines = [encode(dict(zip(names, cells, strict=True))) for cells in map(self._as_json, rows)]
        self._file.write(self._between + b",\n".join(lines))
        self._between = b",\n"

    def finish(self, summary: Mapping[str, object]) -> None:
        """Write the summary and close the file."""
        self._file.write(b'\n],\n"summary": ' + self._encode(summary) + b"}\n")
        self.close()

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()
