"""The three files of a report: the same rows, whole, harmless, checksummed, always the same."""

import hashlib
import json
import resource
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shop.errors import ResultsUnavailable
from shop.reports.record import ReportFile
from shop.reports.table import Cell, Column, Moment
from shop.reports.writing import writing
from shop.reports.writing.report_writer import ROWS_AT_ONCE
from shop.rules.money import Amount

NEW_YORK = ZoneInfo("America/New_York")
COLUMNS = (
    Column("who", "Who", "text"),
    Column("gross", "Gross", "money"),
    Column("count", "Lessons", "integer"),
    Column("created", "Created", "moment"),
    Column("available_on", "Available on", "date"),
)
NOVEMBER = Moment(1795374309, NEW_YORK)  # 2026-11-22 14:05:09 in New York
ROWS: list[dict[str, Cell]] = [
    {
        "who": "Zoë, Ltd.",
        "gross": Amount(-123456, "usd"),
        "count": 2,
        "created": NOVEMBER,
        "available_on": date(2026, 11, 24),
    },
    {
        "who": None,
        "gross": Amount(500, "jpy"),
        "count": 0,
        "created": Moment(1751328000, NEW_YORK),  # summer time
        "available_on": None,
    },
    {
        "who": 'said "yes"\nand left',
        "gross": Amount(1, "kwd"),
        "count": -7,
        "created": None,
        "available_on": date(2024, 2, 29),
    },
    {"who": "", "gross": None, "count": None, "created": None, "available_on": None},
]
SUMMARY = {"net_total": -123456, "currency": "usd"}


def write(
    folder: Path,
    rows: list[dict[str, Cell]] = ROWS,
    summary: dict[str, object] = SUMMARY,
    rows_at_once: int = ROWS_AT_ONCE,
) -> tuple[ReportFile, ...]:
    """The report `totals` with these rows."""
    with writing(folder, "totals", COLUMNS, "Lesson totals", rows_at_once=rows_at_once) as writer:
        for row in rows:
            writer.write(row)
        return writer.finish(summary)


def test_csv_has_major_units_local_times_and_column_names(tmp_path: Path):
    """RFC 4180: CRLF, quotes where needed; as many decimals as the currency has."""
    write(tmp_path)
    assert (tmp_path / "totals.csv").read_bytes().decode() == (
        "who,gross,count,created,available_on\r\n"
        '"Zoë, Ltd.",-1234.56,2,2026-11-22 14:05:09,2026-11-24\r\n'
        ",500,0,2025-06-30 20:00:00,\r\n"
        '"said ""yes""\nand left",0.001,-7,,2024-02-29\r\n'
        ",,,,\r\n"
    )


def test_json_has_minor_units_and_one_row_a_line(tmp_path: Path):
    """One object; null for an empty cell."""
    write(tmp_path)
    text = (tmp_path / "totals.json").read_text(encoding="utf-8")
    assert text == (
        '{"rows": [\n'
        '{"who":"Zoë, Ltd.","gross":-123456,"count":2,'
        '"created":"2026-11-22 14:05:09","available_on":"2026-11-24"},\n'
        '{"who":null,"gross":500,"count":0,"created":"2025-06-30 20:00:00","available_on":null},\n'
        '{"who":"said \\"yes\\"\\nand left","gross":1,"count":-7,'
        '"created":null,"available_on":"2024-02-29"},\n'
        '{"who":"","gross":null,"count":null,"created":null,"available_on":null}\n'
        '],\n"summary": {"net_total":-123456,"currency":"usd"}}\n'
    )
    assert json.loads(text)["summary"] == SUMMARY


def test_a_receipt_says_what_each_file_is(tmp_path: Path):
    """Format, name, size and SHA-256, in a fixed order."""
    files = write(tmp_path)
    assert [(file.format, file.name) for file in files] == [
        ("csv", "totals.csv"),
        ("json", "totals.json"),
        ("xlsx", "totals.xlsx"),
    ]
    for file in files:
        body = (tmp_path / file.name).read_bytes()
        assert (file.bytes, file.sha256) == (len(body), hashlib.sha256(body).hexdigest())


def test_a_report_without_rows_is_still_whole(tmp_path: Path):
    """The header and the summary are there."""
    write(tmp_path, rows=[], summary={})
    assert (tmp_path / "totals.csv").read_bytes() == b"who,gross,count,created,available_on\r\n"
    assert json.loads((tmp_path / "totals.json").read_text()) == {"rows": [], "summary": {}}


def test_the_same_rows_give_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
):
    """On another day and in another zone of the machine as well."""
    first = write(tmp_path / "first")
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    request.addfinalizer(time.tzset)
    later = time.time() + 86_400
    monkeypatch.setattr(time, "time", lambda: later)
    assert write(tmp_path / "second") == first


