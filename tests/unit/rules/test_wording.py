"""Numbers of things, as people read them."""

import pytest

from shop.rules.wording import counted


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 students"), (1, "1 student"), (2, "2 students"), (12_400, "12,400 students")],
)
def test_one_thing_is_one_and_thousands_are_set_apart(number: int, said: str):
    assert counted(number, "student") == said


def test_a_plural_may_be_irregular():
    assert [counted(n, "is", "are") for n in (1, 2)] == ["1 is", "2 are"]
