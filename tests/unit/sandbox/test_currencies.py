"""The table of currencies, and what comes of converting between them."""

from decimal import Decimal
from typing import get_args

import pytest

from sandbox.currencies import CURRENCIES, Code, converted, exchange_rate


def test_every_code_has_a_currency() -> None:
    assert list(CURRENCIES) == list(get_args(Code))


@pytest.mark.parametrize(
    ("amount", "currency", "printed"),
    [
        (4000, "usd", "$40.00"),
        (5, "usd", "$0.05"),
        (99_999_999, "usd", "$999,999.99"),
        (1999, "eur", "€19.99"),
        (30, "gbp", "£0.30"),
        (123_456, "cad", "CA$1,234.56"),
        (123_456, "jpy", "¥123,456"),
    ],
)
def test_amounts_are_printed_as_stripe_prints_them(
    amount: int, currency: str, printed: str
) -> None:
    assert CURRENCIES[currency].printed(amount) == printed


@pytest.mark.parametrize(
    ("source", "target", "rate"),
    [
        ("eur", "usd", "1.080000"),
        ("jpy", "usd", "0.660000"),
        ("usd", "jpy", "1.515152"),
        ("gbp", "eur", "1.175926"),
        ("usd", "usd", "1.000000"),
    ],
)
def test_a_rate_is_between_the_smallest_units(source: str, target: str, rate: str) -> None:
    """A yen is 0.66 cents."""
    assert exchange_rate(source, target) == Decimal(rate)


@pytest.mark.parametrize(
    ("amount", "source", "target", "comes_to"),
    [
        (5, "jpy", "usd", 3),
        (1, "jpy", "usd", 1),
        (75, "jpy", "usd", 50),  # 49.5: half up
        (1234, "eur", "usd", 1333),
        (5000, "usd", "jpy", 7576),
        (77, "gbp", "gbp", 77),
    ],
)
def test_what_is_converted_is_rounded_half_up(
    amount: int, source: str, target: str, comes_to: int
) -> None:
    assert converted(amount, source, target) == comes_to
