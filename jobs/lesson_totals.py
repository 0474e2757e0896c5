"""The lesson totals: every movement of lesson money in the window, and what it adds up to.

A movement is in the window by its own time. Whether it is lesson money is decided by the
metadata of the charge it hangs on, even when that charge is older than the window.
"""

from datetime import UTC, datetime

from jobs.report import Outcome, Reading, Write
from shop.rules.lesson_ledger import Entry, LessonLedger, Totals, is_lesson, nothing
from shop.rules.money import Amount
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.objects import BalanceSource, BalanceTransaction, Charge
from shop.stripe_gateway.payments import CURRENCY

COLUMNS = (
    "balance_transaction_id",
    "created_utc",
    "available_on_utc",
    "currency",
    "gross",
    "fee",
    "net",
    "reporting_category",
    "source_id",
    "description",
    "customer_id",
    "charge_id",
    "payment_intent_id",
)
"""Named as in Stripe's own itemised balance report (docs.stripe.com/reports/balance)."""


async def make(reading: Reading, write: Write) -> Outcome:
    """Add up the lesson money that moved in the window."""
    ledger = LessonLedger()
    others = 0
    charges = ChargeOfRow(reading.gateway)
    transactions = reading.gateway.bulk.balance_transactions(reading.window)
    async for row in reading.each(transactions):
        charge = await charges.of(row)
        if charge is None or not is_lesson(charge.metadata):
            others += 1
            continue
        ledger.add(
            Entry(
                currency=row.currency,
                reporting_category=row.reporting_category,
                amount=row.amount,
                fee=row.fee,
                net=row.net,
            )
        )
        write(_columns(row, charge))
    every_currency = ledger.totals() or [nothing(CURRENCY)]
    first = every_currency[0]
    return Outcome(
        summary={
            **_figures(first),
            "transactions": first.entries,
            "other_transactions": others,
            "lines": [{"label": x.value, "amount": amount} for x, amount in first.lines.items()],
            "other_currencies": [_figures(totals) for totals in every_currency[1:]],
        },
        answer={
            **_figures(first),
            "other_currencies": [_figures(totals) for totals in every_currency[1:]],
        },
    )


class ChargeOfRow:
    """Finds the charge a movement hangs on; asks Stripe only where it was not expanded."""

    def __init__(self, gateway: StripeGateway) -> None:
        self._gateway = gateway
        self._asked: dict[str, Charge] = {}

    async def of(self, row: BalanceTransaction) -> Charge | None:
        """The charge with its metadata, or None for movements without one, such as payouts."""
        source = row.source
        if not isinstance(source, BalanceSource):
            return None
        if source.object == "charge":
            return Charge(
                id=source.id,
                metadata=source.metadata or {},
                payment_intent=source.payment_intent,
                customer=source.customer,
            )
        if isinstance(source.charge, str):
            return await self._ask(source.charge)
        return source.charge

    async def _ask(self, charge_id: str) -> Charge:
        if charge_id not in self._asked:
            self._asked[charge_id] = await self._gateway.bulk.charge(charge_id)
        return self._asked[charge_id]


def _figures(totals: Totals) -> dict[str, object]:
    return {
        "payment_total": totals.payment_total,
        "fee_total": totals.fee_total,
        "net_total": totals.net_total,
        "currency": totals.currency,
    }


def _columns(row: BalanceTransaction, charge: Charge) -> dict[str, str | int | Amount | None]:
    source = row.source
    return {
        "balance_transaction_id": row.id,
        "created_utc": _utc(row.created),
        "available_on_utc": _utc(row.available_on),
        "currency": row.currency,
        "gross": Amount(row.amount, row.currency),
        "fee": Amount(row.fee, row.currency),
        "net": Amount(row.net, row.currency),
        "reporting_category": row.reporting_category,
        "source_id": source.id if isinstance(source, BalanceSource) else source,
        "description": row.description,
        "customer_id": charge.customer,
        "charge_id": charge.id,
        "payment_intent_id": charge.payment_intent,
    }


def _utc(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
