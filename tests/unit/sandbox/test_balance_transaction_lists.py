"""Lists of balance transactions: whatever is asked for, few rows are looked at."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.account import Account
from sandbox.auth import Caller
from sandbox.clock import Clock
from sandbox.endpoint import Call
from sandbox.lists import Page
from sandbox.params import TimeRange
from sandbox.records import BalanceTransaction, Payout
from sandbox.resources import balance_transactions
from sandbox.resources.balance_transactions import list_all
from sandbox.service import new_account

PATH = "/v1/balance_transactions"
CURRENCIES = ("usd", "eur", "gbp")
TYPES = ("charge", "refund", "payout")
MANY = 20_000


def with_rows(kinds: list[tuple[str, str, str | None]]) -> Account:
    """An account with rows of these currencies, types and payouts, four in each second."""
    account = new_account(Clock(), None)
    for seq, (currency, type, payout) in enumerate(kinds):
        row = BalanceTransaction(
            id=f"txn_{seq}",
            created=seq // 4,
            seq=seq,
            type=type,
            reporting_category=type,
            amount=100,
            currency=currency,
            available_on=0,
            payout=payout,
        )
        account.balance_transactions.add(row)
    return account


def listed(account: Account, **params: Any) -> Page:
    """What the endpoint answers."""
    return list_all(Call(account, params, {}, Caller.SERVER, ""))


@given(data=st.data())
def test_a_filtered_page_is_the_page_of_what_the_filter_leaves(data: st.DataObject) -> None:
    """In every direction and window; a cursor need not be among what is left."""
    kinds = st.tuples(st.sampled_from(CURRENCIES), st.sampled_from(TYPES), st.none())
    account = with_rows(data.draw(st.lists(kinds, min_size=1, max_size=40)))
    rows = account.balance_transactions.rows()
    currency = data.draw(st.sampled_from((None, *CURRENCIES)))
    type = data.draw(st.sampled_from((None, *TYPES)))
    first, last = data.draw(st.tuples(st.none() | st.integers(0, 9), st.none() | st.integers(0, 9)))
    limit = data.draw(st.integers(1, 6))
    cursor = data.draw(st.none() | st.sampled_from(rows))
    backwards = data.draw(st.booleans())
    left = [
        row
        for row in reversed(rows)
        if currency in (None, row.currency)
        and type in (None, row.type)
        and (first is None or first <= row.created)
        and (last is None or row.created <= last)
    ]
    params = {"currency": currency, "type": type, "limit": limit}
    params["created"] = TimeRange(first, last)
    if cursor is not None:
        left = [row for row in left if row is not cursor and (row.seq > cursor.seq) == backwards]
        params["ending_before" if backwards else "starting_after"] = cursor.id
    expected = left[-limit:] if backwards and cursor is not None else left[:limit]
    asked = {name: value for name, value in params.items() if value is not None}
    assert listed(account, **asked) == Page(expected, len(left) > limit, PATH)


@pytest.fixture(scope="module")
def lopsided() -> Account:
    """Dollars, but for a euro at either end; both are paid out at the end, and nothing refunded."""
    account = with_rows(
        [
            ("eur", "charge", "po_eur"),
            *[("usd", "charge", "po_usd")] * MANY,
            ("usd", "refund", None),
            ("eur", "refund", "po_eur"),
            ("usd", "payout", "po_usd"),
            ("eur", "payout", "po_eur"),
        ]
    )
    rows = account.balance_transactions.rows()
    for own in rows[-2:]:
        payout = Payout(
            id=own.payout or "",
            created=own.created,
            seq=own.seq,
            amount=1,
            currency=own.currency,
            arrival_date=0,
            balance_transaction=own.id,
            since=0,
            until=rows[-3].created,
        )
        account.payouts.add(payout)
    return account


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[BalanceTransaction]:
    """The rows that were held against a filter."""
    seen: list[BalanceTransaction] = []
    matches = balance_transactions._matches

    def watched(row: BalanceTransaction, wanted: dict[str, str]) -> bool:
        seen.append(row)
        return matches(row, wanted)

    monkeypatch.setattr(balance_transactions, "_matches", watched)
    return seen


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"currency": "eur"}, 3),
        ({"currency": "gbp"}, 0),
        ({"type": "refund"}, 2),
        ({"type": "transfer"}, 0),
        ({"type": "refund", "currency": "usd"}, 1),
        ({"type": "charge", "currency": "eur"}, 1),
        ({"type": "charge", "currency": "gbp"}, 0),
        ({"payout": "po_eur"}, 3),
        ({"payout": "po_eur", "type": "charge"}, 1),
        ({"payout": "po_usd", "type": "payout"}, 1),
        ({"payout": "po_usd", "type": "refund"}, 0),
        ({"payout": "po_usd", "currency": "eur"}, 0),
        ({"payout": "po_usd", "type": "charge"}, 10),
    ],
)
def test_rows_that_are_not_wanted_are_not_looked_at(
    lopsided: Account,
    looked_at: list[BalanceTransaction],
    filters: dict[str, str],
    found: int,
) -> None:
    """However few there are among however many."""
    page = listed(lopsided, **filters)
    assert len(page.records) == found
    assert len(looked_at) <= found + 3
