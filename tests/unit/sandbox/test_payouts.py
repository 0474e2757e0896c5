"""Payouts of histories: each row is sent to the bank once, on the first day that it can be."""

from collections import defaultdict

import pytest

from sandbox.account import Account, AccountSettings
from sandbox.balance import PayoutSchedule
from sandbox.clock import Clock
from sandbox.history import History, Shape, generate
from sandbox.money import business_midnight
from sandbox.records import BalanceTransaction
from sandbox.service import new_account

NOON = 1_795_348_800
DAY = 86_400
ORDER = History(students=100, payments=2_000, days=90)


def empty(settings: AccountSettings | None = None) -> Account:
    """An account on a Sunday at noon."""
    clock = Clock()
    clock.hold(NOON)
    account = new_account(clock, None)
    account.settings = settings or account.settings
    return account


@pytest.fixture(scope="module")
def account() -> Account:
    """One with a history of ninety days."""
    account = empty()
    generate(account, ORDER)
    return account


def paid_out(account: Account) -> dict[str, list[BalanceTransaction]]:
    """The rows by the payout that took them, its own left out."""
    found = defaultdict(list)
    for row in account.balance_transactions.rows():
        if row.payout is not None and row.type != "payout":
            found[row.payout].append(row)
    return found


def whole(account: Account) -> int:
    """Everything there is, by the rows."""
    return sum(row.amount - row.fee for row in account.balance_transactions.rows())


def left(account: Account) -> int:
    """Everything there is, by the balance."""
    now = account.now()
    return account.balance.available("usd", now) + account.balance.pending("usd", now)


def test_each_is_the_sum_of_the_rows_it_paid_out(account: Account) -> None:
    found = paid_out(account)
    for payout in account.payouts.rows():
        rows = found.pop(payout.id)
        assert payout.amount == sum(row.amount - row.fee for row in rows) > 0
        assert payout.since == min(row.created for row in rows)
        assert payout.until == max(row.created for row in rows)
        own = account.require(account.balance_transactions, payout.balance_transaction, None)
        assert (own.amount, own.fee, own.source) == (-payout.amount, 0, payout.id)
        assert (own.created, own.available_on, own.payout) == (
            payout.created,
            payout.created,
            payout.id,
        )
    assert found == {}


def test_ninety_days_have_a_payout_on_each_business_day(account: Account) -> None:
    made = [payout.created for payout in account.payouts.rows()]
    between = [business_midnight(one + 1) for one in made[:-1]]
    assert made[1:] == between
    assert 60 <= len(made) <= 65


def test_a_row_waits_for_the_first_midnight_after_it_is_available(account: Account) -> None:
    for payout, rows in paid_out(account).items():
        sent = account.require(account.payouts, payout, None).created
        assert {business_midnight(row.available_on) for row in rows} == {sent}


def test_what_is_available_by_the_last_payout_is_paid_out(account: Account) -> None:
    *_, last = account.payouts.rows()
    unpaid = [row for row in account.balance_transactions.rows() if row.payout is None]
    assert min(row.available_on for row in unpaid) > last.created
    assert left(account) == whole(account)


def test_every_month_has_a_fee_that_belongs_to_no_payment(account: Account) -> None:
    fees = [row for row in account.balance_transactions.rows() if row.type == "stripe_fee"]
    assert [(row.created, row.description) for row in fees] == [
        (NOON - 60 * DAY, "Billing - Usage Fee (2026-09-23)"),
        (NOON - 30 * DAY, "Billing - Usage Fee (2026-10-23)"),
        (NOON, "Billing - Usage Fee (2026-11-22)"),
    ]
    assert {(row.reporting_category, row.amount, row.fee, row.source) for row in fees} == {
        ("fee", -2_500, 0, None)
    }


@pytest.mark.parametrize("shape", list(Shape))
def test_a_history_that_is_added_pays_nothing_out_twice(shape: Shape) -> None:
    account = empty()
    generate(account, History(students=30, payments=200, days=60, shape=shape))
    account.clock.hold(NOON + 10 * DAY)
    account.timers.run_due(account)
    generate(account, History(students=30, payments=200, days=60, seed=2))
    account.clock.hold(NOON + 20 * DAY)
    account.timers.run_due(account)
    found = paid_out(account)
    assert sum(payout.amount for payout in account.payouts.rows()) == sum(
        row.amount - row.fee for rows in found.values() for row in rows
    )
    assert {payout.id for payout in account.payouts.rows()} == found.keys()
    assert left(account) == whole(account)


def test_a_history_of_an_account_without_payouts_has_none() -> None:
    account = empty(AccountSettings(payout_schedule=PayoutSchedule.MANUAL))
    generate(account, ORDER)
    assert (len(account.payouts), left(account)) == (0, whole(account))


def test_what_is_paid_out_comes_in_each_settlement_currency() -> None:
    account = empty(AccountSettings(settlement_currencies=("eur",)))
    generate(account, ORDER)
    rows = account.balance_transactions.rows()
    assert {row.currency for row in rows} == {payout.currency for payout in account.payouts.rows()}
    assert account.balance.currencies() == {"eur"}
