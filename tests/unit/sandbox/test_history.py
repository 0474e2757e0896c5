"""The generated history: believable, complete, and the same for the same seed."""

import re
from collections import Counter
from typing import Any

import pytest

from sandbox.account import Account
from sandbox.clock import Clock
from sandbox.history import History, generate
from sandbox.service import new_account
from sandbox.states import IntentStatus
from sandbox.truth import Totals, is_lesson

DAY = 86_400
NOON = 1_795_348_800


def made(order: History, now: int = NOON) -> Account:
    """An account with that history, which ends at ``now``."""
    account = new_account(Clock(), lambda *_: None)
    account.clock.hold(now)
    generate(account, order)
    return account


@pytest.fixture(scope="module")
def account() -> Account:
    """The default history."""
    return made(History())


def shape(account: Account) -> list[Any]:
    """What must not depend on when the history was made: all but payouts, on business days."""
    now = account.now()
    return [
        *((row.id, row.name, row.email, now - row.created) for row in account.customers.rows()),
        *(
            (row.id, row.amount, row.status, row.customer, now - row.created)
            for row in account.payment_intents.rows()
        ),
        *(
            (row.id, row.amount, row.fee, row.source, now - row.created)
            for row in account.balance_transactions.rows()
            if row.type != "payout"
        ),
    ]


def test_the_same_seed_gives_the_same_history_whenever_it_ends() -> None:
    order = History(students=60, payments=300, days=40, seed=3)
    first = shape(made(order))
    assert shape(made(order, NOON + 123_457)) == first
    assert shape(made(History(students=60, payments=300, days=40, seed=4))) != first


def test_there_are_as_many_as_were_asked_for(account: Account) -> None:
    assert (len(account.customers), len(account.payment_intents)) == (2_000, 5_000)


def test_nothing_lies_in_the_future_and_everything_is_in_order(account: Account) -> None:
    for table in (account.payment_intents, account.charges, account.balance_transactions):
        times = [row.created for row in table.rows()]
        assert times == sorted(times)
        assert times[-1] <= account.now()


def test_payments_are_in_every_state(account: Account) -> None:
    states = Counter(intent.status for intent in account.payment_intents.rows())
    reasons = Counter(intent.cancellation_reason for intent in account.payment_intents.rows())
    assert set(states) >= {
        IntentStatus.REQUIRES_CAPTURE,
        IntentStatus.SUCCEEDED,
        IntentStatus.CANCELED,
        IntentStatus.REQUIRES_PAYMENT_METHOD,
        IntentStatus.REQUIRES_ACTION,
    }
    assert reasons["expired"] > 20
    assert reasons["requested_by_customer"] > 100
    partly = [
        intent
        for intent in account.payment_intents.rows()
        if 0 < intent.amount_received < intent.amount
    ]
    assert len(partly) > 200


def test_disputes_are_open_won_and_lost(account: Account) -> None:
    states = {dispute.status.value for dispute in account.disputes.rows()}
    assert states >= {"needs_response", "won", "lost"}


def test_hundreds_of_payments_are_recent(account: Account) -> None:
    since = account.now() - 36 * 3_600
    recent = [row for row in account.payment_intents.rows() if row.created >= since]
    assert 250 < len(recent) < 500


def test_an_open_hold_has_not_outlived_its_capture_before(account: Account) -> None:
    for intent in account.payment_intents.rows():
        if intent.status is IntentStatus.REQUIRES_CAPTURE:
            charge = account.require(account.charges, intent.charges[-1], None)
            assert charge.capture_before is not None
            assert charge.capture_before > account.now()


def test_addresses_are_unique_lower_case_and_nobodys(account: Account) -> None:
    emails = [customer.email or "" for customer in account.customers.rows()]
    assert len(set(emails)) == len(emails)
    assert [
        email for email in emails if not re.fullmatch(r"[a-z0-9.]+@example\.(com|org|net)", email)
    ] == []


def test_a_student_has_one_card_or_gave_up_before_that(account: Account) -> None:
    without = 0
    for customer in account.customers.rows():
        cards = account.payment_methods.where("customer", customer.id)
        default = customer.default_payment_method
        assert [card.id for card in cards] == ([default] if default else [])
        without += default is None
    assert 40 < without < 200


def test_a_student_knows_the_first_lesson(account: Account) -> None:
    for customer in account.customers.rows()[:50]:
        assert re.fullmatch(
            r"\d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept|Oct|Nov|Dec) [345]:00 p\.m\.",
            customer.metadata["first_lesson"],
        )
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT1[567]:00:00-0\d:00", customer.metadata["first_lesson_at"]
        )


def test_failing_cards_are_still_on_file_or_replaced(account: Account) -> None:
    failed = account.truth.failures(0, account.now())
    on_file = Counter(
        account.require(account.customers, attempt.customer, None).default_payment_method
        == attempt.payment_method
        for attempt in failed
    )
    assert on_file[True] > 30
    assert on_file[False] > 5


def test_the_truth_agrees_with_the_balance(account: Account) -> None:
    """Two witnesses: the bookkeeping of the actions, and the rows they wrote."""

    def of_lesson(source: str | None) -> bool:
        assert source is not None
        refund, dispute = account.refunds.get(source), account.disputes.get(source)
        charge = refund.charge if refund else dispute.charge if dispute else source
        return is_lesson(account.require(account.charges, charge, None).metadata)

    rows = [
        row
        for row in account.balance_transactions.rows()
        if row.type not in ("payout", "stripe_fee") and of_lesson(row.source)
    ]
    taken = sum(row.amount for row in rows if row.type == "charge")
    left = sum(row.amount - row.fee for row in rows)
    assert account.truth.totals(0, account.now()) == Totals(taken, taken - left, left, len(rows))


def test_a_second_history_adds_to_the_first() -> None:
    account = made(History(students=20, payments=50))
    generate(account, History(students=20, payments=50))
    assert (len(account.customers), len(account.payment_intents)) == (40, 100)


@pytest.mark.parametrize(("students", "payments"), [(0, 0), (1, 0), (1, 5), (3, 1)])
def test_small_histories(students: int, payments: int) -> None:
    account = made(History(students=students, payments=payments, days=1))
    assert (len(account.customers), len(account.payment_intents)) == (students, payments)
