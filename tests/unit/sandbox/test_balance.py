"""The balance: sums that are kept as rows come and go, and always those of the rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.balance import Balance
from sandbox.money import business_midnight
from sandbox.records import BalanceTransaction

DAY = 86_400
MONDAY = 1_795_392_000
"""Midnight UTC of 23 November 2026."""

Rows = list[BalanceTransaction]


def row(currency: str, amount: int, fee: int, available_on: int) -> BalanceTransaction:
    return BalanceTransaction(
        id="txn",
        created=0,
        seq=0,
        type="charge",
        reporting_category="charge",
        amount=amount,
        fee=fee,
        currency=currency,
        available_on=available_on,
    )


ROWS = st.lists(
    st.builds(
        row,
        st.sampled_from(["usd", "eur"]),
        st.integers(-10_000, 10_000),
        st.integers(0, 300),
        st.integers(0, 9),
    )
)


def holding(rows: Rows) -> Balance:
    balance = Balance()
    balance.fill(rows)
    return balance


def sums(balance: Balance, now: int) -> list[int]:
    """What is available and what is pending, in each currency."""
    return [
        each(balance, currency, now)
        for currency in ("usd", "eur")
        for each in (Balance.available, Balance.pending)
    ]


def sums_of(rows: Rows, now: int) -> list[int]:
    """The same, from the rows."""
    return [
        sum(r.amount - r.fee for r in rows if r.currency == currency and ahead(r, now) is later)
        for currency in ("usd", "eur")
        for later in (False, True)
    ]


def ahead(row: BalanceTransaction, now: int) -> bool:
    return row.available_on > now


@given(rows=ROWS, now=st.integers(-1, 10))
def test_the_sums_are_those_of_the_rows(rows: Rows, now: int) -> None:
    assert sums(holding(rows), now) == sums_of(rows, now)


@given(rows=ROWS, more=ROWS, now=st.integers(-1, 10))
def test_two_balances_become_one(rows: Rows, more: Rows, now: int) -> None:
    balance = holding(rows)
    balance.absorb(holding(more))
    assert sums(balance, now) == sums_of(rows + more, now)


@given(rows=ROWS, now=st.integers(-1, 10))
def test_what_is_taken_is_all_that_is_available_in_that_currency(rows: Rows, now: int) -> None:
    balance = holding(rows)
    taken = balance.take("usd", now)
    ready = [r for r in rows if r.currency == "usd" and not ahead(r, now)]
    assert sorted(map(id, taken)) == sorted(map(id, ready))
    assert sums(balance, now) == sums_of([r for r in rows if id(r) not in map(id, taken)], now)


def test_rows_that_were_paid_out_do_not_count() -> None:
    paid = row("usd", 500, 45, 0)
    paid.payout = "po_1"
    assert sums(holding([paid, row("usd", 70, 0, 0)]), 5) == [70, 0, 0, 0]


def test_the_first_row_of_each_second_is_told_from_the_others() -> None:
    balance = Balance()
    rows = [row("usd", 1, 0, 5), row("usd", 2, 0, 5), row("eur", 3, 0, 5), row("usd", 4, 0, 6)]
    assert [balance.add(each) for each in rows] == [True, False, True, True]
    assert balance.currencies() == {"usd", "eur"}


@pytest.mark.parametrize(
    ("hours", "midnight"),
    [(0, 0), (1, 1), (24, 1), (4 * 24, 4), (4 * 24 + 1, 7), (5 * 24, 7), (6 * 24 + 23, 7)],
)
def test_payouts_leave_on_business_days(hours: int, midnight: int) -> None:
    """So many hours after the midnight that begins a Monday, and the day they wait for."""
    assert business_midnight(MONDAY + hours * 3_600) == MONDAY + midnight * DAY
