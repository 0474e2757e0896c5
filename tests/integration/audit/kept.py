"""What a shop's processes have written of the trail so far, wherever it lies."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec

from shop.audit.entry import Entry, joined, read_lines
from tests.stack import Stack


def kept(stack: Stack, **wanted: object) -> list[Entry]:
    """The entries with these parts, the oldest first."""
    var_dir = stack.settings.var_dir
    lines = [*_lines(var_dir / "audit", "*")]  # what is shipped while these are read comes now
    lines += _lines(var_dir / "results" / "audit", "*.jsonl")
    return [
        each
        for each in reversed(joined(lines))
        if all(getattr(each, name) == value for name, value in wanted.items())
    ]


def _lines(folder: Path, pattern: str) -> Iterator[Entry]:
    for file in folder.rglob(pattern):
        with suppress(FileNotFoundError):
            yield from read_lines(file.name, file.read_bytes())


def shown(entry: Entry) -> dict[str, object]:
    """What an entry says, without when and under which ids."""
    parts = msgspec.to_builtins(entry)
    return {name: parts[name] for name in parts if name not in ("id", "at", "request_id")}
