"""Which charge a movement of the balance hangs on."""

import asyncio
from types import SimpleNamespace

from jobs.lesson_totals import ChargeOfRow
from shop.stripe_gateway.objects import BalanceSource, BalanceTransaction, Charge


def row(source: BalanceSource | str | None) -> BalanceTransaction:
    return BalanceTransaction(
        id="txn_1",
        created=1,
        available_on=2,
        currency="usd",
        amount=-100,
        fee=0,
        net=-100,
        reporting_category="refund",
        type="refund",
        source=source,
    )


def test_a_charge_that_was_not_expanded_is_asked_for_once():
    """Expansion through a refund or dispute is likely, not certain, at Stripe."""
    asked: list[str] = []

    async def charge(charge_id: str) -> Charge:
        asked.append(charge_id)
        return Charge(id=charge_id, metadata={"type": "lessons-payment"})

    charges = ChargeOfRow(SimpleNamespace(bulk=SimpleNamespace(charge=charge)))
    refund = row(BalanceSource(id="re_1", object="refund", charge="ch_1"))
    found = [asyncio.run(charges.of(refund)) for _ in range(2)]
    assert found == [Charge(id="ch_1", metadata={"type": "lessons-payment"})] * 2
    assert asked == ["ch_1"]


def test_a_movement_without_a_charge_is_no_lesson():
    """Payouts and fees of Stripe's own."""
    charges = ChargeOfRow(SimpleNamespace())
    payout = BalanceSource(id="po_1", object="payout")
    assert [asyncio.run(charges.of(row(s))) for s in (payout, "po_1", None)] == [None] * 3
