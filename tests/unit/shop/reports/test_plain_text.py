"""A column of plain text: what needs no care one by one needs none together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.reports.writing.csv_file import quoted, safe_text
from shop.reports.writing.plain_text import plain
from shop.reports.writing.xlsx_cells import text_cell


@pytest.mark.parametrize(
    "texts",
    [
        ("ch_3TV", "Guitar lesson", None, "", "Zoë", "4242", "zoe@example.com", "x|y"),
        ("a_", "xylophone"),
    ],
)
def test_what_most_columns_hold_is_plain(texts: tuple[str | None, ...]):
    """Or nothing would be gained."""
    assert plain(texts)


@pytest.mark.parametrize(
    "special",
    [
        *("=1", "\uff1d1", "a;=b", "a,b", 'a"b', "a\nb"),
        *("a&b", "a<b", "a>b", "a_x0041_", "\x07", "b\uffff"),
        *(" x", "x ", "\u00a0x", "x\u2003", "x" * 16_384),
    ],
)
def test_one_text_that_needs_care_makes_its_column_special(special: str):
    """Wherever it stands."""
    for texts in ((special,), ("ch_1", special), (special, "ch_1"), (None, special, "")):
        assert not plain(texts)


risky = st.sampled_from("=+-@,;|\"'&<>_x \t\r\n\x00\u00a0\u2028\ufffe\uff1dA1é")
texts = st.lists(st.none() | st.text(risky | st.characters(), max_size=4), max_size=3)


@given(texts.map(tuple))
def test_each_text_of_a_plain_column_is_the_same_in_every_file(texts: tuple[str | None, ...]):
    """No quotes, no apostrophe, no escape, no mark for blanks."""
    for text in filter(None, texts if plain(texts) else ()):
        assert quoted(safe_text(text)) == text
        assert text_cell("A1", text) == f'<c r="A1" t="inlineStr"><is><t>{text}</t></is></c>'
