"""Every shape of history: where its moments lie, that paging finds every row, that truth holds."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.account import Account
from sandbox.clock import Clock
from sandbox.history import History, Shape, generate
from sandbox.lists import page
from sandbox.params import TimeRange
from sandbox.service import new_account
from sandbox.truth import Totals, is_lesson

NOON = 1_795_348_800
DAY = 86_400
DAYS = 30
SEEDS = st.integers(0, 10_000)
BESIDE = ("payout", "stripe_fee")
"""Types of rows that belong to no payment."""


def made(shape: Shape, *, students: int = 60, payments: int = 400, seed: int = 1) -> Account:
    """An account with a history of that shape, which ends at noon."""
    clock = Clock()
    clock.hold(NOON)
    account = new_account(clock, None)
    generate(account, History(students, payments, DAYS, seed, shape))
    return account


@pytest.fixture(scope="module", params=list(Shape))
def account(request: pytest.FixtureRequest) -> Account:
    """One history of each shape."""
    return made(request.param)


def moments(account: Account) -> list[int]:
    """When everything was made, but for what holds did by expiring."""
    return [row.created for table in account.tables().values() for row in table.rows()]


def balance(account: Account, start: int, end: int) -> Totals:
    """The lesson totals of a window, added up from the balance transactions themselves."""

    def of_lesson(source: str | None) -> bool:
        assert source is not None
        refund, dispute = account.refunds.get(source), account.disputes.get(source)
        charge = refund.charge if refund else dispute.charge if dispute else source
        return is_lesson(account.require(account.charges, charge, None).metadata)

    rows = [
        row
        for row in account.balance_transactions.rows()
        if start <= row.created <= end and row.type not in BESIDE and of_lesson(row.source)
    ]
    taken = sum(row.amount for row in rows if row.type == "charge")
    left = sum(row.amount - row.fee for row in rows)
    return Totals(taken, taken - left, left, len(rows))


def test_everything_of_one_second_has_that_second() -> None:
    assert set(moments(made(Shape.ONE_SECOND))) == {NOON}


def test_everything_of_one_hour_lies_in_that_hour_and_fills_it() -> None:
    found = moments(made(Shape.ONE_HOUR))
    assert (min(found), max(found) <= NOON) == (NOON - 3_599, True)
    assert len({moment // 60 for moment in found}) >= 59


def test_a_squeezed_history_leaves_no_money_to_move_by_itself_but_to_the_bank() -> None:
    """So that figures stay as they are while a test looks at them."""
    for shape in (Shape.ONE_HOUR, Shape.ONE_SECOND):
        account = made(shape)
        rows = len(account.balance_transactions)
        account.clock.hold(NOON + 3 * DAY)
        account.timers.run_due(account)
        *before, payout = account.balance_transactions.rows()
        assert (len(before), payout.type) == (rows, "payout")


def test_an_even_history_has_as_much_in_each_tenth() -> None:
    *earlier, last = tenths(made(Shape.EVEN, payments=5_000))
    assert max(earlier) - min(earlier) <= 2
    assert 0 <= last - max(earlier) < 100  # some were moved into the last 36 hours


def test_a_growing_history_has_more_in_each_tenth_and_half_in_the_last_fifth() -> None:
    counts = tenths(made(Shape.GROWING, payments=5_000))
    assert counts == sorted(counts)
    assert 0.47 < sum(counts[8:]) / 5_000 < 0.53


def tenths(account: Account) -> list[int]:
    """How many payments lie in each tenth of the time, the first tenth first."""
    length = DAYS * DAY
    places = Counter(
        min((row.created - (NOON - length)) * 10 // length, 9)
        for row in account.payment_intents.rows()
    )
    return [places[tenth] for tenth in range(10)]


@pytest.mark.parametrize("shape", [Shape.EVEN, Shape.GROWING])
def test_hundreds_of_payments_of_a_small_history_are_recent(shape: Shape) -> None:
    rows = made(shape, payments=3_000).payment_intents.rows()
    assert 300 <= sum(row.created >= NOON - 36 * 3_600 for row in rows) <= 450


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize(("students", "payments"), [(0, 0), (1, 0), (1, 5), (3, 1)])
def test_small_histories_of_every_shape(shape: Shape, students: int, payments: int) -> None:
    account = made(shape, students=students, payments=payments)
    assert (len(account.customers), len(account.payment_intents)) == (students, payments)


def walk(
    account: Account, direction: str, limit: int, window: TimeRange
) -> Iterator[Sequence[Any]]:
    """Pages of balance transactions, as a client asks for them."""
    params: dict[str, Any] = {"limit": limit, "created": window}
    while True:
        found = page(account.balance_transactions, params, "/v1/balance_transactions")
        yield found.records
        if not found.has_more:
            return
        cursor = found.records[-1] if direction == "starting_after" else found.records[0]
        params[direction] = cursor.id


@given(
    limit=st.integers(1, 100),
    first=st.integers(NOON - 40 * DAY, NOON + 9),
    last=st.integers(NOON - 40 * DAY, NOON + 9),
)
def test_a_walk_forward_meets_every_row_of_the_window_once_newest_first(
    account: Account, limit: int, first: int, last: int
) -> None:
    pages = walk(account, "starting_after", limit, TimeRange(first, last))
    seen = [row for rows in pages for row in rows]
    rows = account.balance_transactions.rows()
    assert seen == [row for row in reversed(rows) if first <= row.created <= last]


@given(limit=st.integers(1, 100))
def test_a_walk_backward_meets_every_newer_row_once(account: Account, limit: int) -> None:
    rows = account.balance_transactions.rows()
    params: dict[str, Any] = {"limit": limit, "ending_before": rows[0].id}
    seen: list[Any] = []
    while True:
        found = page(account.balance_transactions, params, "/v1/balance_transactions")
        seen = [*found.records, *seen]
        if not found.has_more:
            break
        params["ending_before"] = found.records[0].id
    assert seen == list(rows[:0:-1])


@given(first=st.integers(NOON - 40 * DAY, NOON + 9), last=st.integers(NOON - 40 * DAY, NOON + 9))
def test_the_truth_of_any_window_is_the_sum_of_its_rows(
    account: Account, first: int, last: int
) -> None:
    assert account.truth.totals(first, last) == balance(account, first, last)


@given(shape=st.sampled_from(list(Shape)), seed=SEEDS, days=st.lists(st.integers(0, 9), max_size=5))
def test_the_truth_holds_while_time_passes(shape: Shape, seed: int, days: list[int]) -> None:
    """Disputes arrive and lapse, holds expire, whenever the clock is advanced."""
    account = made(shape, students=10, payments=60, seed=seed)
    for step in days:
        account.clock.hold(account.now() + step * DAY)
        account.timers.run_due(account)
        now = account.now()
        assert account.truth.totals(0, now) == balance(account, 0, now)
        assert account.truth.totals(now - DAY, now) == balance(account, now - DAY, now)


def test_time_brings_disputes_decides_them_and_lets_go_of_holds() -> None:
    account = made(Shape.EVEN, payments=5_000)
    before = Counter(dispute.status for dispute in account.disputes.rows())
    holds = sum(row.status == "requires_capture" for row in account.payment_intents.rows())
    account.clock.hold(NOON + 40 * DAY)
    account.timers.run_due(account)
    after = Counter(dispute.status for dispute in account.disputes.rows())
    assert after.total() > before.total()
    assert before["needs_response"] > 0
    assert after["needs_response"] == after["warning_needs_response"] == 0
    assert holds > 100
    assert not any(row.status == "requires_capture" for row in account.payment_intents.rows())
