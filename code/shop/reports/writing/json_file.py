"""JSON: one object, `{"rows": [...], "summary": {...}}`, with one row a line."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from shop.reports.table import Column, JsonCell


class JsonFile:
    """A table as JSON; a row is an object with the columns' names."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._file = path.open("wb")
        self._names = [column.name for column in columns]
        self._encode = msgspec.json.Encoder().encode
        self._file.write(b'{"rows": [')
        self._between = b"\n"

    def write(self, cells: Sequence[JsonCell]) -> None:
        """Add a row of cells in their JSON form."""
        row = dict(zip(self._names, cells, strict=True))
        self._file.write(self._between + self._encode(row))
        self._between = b",\n"

    def finish(self, summary: Mapping[str, object]) -> None:
        """Write the summary and close the file."""
        self._file.write(b'\n],\n"summary": ' + self._encode(summary) + b"}\n")
        self.close()

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()
