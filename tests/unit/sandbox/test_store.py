"""Tables keep Stripe's order, whatever order records arrive in."""

import pytest

from sandbox.store import Record, Table, position


class Row(Record, kw_only=True):
    owner: str | None = None


def row(seq: int, created: int = 0, owner: str | None = None) -> Row:
    """A record with an id made of its place."""
    return Row(id=f"row_{seq}", created=created, seq=seq, owner=owner)


def seqs(rows: object) -> list[int]:
    """The order of some rows."""
    return [one.seq for one in rows]


def test_rows_are_ordered_by_time_and_then_by_arrival() -> None:
    table = Table(Row, "row")
    for seq, created in enumerate([5, 5, 7, 6, 5]):
        table.add(row(seq, created))
    assert seqs(table.rows()) == [0, 1, 4, 3, 2]


def test_deferred_rows_are_sorted_at_the_end() -> None:
    rows = [row(seq, seq // 3, "a") for seq in range(30)]
    table = Table(Row, "row", "owner")
    table.defer_order()
    for one in rows[::7] + [one for one in reversed(rows) if one.seq % 7]:
        table.add(one)
    for _ in table.restoring_order():
        pass
    assert seqs(table.rows()) == seqs(table.where("owner", "a")) == list(range(30))


def test_the_index_follows_a_change() -> None:
    table = Table(Row, "row", "owner")
    moved, stays = row(1, owner="a"), row(2, owner="b")
    table.add(moved)
    table.add(stays)
    table.change(moved, "owner", "b")
    assert (seqs(table.where("owner", "a")), seqs(table.where("owner", "b"))) == ([], [1, 2])
    table.change(moved, "owner", None)
    assert seqs(table.where("owner", "b")) == [2]


def test_a_withdrawn_row_can_still_be_found_by_its_id_and_its_place() -> None:
    table = Table(Row, "row", "owner")
    rows = [row(seq, owner="a") for seq in range(3)]
    for one in rows:
        table.add(one)
    table.withdraw(rows[1])
    assert seqs(table.where("owner", "a")) == [0, 2]
    assert table.get("row_1") is rows[1]
    assert position(table.rows(), rows[1]) == 1


def test_some_rows_come_in_order() -> None:
    table = Table(Row, "row")
    for seq in range(5):
        table.add(row(seq))
    assert seqs(table.some(["row_4", "row_0", "row_2"])) == [0, 2, 4]


def test_many_deferred_rows_are_sorted_a_day_at_a_time() -> None:
    table = Table(Row, "row", "owner")
    table.defer_order()
    rows = [row(seq, created=(seq * 7_919) % 3_000 * 1_000, owner="a") for seq in range(3_000)]
    for one in rows:
        table.add(one)
    steps = sum(1 for _ in table.restoring_order())
    expected = sorted(rows, key=lambda one: (one.created, one.seq))
    assert (list(table.rows()), list(table.where("owner", "a"))) == (expected, expected)
    assert steps > 3_000


def test_a_table_absorbs_another() -> None:
    mine, other = Table(Row, "row", "owner"), Table(Row, "row", "owner")
    for seq, owner in ((1, "a"), (4, "b")):
        mine.add(row(seq, owner=owner))
    for seq, owner in ((2, "b"), (3, "c"), (5, "b")):
        other.add(row(seq, owner=owner))
    mine.absorb(other)
    assert seqs(mine.rows()) == [1, 2, 3, 4, 5]
    assert [seqs(mine.where("owner", owner)) for owner in "abc"] == [[1], [2, 4, 5], [3]]
    assert mine.get("row_5") is not None


@pytest.mark.parametrize(
    ("before", "beyond", "left"),
    [(20, 9, [2, 3]), (0, 3, [1, 2, 3]), (20, 1, [3]), (0, 9, [0, 1, 2, 3])],
)
def test_rows_that_are_too_old_or_too_many_are_forgotten_for_good(
    before: int, beyond: int, left: list[int]
) -> None:
    table = Table(Row, "row", "owner")
    for seq in range(4):
        table.add(row(seq, created=seq * 10, owner="a"))
    table.forget(before=before, beyond=beyond)
    assert seqs(table.rows()) == seqs(table.where("owner", "a")) == left
    assert [seq for seq in range(4) if table.get(f"row_{seq}")] == left
    assert len(table) == len(left)
