"""Which currency a charge is booked in, and how much of that a part of the charge is.

What is given back takes its share of what is left of the charge's own row, rounded half up; the
last part takes the rest. So the rows of a charge that is given back in any number of parts add up
to exactly what was booked for it, whatever the roundings, and also when a refund fails between.
"""

from typing import NamedTuple

from sandbox.account import Account
from sandbox.currencies import converted, exchange_rate
from sandbox.records import Charge
from sandbox.states import RefundStatus


class Settled(NamedTuple):
    """Money as it is booked: ``amount`` in the smallest unit of the settlement ``currency``."""

    amount: int
    currency: str
    exchange_rate: float | None
    """None if that is the charge's currency as well."""

    def leaving(self) -> "Settled":
        """The same money as a row has it that takes it out of the balance."""
        return self._replace(amount=-self.amount)


def settled(charge: Charge) -> Settled:
    """All that was captured of a charge, which may not be booked yet."""
    currency = charge.settlement_currency
    if currency == charge.currency:
        return Settled(charge.amount_captured, currency, None)
    return Settled(
        converted(charge.amount_captured, charge.currency, currency),
        currency,
        float(exchange_rate(charge.currency, currency)),
    )


def part_settled(account: Account, charge: Charge, amount: int) -> Settled:
    """``amount`` of what has not been refunded of ``charge``, in the charge's currency."""
    whole = settled(charge)
    left = charge.amount_captured - charge.amount_refunded
    settled_left = whole.amount - _refunded(account, charge)
    return whole._replace(amount=(2 * settled_left * amount + left) // (2 * left))


def taken_by(account: Account, row: str) -> Settled:
    """What the row of that id has taken out of the balance."""
    taken = account.require(account.balance_transactions, row, None)
    return Settled(taken.amount, taken.currency, taken.exchange_rate).leaving()


def _refunded(account: Account, charge: Charge) -> int:
    """What refunds have taken so far, in the settlement currency."""
    given = account.refunds.some(charge.refunds)
    rows = [each.balance_transaction for each in given if each.status is not RefundStatus.FAILED]
    return -sum(row.amount for row in account.balance_transactions.some(row for row in rows if row))
