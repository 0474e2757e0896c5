"""Numbers of things and amounts of money, as people read them."""

import pytest

from shop.rules.wording import counted, price


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 students"), (1, "1 student"), (2, "2 students"), (12_400, "12,400 students")],
)
def test_one_thing_is_one_and_thousands_are_set_apart(number: int, said: str):
    assert counted(number, "student") == said


def test_a_plural_may_be_irregular():
    assert [counted(n, "is", "are") for n in (1, 2)] == ["1 is", "2 are"]


@pytest.mark.parametrize(
    ("amount", "currency", "said"),
    [
        (6500, "usd", "$65.00"),
        (5, "usd", "$0.05"),
        (123456789, "usd", "$1,234,567.89"),
        (6500, "cad", "65.00 CAD"),
        (500, "jpy", "500 JPY"),
    ],
)
def test_amounts_are_said_with_their_currency(amount: int, currency: str, said: str):
    """Students pay dollars; anything else is named, so that nobody takes it for dollars."""
    assert price(amount, currency) == said
