"""The currencies a payment may be made in: one fixed table, so that every figure can be foretold.

Amounts are integers in a currency's smallest unit: cents, pence, or whole yen.
"""

from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Literal

import msgspec

Code = Literal["usd", "eur", "gbp", "cad", "jpy"]


class Currency(msgspec.Struct, frozen=True, gc=False):
    """A currency; ``dollars`` is what its large unit is worth, for ever."""

    code: Code
    symbol: str
    decimals: int
    dollars: Decimal
    minimum: int
    """The least that may be settled in it."""

    unit: str
    """The plural of the small unit, as in "50 cents"."""

    def printed(self, amount: int) -> str:
        """An amount as Stripe's messages print it: ``$1,234.50``, ``¥1,234``."""
        return f"{self.symbol}{Decimal(amount).scaleb(-self.decimals):,.{self.decimals}f}"


CURRENCIES: dict[str, Currency] = {
    currency.code: currency
    for currency in (
        Currency("usd", "$", 2, Decimal("1"), 50, "cents"),
        Currency("eur", "€", 2, Decimal("1.08"), 50, "cents"),
        Currency("gbp", "£", 2, Decimal("1.27"), 30, "pence"),
        Currency("cad", "CA$", 2, Decimal("0.73"), 50, "cents"),
        Currency("jpy", "¥", 0, Decimal("0.0066"), 50, "yen"),
    )
}


@cache
def exchange_rate(source: str, target: str) -> Decimal:
    """What one smallest unit of ``source`` is in those of ``target``, to six decimals.

    As Stripe defines it: https://docs.stripe.com/api/balance_transactions/object
    """
    one, other = CURRENCIES[source], CURRENCIES[target]
    rate = (one.dollars / other.dollars).scaleb(other.decimals - one.decimals)
    return rate.quantize(Decimal("0.000001"), ROUND_HALF_UP)


def converted(amount: int, source: str, target: str) -> int:
    """``amount`` of one currency in another, rounded half up."""
    if source == target:
        return amount
    return int((amount * exchange_rate(source, target)).quantize(Decimal(1), ROUND_HALF_UP))
