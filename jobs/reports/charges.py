"""The charge that a movement of the balance hangs on, and with it what was sold."""

from typing import Protocol

from shop.errors import StripeRefused
from shop.stripe_gateway.objects import BalanceSource, BalanceTransaction, Charge

CHARGE_IDS = ("ch_", "py_")
"""How ids of charges begin: of cards, and of other ways to pay."""

UNKNOWN = 404


class AsksForCharges(Protocol):
    """Whoever can ask Stripe for one charge; a report's reading can."""

    async def charge(self, charge_id: str) -> Charge: ...  # noqa: D102


async def charge_of(reading: AsksForCharges, row: BalanceTransaction) -> Charge | None:
    """The charge with its metadata; asked for only where Stripe did not expand it.

    None where the movement hangs on no charge, such as a payout, or on one that Stripe does not
    know any more.
    """
    charge = expanded_charge(row.source)
    return await found(reading, charge) if isinstance(charge, str) else charge


def expanded_charge(source: BalanceSource | str | None) -> Charge | str | None:
    """The charge in a movement's source: expanded, its id, or None where there is none."""
    if isinstance(source, BalanceSource):
        return source.as_charge() if source.object == "charge" else source.charge
    if source is not None and source.startswith(CHARGE_IDS):
        return source
    return None


async def found(reading: AsksForCharges, charge: Charge | str | None) -> Charge | None:
    """The charge itself, where it was expanded or Stripe still knows it.

    Raises:
        StripeError: Stripe could not be asked.
    """
    if not isinstance(charge, str):
        return charge
    try:
        return await reading.charge(charge)
    except StripeRefused as refusal:
        if refusal.status == UNKNOWN:
            return None
        raise
