"""Stripe did it and the answer was lost: a retry under the same key does it no second time."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.conftest import Caller
from tests.integration.students import confirm_card, hold, new_email, sign_up, start_signup

LOST = ["reset_after", "502", "429", "lock_timeout", "409", "truncate"]
"""Not 500: Stripe remembers one under its key, so the same key cannot succeed any more."""


@pytest.fixture
async def student(shop: Caller, stripe: Caller) -> AsyncIterator[dict]:
    """A student with a card; whatever faults a test asks for end with it."""
    yield await sign_up(shop, stripe)
    await stripe.post("/_sandbox/faults", {"rules": []})


async def break_once(stripe: Caller, kind: str, path: str) -> None:
    """The next POST to this address of Stripe's goes wrong in this way."""
    rule = {"kind": kind, "method": "POST", "path": path, "times": 1}
    status, answer = await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    assert status == 200, answer


@pytest.mark.parametrize("kind", LOST)
async def test_a_hold_is_placed_once(shop: Caller, stripe: Caller, student: dict, kind: str):
    """However the first answer was lost."""
    await break_once(stripe, kind, "/v1/payment_intents")
    held = await hold(shop, student["id"], 6500)
    _, payments = await stripe.get(f"/v1/payment_intents?customer={student['id']}")
    assert [payment["id"] for payment in payments["data"]] == [held["id"]]


@pytest.mark.parametrize("kind", ["reset_after", "502", "429"])
async def test_a_capture_and_a_refund_are_made_once(
    shop: Caller, stripe: Caller, student: dict, kind: str
):
    """The money moves once each way."""
    held = await hold(shop, student["id"], 6500)
    await break_once(stripe, kind, "/v1/payment_intents/{intent}/capture")
    status, captured = await shop.post(
        "/complete-lesson-payment", {"payment_intent_id": held["id"], "amount": 5000}
    )
    assert (status, captured["payment"]["amount_received"]) == (200, 5000)
    await break_once(stripe, kind, "/v1/refunds")
    status, answer = await shop.post(
        "/refund-lesson", {"payment_intent_id": held["id"], "amount": 1000}
    )
    assert status == 200
    _, refunds = await stripe.get(f"/v1/refunds?payment_intent={held['id']}")
    assert [(r["id"], r["amount"]) for r in refunds["data"]] == [(answer["refund"], 1000)]


@pytest.mark.usefixtures("no_events")
async def test_a_card_bears_the_name_of_now(shop: Caller, stripe: Caller):
    """The answer was lost, the student changed their name, and the page sent again."""
    email = new_email()
    started = await start_signup(shop, email)
    setup_intent = await confirm_card(stripe, started["client_secret"])
    rule = {"kind": "reset_after", "method": "POST", "path": "/v1/customers/{customer}"}
    await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    route = f"/update-payment-details/{started['customer_id']}"
    body, key = {"setup_intent_id": setup_intent}, {"Idempotency-Key": f"save-{email}"}
    assert (await shop.post(route, body, headers=key))[0] == 503
    await stripe.post("/_sandbox/faults", {"rules": []})
    await shop.post("/account-update", {"customer_id": started["customer_id"], "name": "Jen R."})
    status, saved = await shop.post(route, body, headers=key)
    assert (status, saved["customer"]["name"]) == (200, "Jen R.")
    _, cards = await stripe.get(f"/v1/customers/{started['customer_id']}/payment_methods")
    assert [card["billing_details"]["name"] for card in cards["data"]] == ["Jen R."]


async def test_a_deletion_whose_answers_were_all_lost(shop: Caller, stripe: Caller, student: dict):
    """The same request says that the student is deleted; a new one does not know them."""
    rule = {"kind": "reset_after", "method": "DELETE", "path": "/v1/customers/{customer}"}
    await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    path, key = f"/delete-account/{student['id']}", {"Idempotency-Key": student["id"]}
    assert (await shop.post(path, headers=key))[0] == 503
    await stripe.post("/_sandbox/faults", {"rules": []})
    for _ in range(2):
        assert await shop.post(path, headers=key) == (200, {"deleted": True})
    assert (await shop.post(path))[0] == 404
    assert (await start_signup(shop, student["email"]))["customer_id"] != student["id"]


async def test_an_error_of_stripes_own_changes_nothing(shop: Caller, stripe: Caller, student: dict):
    """The caller is told to try again, and nothing was held."""
    await break_once(stripe, "500", "/v1/payment_intents")
    status, answer = await shop.post(
        "/schedule-lesson", {"customer_id": student["id"], "amount": 500, "description": "x"}
    )
    assert (status, answer["error"]) == (
        502,
        {"code": "stripe_failed", "message": "Stripe failed at this. Please try again."},
    )
    _, payments = await stripe.get(f"/v1/payment_intents?customer={student['id']}")
    assert payments["data"] == []


@pytest.mark.usefixtures("student", "quiet_boundary")
async def test_a_report_survives_every_fault(shop: Caller, stripe: Caller):
    """The figures are the same as without."""
    _, before = await shop.get("/calculate-lesson-total")
    kinds = ["reset_before", "reset_after", "500", "502", "429", "truncate"]
    rules = [
        {"kind": kind, "method": "GET", "path": "/v1/balance_transactions", "times": 1}
        for kind in kinds
    ]
    for rule in rules:
        await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
        assert (await shop.get("/calculate-lesson-total"))[1] == before
        _, seen = await stripe.get("/_sandbox/requests")
        assert seen["faults"][rule["kind"]] >= 1
