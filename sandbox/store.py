"""Tables of records: by id, in Stripe's order, and by the few fields that lists filter on."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec

from sandbox.money import DAY


class Record(msgspec.Struct, gc=False, kw_only=True, array_like=True):
    """What every stored object has.

    Records refer to each other by id, never directly, so none of them can be part of a cycle
    and the garbage collector need not look at millions of them (``gc=False``). A snapshot keeps
    them as rows of values (``array_like``).
    """

    id: str
    created: int
    """Unix seconds, UTC."""

    seq: int
    """Rises with every record of the account; orders those created in the same second."""


SORTED_AT_ONCE = 1_000

R = TypeVar("R", bound=Record)
K = TypeVar("K")
V = TypeVar("V")


def moment(created: int, seq: int) -> int:
    """A place in time: oldest first; within a second, first stored first."""
    return created << 32 | seq


def sort_key(record: Record) -> int:
    """The moment a record was stored at."""
    return record.created << 32 | record.seq


class Table(Generic[R]):
    """All records of one kind.

    ``cls`` is their class, ``label`` what Stripe calls the kind in "No such …"; ``indexed`` names
    the fields that are looked up by value. A look-up by id is O(1), a position in the order
    O(log n), adding a record O(log n): it is nearly always the newest, and making room for one
    older than a million others takes a third of a millisecond.
    """

    def __init__(self, cls: type[R], label: str, *indexed: str) -> None:
        self.cls = cls
        self.label = label
        self._by_id: dict[str, R] = {}
        self._order: list[R] = []
        self._indices: dict[str, dict[Any, list[R]]] = {field: {} for field in indexed}
        self._deferred = False

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, id: str) -> R | None:
        """The record of that id, deleted ones included."""
        return self._by_id.get(id)

    def add(self, record: R) -> None:
        """Store a new record at its place in the order."""
        self._by_id[record.id] = record
        self._place(self._order, record)
        for field in self._indices:
            self._index(field, record)

    def change(self, record: R, field: str, value: Any) -> None:
        """Set a field that is indexed; any other may be set on the record itself."""
        self._unindex(field, record)
        setattr(record, field, value)
        self._index(field, record)

    def withdraw(self, record: R) -> None:
        """Take a deleted record out of the indices; its id keeps working as a cursor."""
        for field in self._indices:
            self._unindex(field, record)

    def rows(self) -> Sequence[R]:
        """Every record, oldest first, deleted ones included."""
        return self._order

    def where(self, field: str, value: Any) -> Sequence[R]:
        """The records whose indexed ``field`` is ``value``, oldest first."""
        return self._indices[field].get(value, ())

    def values(self, field: str) -> Iterable[Any]:
        """What the indexed ``field`` is in any record."""
        return self._indices[field].keys()

    def some(self, ids: Iterable[str]) -> Sequence[R]:
        """The records of these ids, oldest first."""
        return sorted((self._by_id[id] for id in ids), key=sort_key)

    def defer_order(self) -> None:
        """Let records arrive in any order until ``restoring_order``."""
        self._deferred = True

    def restoring_order(self) -> Iterator[None]:
        """Sort what arrived since ``defer_order``, in steps that take milliseconds each."""
        yield from _sorting(self._order)
        for index in self._indices.values():
            for rows in index.values():
                yield from _sorting(rows)
        self._deferred = False

    def fill(self, records: Sequence[R]) -> None:
        """Take these records after all that are there: they are newer, and in order."""
        self._by_id |= {record.id: record for record in records}
        self._order += records
        if "deleted" in self.cls.__struct_fields__:
            records = [record for record in records if not getattr(record, "deleted")]  # noqa: B009
        for field, index in self._indices.items():
            for value, record in zip(map(attrgetter(field), records), records, strict=True):
                if value is not None:
                    index.setdefault(value, []).append(record)

    def absorb(self, other: "Table[R]") -> None:
        """Take over everything in ``other``, a table of the same kind that nobody else keeps."""
        self._by_id = _united(self._by_id, other._by_id)
        self._order = _merged(self._order, other._order)
        for field, index in other._indices.items():
            mine = self._indices[field]
            shared = {value: _merged(mine[value], index[value]) for value in mine.keys() & index}
            self._indices[field] = {**_united(mine, index), **shared}

    def forget(self, *, before: int, beyond: int) -> None:
        """Drop what is older than ``before``, and the oldest ones of more than ``beyond``.

        Their ids are unknown afterwards, so a cursor can't name them either.
        """
        too_old = bisect_left(self._order, moment(before, 0), key=sort_key)
        count = max(too_old, len(self._order) - beyond)
        for record in self._order[:count]:
            self.withdraw(record)
            del self._by_id[record.id]
        del self._order[:count]

    def _place(self, rows: list[R], record: R) -> None:
        if self._deferred or not rows or sort_key(rows[-1]) < sort_key(record):
            rows.append(record)
        else:
            insort(rows, record, key=sort_key)

    def _index(self, field: str, record: R) -> None:
        value = getattr(record, field)
        if value is not None:
            self._place(self._indices[field].setdefault(value, []), record)

    def _unindex(self, field: str, record: R) -> None:
        index = self._indices[field]
        rows = index.get(getattr(record, field))
        if rows is None:
            return
        if self._deferred:
            rows.remove(record)
        else:
            del rows[position(rows, record)]
        if not rows:
            del index[getattr(record, field)]


def position(rows: Sequence[R], record: Record) -> int:
    """Where ``record`` stands in ``rows``, or would stand if it is not among them."""
    return bisect_left(rows, sort_key(record), key=sort_key)


def _sorting(rows: list[R]) -> Iterator[None]:
    """Sort in place: dealt out by day first if they are many, so that no step takes long."""
    if len(rows) <= SORTED_AT_ONCE:
        rows.sort(key=sort_key)
        yield
        return
    days: dict[int, list[R]] = {}
    for record in rows:
        days.setdefault(record.created // DAY, []).append(record)
        yield
    rows.clear()
    for day in sorted(days):
        rows += sorted(days[day], key=sort_key)
        yield


def _united(one: dict[K, V], other: dict[K, V]) -> dict[K, V]:
    """Both together; it is the larger one that stays."""
    large, small = (one, other) if len(one) > len(other) else (other, one)
    large.update(small)
    return large


def _merged(one: list[R], other: list[R]) -> list[R]:
    """Both in one order. Sorting two sorted runs is a merge."""
    if not one:
        return other
    one.extend(other)
    one.sort(key=sort_key)
    return one
