"""Records as columns of plain values, and back.

What records share in memory stays shared: texts by their value, cards on file, addresses and
metadata by their identity. So a million payments take no more room after a restart than before,
and the file stays small.

Frames come in the order that a reader needs: whatever a column refers to comes before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from sandbox.snapshot.columns import CONSTANTS, NAMES, Column, Keep, columns_of, shared_by

ROWS_AT_ONCE = 2_000


class Frame(msgspec.Struct, array_like=True):
    """Rows of one kind, as columns."""

    kind: str
    texts: list[str]
    """Those that no earlier frame had. Columns count all texts from 1."""

    rows: int
    columns: list[list[Any]]
    """A column whose value is the same in every row has it once."""


class Texts(dict[str | None, int]):
    """The number of each text; one that is asked for the first time gets the next."""

    def __init__(self) -> None:
        super().__init__({None: 0})
        self.new: list[str] = []

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        self.new.append(text)
        return number


class Packer:
    """Turns rows into frames. The rows must neither change nor go away while it is used."""

    def __init__(self) -> None:
        self._texts = Texts()
        self._shared: dict[str, dict[int, int]] = {}

    def pack(self, kind: str, cls: type[msgspec.Struct], rows: Iterable[Any]) -> Iterator[Frame]:
        """Frames of these rows, each after the frames of what its rows refer to."""
        rows = iter(rows)
        while chunk := list(islice(rows, ROWS_AT_ONCE)):
            packed: list[list[Any]] = []
            members = zip(*map(msgspec.structs.astuple, chunk), strict=True)
            for column, values in zip(columns_of(cls), members, strict=True):
                if _uniform(column, values):
                    values = values[:1]
                elif column.keep is Keep.SHARED:
                    yield from self._pack_new(column.type, values)
                packed.append(self._packed(column, values))
            yield self._frame(kind, len(chunk), packed)

    def _pack_new(self, cls: Any, values: Sequence[Any]) -> Iterator[Frame]:
        """Frames of the objects that have no number yet, which they get."""
        numbers = self._shared.setdefault(cls.__name__, {})
        new = {id(one): one for one in values if one is not None and id(one) not in numbers}
        if cls is not dict:
            yield from self.pack(cls.__name__, cls, new.values())
        elif new:
            yield self._frame(dict.__name__, len(new), [list(new.values())])
        numbers.update((identity, len(numbers) + 1) for identity in new)

    def _packed(self, column: Column, values: Sequence[Any]) -> list[Any]:
        match column.keep:
            case Keep.TEXT:
                return list(map(self._texts.__getitem__, values))
            case Keep.CONSTANT:
                names = [None if one is None else NAMES[id(one)] for one in values]
                return list(map(self._texts.__getitem__, names))
            case Keep.SHARED:
                numbers = self._shared.get(column.type.__name__, {})
                return [0 if one is None else numbers[id(one)] for one in values]
            case Keep.JSON:
                return list(map(bytes, values))
            case Keep.PLAIN:
                return list(values)

    def _frame(self, kind: str, rows: int, columns: list[list[Any]]) -> Frame:
        texts, self._texts.new = self._texts.new, []
        return Frame(kind, texts, rows, columns)


def _uniform(column: Column, values: Sequence[Any]) -> bool:
    """Whether all are the same; shared objects are looked at only as far as they are missing."""
    first = values[0]
    if column.keep is Keep.SHARED and first is not None:
        return False
    return values.count(first) == len(values)


class Unpacker:
    """Turns frames back into rows; ``classes`` are those of the rows that are wanted, by kind."""

    def __init__(self, classes: Mapping[str, type[msgspec.Struct]]) -> None:
        self._classes = classes
        self._shared_classes = shared_by(classes)
        self._shared: dict[str, list[Any]] = {name: [None] for name in self._shared_classes}
        self._texts: list[str | None] = [None]

    def unpack(self, frame: Frame) -> list[Any]:
        """The rows of a frame; none if it holds what rows of later frames refer to.

        Raises:
            KeyError, msgspec.ValidationError: the frame is not what a packer made of these
                classes.
        """
        self._texts += frame.texts
        if frame.kind in self._classes:
            return self._records(self._classes[frame.kind], frame)
        cls = self._shared_classes[frame.kind]
        objects = frame.columns[0] if cls is dict else self._structs(cls, frame)
        self._shared[frame.kind] += objects
        return []

    def _records(self, cls: type[msgspec.Struct], frame: Frame) -> list[Any]:
        values = self._values(cls, frame)
        records = msgspec.convert(list(zip(*values, strict=True)), list[cls])  # type: ignore[valid-type]
        for column, shared in zip(columns_of(cls), values, strict=True):
            if column.type is dict and shared.count(None) < len(shared):
                for record, value in zip(records, shared, strict=True):
                    setattr(record, column.name, value)  # convert has made a copy
        return records

    def _structs(self, cls: type[msgspec.Struct], frame: Frame) -> list[Any]:
        names = [column.name for column in columns_of(cls)]
        rows = zip(*self._values(cls, frame), strict=True)
        return [cls(**dict(zip(names, row, strict=True))) for row in rows]

    def _values(self, cls: type[msgspec.Struct], frame: Frame) -> list[list[Any]]:
        columns = zip(columns_of(cls), frame.columns, strict=True)
        unpacked = [self._unpacked(column, packed) for column, packed in columns]
        return [values * frame.rows if len(values) == 1 else values for values in unpacked]

    def _unpacked(self, column: Column, packed: list[Any]) -> list[Any]:
        match column.keep:
            case Keep.TEXT:
                return [self._texts[number] for number in packed]
            case Keep.CONSTANT:
                named = CONSTANTS[column.type]
                names = [self._texts[number] for number in packed]
                return [None if name is None else named[name] for name in names]
            case Keep.SHARED:
                shared = self._shared[column.type.__name__]
                return [shared[number] for number in packed]
            case Keep.JSON:
                return [msgspec.Raw(json or b"") for json in packed]
            case Keep.PLAIN:
                return packed
