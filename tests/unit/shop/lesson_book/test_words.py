"""The words under which a student is found."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.lesson_book.words import MOST_WORDS, asked, words_of
from tests.unit.shop.lesson_book.payments import student


def test_name_address_and_id():
    """A name's parts between hyphens count too."""
    ada = student("Ab1", name="Anne-Marie O'Brien", email="A.OBrien@Example.com")
    assert words_of(ada) == [
        *("a.obrien@example.com", "anne", "anne-marie", "cus_Ab1", "marie", "obrien"),
    ]


def test_nobody_without_a_name():
    """Only the id is left."""
    assert words_of(student("Ab1")) == ["cus_Ab1"]


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Zoë", ["zoe"]),
        ("  SØREN  Łukasz ", ["soren", "lukasz"]),
        ("o\u2019brien", ["obrien"]),
        ("Straße", ["strasse"]),
        ("ada ADA", ["ada"]),
        ("cus_Ab1", ["cus_Ab1"]),
        ("", []),
        ("' \0", []),
    ],
)
def test_letter_case_and_accents_do_not_count(question: str, words: list[str]):
    """But an id keeps its letters as they are."""
    assert asked(question) == words


def test_a_long_question_is_cut():
    """So that nobody keeps Redis busy."""
    assert len(asked(" ".join(f"w{n}" for n in range(50)))) == MOST_WORDS


@given(st.text(max_size=40))
def test_a_name_is_found_by_itself(name: str):
    """In whatever way its accents are written."""
    words = words_of(student("x", name=name))
    for form in ("NFC", "NFD"):
        for wanted in asked(unicodedata.normalize(form, name)):
            assert any(word.startswith(wanted) for word in words)


@given(st.text())
def test_no_word_has_a_blank_or_a_zero(name: str):
    """They part the words in Redis."""
    for word in words_of(student("x", name=name, email=name)):
        assert "\0" not in word
        assert word.split() == [word]
