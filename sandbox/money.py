"""Fees, and the day money becomes available."""

from functools import lru_cache

DAY = 86_400
DISPUTE_FEE = 1_500
"""Cents; kept even when the dispute is won."""

MINIMUM_CHARGE = 50
MAXIMUM_CHARGE = 99_999_999


def processing_fee(amount: int) -> int:
    """2.9 % of ``amount`` cents, rounded half up, and 30 cents."""
    return (amount * 29 + 500) // 1_000 + 30


def dollars(amount: int) -> str:
    """Cents as Stripe's messages print them: ``$1,234.50``."""
    return f"${amount // 100:,}.{amount % 100:02d}"


def two_business_days_after(moment: int) -> int:
    """Midnight UTC two business days after ``moment``."""
    return _two_business_days_later(moment // DAY) * DAY


@lru_cache(maxsize=4_096)
def _two_business_days_later(day: int) -> int:
    left = 2
    while left:
        day += 1
        weekday = (day + 3) % 7  # 1 January 1970 was a Thursday, and Monday is 0
        left -= weekday < 5
    return day
