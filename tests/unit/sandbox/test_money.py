"""Fees, and the day money becomes available."""

from datetime import UTC, datetime

import pytest

from sandbox.money import dispute_fee, processing_fee, two_business_days_after


@pytest.mark.parametrize(
    ("amount", "fee"),
    [(2000, 88), (123, 34), (50, 31), (500, 45), (1, 30), (18, 31), (6500, 219)],
)
def test_the_fee_is_rounded_half_up(amount: int, fee: int) -> None:
    """500 cents make 14.5 cents of fee and 30: 45."""
    assert processing_fee(amount) == fee


@pytest.mark.parametrize(
    ("foreign", "converting", "fee"),
    [(False, False, 97), (True, False, 132), (False, True, 120), (True, True, 155)],
)
def test_foreign_cards_and_conversion_cost_more(foreign: bool, converting: bool, fee: int) -> None:
    """The shares of 2315 cents are 67.135, 34.725 and 23.15 cents; their sum is rounded once."""
    assert processing_fee(2315, foreign=foreign, converting=converting) == fee


def test_the_fixed_fees_are_dollars_wherever_they_are_taken() -> None:
    """30 cents are 27.78 euro cents, 15 dollars 2,273 yen."""
    assert processing_fee(1000, "eur") == 29 + 28
    assert [dispute_fee("usd"), dispute_fee("eur"), dispute_fee("jpy")] == [1500, 1389, 2273]


@pytest.mark.parametrize(
    ("moment", "available"),
    [
        ("2026-11-23T09:00", "2026-11-25"),  # Monday to Wednesday
        ("2026-11-26T23:59", "2026-11-30"),  # Thursday to Monday
        ("2026-11-27T00:00", "2026-12-01"),  # Friday to Tuesday
        ("2026-11-28T12:00", "2026-12-01"),  # Saturday to Tuesday
    ],
)
def test_two_business_days(moment: str, available: str) -> None:
    seconds = int(datetime.fromisoformat(moment).replace(tzinfo=UTC).timestamp())
    day = int(datetime.fromisoformat(available).replace(tzinfo=UTC).timestamp())
    assert two_business_days_after(seconds) == day
