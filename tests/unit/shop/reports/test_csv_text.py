"""Text in a CSV file is text, whatever a stranger typed as a name."""

import csv
import io
import re
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.reports.table import Column
from shop.reports.writing.csv_file import CsvFile, safe_text


@pytest.mark.parametrize(
    ("typed", "safe"),
    [
        ("=1+1", "'=1+1"),
        ("+1 555 0100", "'+1 555 0100"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("  =1+1", "  '=1+1"),
        ('"=1+1', "\"'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("Zoë;=1+1;", "Zoë;'=1+1;"),
        ("Zoë\n=1+1", "Zoë\n'=1+1"),
    ],
)
def test_what_would_begin_a_formula_gets_an_apostrophe(typed: str, safe: str):
    """OWASP's list, after blanks and quotes, and where another separator would begin a cell."""
    assert safe_text(typed) == safe


@pytest.mark.parametrize(
    "text", ["", "Zoë", "a=b", "zoe@example.com", "2026-11-22T14:05", "C++", "x; y", "ch_1", "'=1"]
)
def test_harmless_text_is_left_as_it_is(text: str):
    """Addresses and dates are to be used by other programs."""
    assert safe_text(text) == text


@given(st.text(alphabet=st.sampled_from("=+-@\t\r\n;\"' ,ax1\uff1d"), max_size=12))
def test_no_cell_of_any_reader_begins_with_a_formula(text: str):
    """Wherever a reader splits it; and nothing but apostrophes is added."""
    safe = safe_text(text)
    assert not safe.startswith(("\t", "\r", "\n"))
    for part in re.split(r"[;\t\r\n]", safe):
        assert not part.lstrip(' "').startswith(("=", "+", "-", "@", "\uff1d"))
    assert safe.replace("'", "") == text.replace("'", "")


cells = st.none() | st.text(st.characters(codec="utf-8"), max_size=4) | st.sampled_from(',"\r\n ;')
tables = st.integers(1, 3).flatmap(
    lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1)
)


@given(tables)
def test_quotes_are_where_pythons_own_writer_puts_them(rows: list[list[str | None]]):
    """In columns where one text needs them, where none does, and where a row is one empty cell."""
    width = len(rows[0])
    expected = io.StringIO(newline="")
    table = csv.writer(expected)
    table.writerow([f"a,{n}" for n in range(width)])
    table.writerows([[text and safe_text(text) for text in row] for row in rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.csv"
        columns = [Column(f"a,{n}", "", "text") for n in range(width)]
        with closing(CsvFile(path, columns)) as file:
            file.write(rows)
        assert path.read_bytes().decode() == expected.getvalue()
