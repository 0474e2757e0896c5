"""Tables keep Stripe's order, whatever order records arrive in."""

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
