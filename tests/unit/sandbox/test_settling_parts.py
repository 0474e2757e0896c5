"""Whatever is given back of a converted charge, and comes back, in the end it adds up."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.account import Account, AccountSettings
from sandbox.actions import capturing, refunding
from sandbox.cards import BY_NUMBER
from sandbox.clock import Clock
from sandbox.currencies import CURRENCIES
from sandbox.records import BillingDetails, CardDetails, Charge
from sandbox.service import new_account

CARD = CardDetails(card=BY_NUMBER["4242424242424242"], exp_month=1, exp_year=2040)


def charged(account: Account, amount: int, currency: str) -> Charge:
    """A charge that was captured and booked."""
    charge = Charge(
        **account.stamp("ch"),
        payment_intent="pi_1",
        payment_method="pm_1",
        details=CARD,
        billing=BillingDetails(),
        amount=amount,
        amount_captured=amount,
        captured=True,
        currency=currency,
        settlement_currency=account.settings.settlement_of(currency),
        metadata={"type": "lessons-payment"},
    )
    account.charges.add(charge)
    capturing.book(account, charge)
    return charge


@given(
    amount=st.integers(1, 3_000),
    currency=st.sampled_from(list(CURRENCIES)),
    settlement=st.sampled_from(list(CURRENCIES)),
    parts=st.lists(st.tuples(st.integers(1, 900), st.booleans()), max_size=8),
)
def test_a_charge_that_is_given_back_in_parts_leaves_nothing_behind(
    amount: int, currency: str, settlement: str, parts: list[tuple[int, bool]]
) -> None:
    """Some of the refunds fail, and no row ever goes the wrong way."""
    account = new_account(Clock(), None)
    account.settings = AccountSettings((settlement,))
    charge = charged(account, amount, currency)
    for part, fails in parts:
        if part <= amount - charge.amount_refunded:
            made = refunding.refund(account, charge, part, None, {})
            if fails:
                refunding.fail(account, made.id)
    if charge.amount_refunded < amount:
        refunding.refund(account, charge, amount - charge.amount_refunded, None, {})
    taken, *others = account.balance_transactions.rows()
    totals = account.truth.totals(0, account.now(), settlement)
    assert sum(row.amount for row in others) == -taken.amount
    assert all(row.amount <= 0 for row in others if row.type == "refund")
    assert (totals.payment_total, totals.net_total) == (taken.amount, -taken.fee)
