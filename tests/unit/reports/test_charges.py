"""Which charge a movement of the balance hangs on."""

import asyncio

import pytest

from jobs.reports.charges import charge_of
from shop.errors import StripeRefused
from shop.stripe_gateway.objects import BalanceSource, BalanceTransaction, Charge

LESSON = Charge(id="ch_1", metadata={"type": "lessons-payment"})


class Asked:
    """Stripe, which knows one charge, or answers everything with a status."""

    def __init__(self, status: int | None = None) -> None:
        self.status = status

    async def charge(self, charge_id: str) -> Charge:
        if self.status is not None:
            raise StripeRefused("No.", status=self.status)
        assert charge_id == LESSON.id
        return LESSON


def found(source: BalanceSource | str | None, stripe: Asked) -> Charge | None:
    row = BalanceTransaction(
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
    return asyncio.run(charge_of(stripe, row))


@pytest.mark.parametrize(
    "source",
    [
        BalanceSource(id="ch_1", object="charge", metadata={"type": "lessons-payment"}),
        BalanceSource(id="re_1", object="refund", charge=LESSON),
        BalanceSource(id="re_1", object="refund", charge="ch_1"),
        "ch_1",
    ],
)
def test_however_stripe_sends_the_source_its_charge_is_found(source: BalanceSource | str):
    """Expanded, half expanded, or as an id."""
    assert found(source, Asked()) == LESSON


@pytest.mark.parametrize("source", [None, "po_1", BalanceSource(id="po_1", object="payout")])
def test_payouts_and_fees_hang_on_no_charge(source: BalanceSource | str | None):
    """And nobody is asked for one."""
    assert found(source, Asked(status=500)) is None


def test_a_charge_that_stripe_does_not_know_is_none():
    """The movement is then unclassified."""
    assert found("ch_1", Asked(status=404)) is None


def test_any_other_refusal_ends_the_report():
    """Without the charge the figures could be wrong, and nobody would know."""
    with pytest.raises(StripeRefused):
        found("ch_1", Asked(status=403))