any_row = st.fixed_dictionaries(
    {
        "who": st.none() | st.text(st.characters(codec="utf-8"), max_size=9),
        "gross": st.none() | st.builds(Amount, st.integers(-9999, 9999), st.sampled_from(["usd"])),
        "count": st.none() | st.integers(-9, 9),
        "created": st.none() | st.builds(Moment, st.integers(0, 2**32), st.just(NEW_YORK)),
        "available_on": st.none() | st.dates(min_value=date(1970, 1, 1)),
    }
)


@settings(max_examples=25)
@example(rows=ROWS, rows_at_once=4)
@example(rows=ROWS, rows_at_once=3)
@given(rows=st.lists(any_row, max_size=8), rows_at_once=st.integers(2, 9))
def test_how_many_rows_are_written_at_once_shows_nowhere(
    rows: list[dict[str, Cell]], rows_at_once: int
):
    """The files are the same to the byte as with one row after the other."""
    with tempfile.TemporaryDirectory() as folder:
        one_by_one = write(Path(folder), rows, rows_at_once=1)
        assert write(Path(folder), rows, rows_at_once=rows_at_once) == one_by_one


def test_the_first_20_rows_are_kept_to_be_shown(tmp_path: Path):
    """As JSON cells, with their columns."""
    columns = (Column("n", "N", "integer"), Column("fee", "Fee", "money"))
    with writing(tmp_path, "many", columns, "Many") as writer:
        for number in range(25):
            writer.write({"n": number, "fee": Amount(number * 10, "usd")})
        before = writer.preview
        writer.finish({})
    assert writer.preview == before
    assert before == {
        "columns": [
            {"name": "n", "title": "N", "kind": "integer"},
            {"name": "fee", "title": "Fee", "kind": "money"},
        ],
        "rows": [[number, number * 10] for number in range(20)],
    }


def test_one_column_is_a_table_too(tmp_path: Path):
    """A row of one cell."""
    with writing(tmp_path, "one", (Column("id", "Id", "text"),), "One") as writer:
        writer.write({"id": "ch_1"})
        writer.finish({})
    assert (tmp_path / "one.csv").read_bytes() == b"id\r\nch_1\r\n"


def test_a_row_without_a_column_is_a_mistake(tmp_path: Path):
    """Better no report than one with cells in the wrong place; the row's maker learns it."""
    with writing(tmp_path, "totals", COLUMNS, "Lesson totals") as writer:
        writer.write(ROWS[0])
        with pytest.raises(KeyError, match="gross"):
            writer.write({"who": "x"})


def test_a_cell_of_the_wrong_kind_is_no_report(tmp_path: Path):
    """It is found when its row is written, at the latest when the report is finished."""
    with pytest.raises(ValueError, match="format code 'd'"):
        write(tmp_path, rows=[{**ROWS[0], "count": "=1+1"}])
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_fails_half_way_leaves_nothing(tmp_path: Path):
    """What can be put into the store is always whole."""

    def fail() -> None:
        with writing(tmp_path, "totals", COLUMNS, "Lesson totals") as writer:
            writer.write(ROWS[0])
            raise ValueError("Stripe is away")

    with pytest.raises(ValueError, match="Stripe is away"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_running_a_report_again_replaces_its_files(tmp_path: Path):
    """A worker that died left its unfinished files behind."""
    (tmp_path / "totals.unfinished").mkdir()
    (tmp_path / "totals.unfinished" / "totals.csv").write_text("half a ro")
    write(tmp_path, rows=[])
    write(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["totals.csv", "totals.json", "totals.xlsx"]
    assert (tmp_path / "totals.csv").read_bytes().count(b"\r\n") == 5


@contextmanager
def little_room() -> Iterator[None]:
    """No file can grow beyond 100 kilobytes: nor can the one that pytest may be writing to."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_without_room_is_named(tmp_path: Path):
    """And half a report does not stay on it."""
    with little_room(), pytest.raises(ResultsUnavailable, match="disk is full"):
        write(tmp_path, rows=ROWS * 2_000)
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_rows(tmp_path: Path):
    """A million rows must fit where twenty thousand do."""

    def peak(rows: int) -> int:
        tracemalloc.start()
        write(tmp_path, rows=ROWS * (rows // len(ROWS)))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(400)
    few, many = peak(2_000), peak(20_000)
    assert many - few < 400_000  # the list of rows itself is most of it


def test_files_are_readable_by_the_owner_only_or_as_the_system_says(tmp_path: Path):
    """No file is made executable, and none is open to be changed by everybody."""
    write(tmp_path)
    for path in tmp_path.iterdir():
        assert path.stat().st_mode & 0o113 == 0
