"""Numbers of things, amounts of money and lengths of time, as people read them. Pure."""

from shop.rules.money import Amount

MINUTE = 60
HOUR = 60 * MINUTE


def counted(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun: `1 student`, `12,400 students`.

    Args:
        plural: where it is more than the singular and an s.
    """
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"


def price(amount: int, currency: str) -> str:
    """An amount in minor units as people write it: `$65.00`; `65.00 CAD` where it is not usd."""
    major = f"{Amount(amount, currency).major:,}"
    return f"${major}" if currency == "usd" else f"{major} {currency.upper()}"


def waiting(seconds: int) -> str:
    """How long to wait, never less than it is: `1 minute`, `12 minutes`, `2 hours`."""
    if seconds <= 90 * MINUTE:
        return counted(max(1, -(-seconds // MINUTE)), "minute")
    return counted(-(-seconds // HOUR), "hour")
