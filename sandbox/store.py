"""Tables of records: by id, in Stripe's order, and by the few fields that lists filter on."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Sequence
from typing import Any, Generic, TypeVar

import msgspec


class Record(msgspec.Struct, gc=False, kw_only=True):
    """What every stored object has.

    Records refer to each other by id, never directly, so none of them can be part of a cycle
    and the garbage collector need not look at millions of them (``gc=False``).
    """

    id: str
    created: int
    """Unix seconds, UTC."""

    seq: int
    """Rises with every record of the account; orders those created in the same second."""


R = TypeVar("R", bound=Record)


def sort_key(record: Record) -> tuple[int, int]:
    """Oldest first; within a second, first stored first."""
    return (record.created, record.seq)


class Table(Generic[R]):
    """All records of one kind.

    ``label`` is what Stripe calls the kind in "No such …"; ``indexed`` names the fields that
    are looked up by value. A look-up by id is O(1), a position in the order O(log n), adding a
    record O(log n) (it is nearly always the newest).
    """

    def __init__(self, label: str, *indexed: str) -> None:
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

    def some(self, ids: Iterable[str]) -> Sequence[R]:
        """The records of these ids, oldest first."""
        return sorted((self._by_id[id] for id in ids), key=sort_key)

    def defer_order(self) -> None:
        """Let records arrive in any order until ``restore_order``."""
        self._deferred = True

    def restore_order(self) -> None:
        """Sort what arrived since ``defer_order``."""
        self._deferred = False
        self._order.sort(key=sort_key)
        for index in self._indices.values():
            for rows in index.values():
                rows.sort(key=sort_key)

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
