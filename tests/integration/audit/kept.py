"""What a shop's processes have written of the trail so far, wherever it lies."""

import msgspec

from shop.audit.entry import Entry, joined, read_lines
from tests.stack import Stack


def kept(stack: Stack, **wanted: object) -> list[Entry]:
    """The entries with these parts, the oldest first."""
    var_dir = stack.settings.var_dir
    files = [*(var_dir / "audit").glob("*"), *(var_dir / "results" / "audit").rglob("*.jsonl")]
    lines = [each for file in files for each in read_lines(file.name, file.read_bytes())]
    return [
        each
        for each in reversed(joined(lines))
        if all(getattr(each, name) == value for name, value in wanted.items())
    ]


def shown(entry: Entry) -> dict[str, object]:
    """What an entry says, without when and under which ids."""
    parts = msgspec.to_builtins(entry)
    return {name: parts[name] for name in parts if name not in ("id", "at", "request_id")}
