"""Minor and major units."""

from decimal import Decimal

import pytest

from shop.rules.money import Amount


@pytest.mark.parametrize(
    ("amount", "major"),
    [
        (Amount(123, "usd"), "1.23"),
        (Amount(-5, "usd"), "-0.05"),
        (Amount(500, "jpy"), "500"),
        (Amount(1234, "kwd"), "1.234"),
        (Amount(10**14 + 1, "usd"), "1000000000000.01"),
    ],
)
def test_major_units_are_exact(amount: Amount, major: str):
    """No float touches an amount, and every currency has its own number of decimals."""
    assert amount.major == Decimal(major)
    assert str(amount.major) == major
