"""Fees, and the day money becomes available."""

from functools import lru_cache

from sandbox.currencies import converted

DAY = 86_400
HOME = "US"
"""Where the account is; cards of any other country are foreign."""

MAXIMUM_CHARGE = 99_999_999
"""In the smallest unit of any currency."""

FEE_PER_MILLE = 29
FOREIGN_CARD_PER_MILLE = 15
CONVERSION_PER_MILLE = 10
FEE_BESIDE_CENTS = 30
DISPUTE_FEE_CENTS = 1_500


def processing_fee(
    amount: int, currency: str = "usd", *, foreign: bool = False, converting: bool = False
) -> int:
    """2.9 % of a settled ``amount`` and 30 US cents, both in ``currency``.

    A ``foreign`` card costs 1.5 % more and ``converting`` the charge's currency 1 %. The sum of
    the shares is rounded once, half up.
    """
    per_mille = FEE_PER_MILLE + FOREIGN_CARD_PER_MILLE * foreign + CONVERSION_PER_MILLE * converting
    return (amount * per_mille + 500) // 1_000 + converted(FEE_BESIDE_CENTS, "usd", currency)


def dispute_fee(currency: str = "usd") -> int:
    """15 US dollars in ``currency``."""
    return converted(DISPUTE_FEE_CENTS, "usd", currency)


def two_business_days_after(moment: int) -> int:
    """Midnight UTC two business days after ``moment``."""
    return _two_business_days_later(moment // DAY) * DAY


def business_midnight(moment: int) -> int:
    """The first midnight UTC of a business day that is not before ``moment``."""
    day = -(-moment // DAY)
    while not _is_business_day(day):
        day += 1
    return day * DAY


@lru_cache(maxsize=4_096)
def _two_business_days_later(day: int) -> int:
    left = 2
    while left:
        day += 1
        left -= _is_business_day(day)
    return day


def _is_business_day(day: int) -> bool:
    weekday = (day + 3) % 7  # 1 January 1970 was a Thursday, and Monday is 0
    return weekday < 5
