"""The comparison of answers with Stripe's own material can fail, in each of its three parts."""

from typing import Any

import pytest

from tests.integration.conformance.official import Official, official, official_folder

ROW: dict[str, Any] = {
    "id": "txn_1",
    "object": "balance_transaction",
    "amount": 6500,
    "available_on": 1_790_000_000,
    "balance_type": "payments",
    "created": 1_789_000_000,
    "currency": "usd",
    "description": None,
    "exchange_rate": None,
    "fee": 219,
    "fee_details": [],
    "net": 6281,
    "reporting_category": "charge",
    "source": "ch_1",
    "status": "available",
    "type": "charge",
}


@pytest.fixture
def stripe_says() -> Official:
    found = official()
    if found is None:
        pytest.skip(f"Stripe's description and examples are not in {official_folder()}")
    return found


def problems(stripe_says: Official, row: object, *, partial: bool = False) -> list[str]:
    """What is wrong with an answer to `GET /v1/balance_transactions/txn_1`."""
    path = "/v1/balance_transactions/txn_1"
    return stripe_says.judge("GET", path, 200, row, partial=partial).problems


def test_a_row_as_stripe_has_it(stripe_says: Official) -> None:
    verdict = stripe_says.judge("GET", "/v1/balance_transactions/txn_1", 200, ROW)
    assert verdict.problems == []
    assert verdict.excused == {"balance_transaction.balance_type"}


def test_a_type_is_wrong_by_the_description_and_by_the_library(stripe_says: Official) -> None:
    assert problems(stripe_says, ROW | {"fee": "2.19"}) == [
        "balance_transaction.fee is str, not integer",
        "balance_transaction.fee is '2.19', no int",
    ]


def test_a_member_that_nobody_knows(stripe_says: Official) -> None:
    assert problems(stripe_says, ROW | {"colour": "green"}) == [
        "balance_transaction.colour is not described",
        "balance_transaction.colour is no member of BalanceTransaction",
    ]


def test_a_later_member_has_the_type_that_the_library_knows(stripe_says: Official) -> None:
    (problem,) = problems(stripe_says, ROW | {"balance_type": "cash"})
    assert problem.startswith("balance_transaction.balance_type is 'cash', none of")


def test_a_later_member_is_left_out_rather_than_null(stripe_says: Official) -> None:
    found = problems(stripe_says, ROW | {"balance_type": None})
    assert "balance_transaction.balance_type is not described" in found


def test_a_member_that_is_always_there_is_missing(stripe_says: Official) -> None:
    row = {name: value for name, value in ROW.items() if name != "balance_type"}
    assert problems(stripe_says, row) == [
        "balance_transaction.balance_type is required and missing",
        "balance_transaction.balance_type is missing, and Stripe's example has it",
    ]
    assert problems(stripe_says, row, partial=True) == []


def test_the_object_of_an_event_is_judged_too(stripe_says: Official) -> None:
    event = {
        "id": "evt_1",
        "object": "event",
        "api_version": None,
        "created": 1_789_000_000,
        "data": {"object": {"id": "cus_1", "object": "customer", "deleted": "yes"}},
        "livemode": False,
        "pending_webhooks": 0,
        "request": {"id": None, "idempotency_key": None},
        "type": "customer.deleted",
    }
    found = stripe_says.judge("GET", "/v1/events/evt_1", 200, event).problems
    assert "customer.deleted is 'yes', none of True" in found


def test_an_endpoint_that_stripe_does_not_have(stripe_says: Official) -> None:
    assert stripe_says.judge("GET", "/v1/lessons", 200, {}).problems == [
        "GET /v1/lessons is no endpoint of Stripe's"
    ]


def test_an_error_has_only_the_members_of_an_error(stripe_says: Official) -> None:
    body = {"error": {"type": "card_error", "mood": "bad"}}
    assert stripe_says.judge("GET", "/v1/customers", 402, body).problems == [
        "api_errors.mood is not described",
        "ErrorObject.mood is no member of ErrorObject",
    ]
