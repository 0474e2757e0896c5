"""Fees, and the day money becomes available."""

from datetime import UTC, datetime

import pytest

from sandbox.money import dollars, processing_fee, two_business_days_after


@pytest.mark.parametrize(
    ("amount", "fee"),
    [(2000, 88), (123, 34), (50, 31), (500, 45), (1, 30), (18, 31), (6500, 219)],
)
def test_the_fee_is_rounded_half_up(amount: int, fee: int) -> None:
    """500 cents make 14.5 cents of fee and 30: 45."""
    assert processing_fee(amount) == fee


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


def test_amounts_are_printed_as_stripe_prints_them() -> None:
    assert [dollars(4000), dollars(5), dollars(99_999_999)] == ["$40.00", "$0.05", "$999,999.99"]
