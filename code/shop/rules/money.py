"""Money: integer minor units with a currency; never a float, never a sum across currencies.

Source of the decimals: https://docs.stripe.com/currencies (zero-decimal and three-decimal).
"""

from decimal import Decimal

import msgspec

ZERO_DECIMAL = frozenset(
    {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga"}
    | {"pyg", "rwf", "ugx", "vnd", "vuv", "xaf", "xof", "xpf"}
)
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})


class Amount(msgspec.Struct, frozen=True, gc=False):
    """An amount in minor units (cents for usd)."""

    minor: int
    currency: str

    @property
    def major(self) -> Decimal:
        """The amount in whole units, exactly, with the currency's number of decimals."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))


def decimals(currency: str) -> int:
    """How many decimals an amount in this currency (lower case, ISO 4217) has."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2
