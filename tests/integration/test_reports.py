"""The accountant's figures, through the queue, against what the sandbox itself knows."""

import time

import pytest

from tests.integration.conftest import Caller
from tests.integration.copies import wait_until
from tests.integration.promptness import promptly
from tests.integration.students import confirm_card, hold, new_email, sign_up, start_signup
from tests.stack import Stack, worker_is_alive

HOUR = 3600


@pytest.mark.usefixtures("quiet_boundary")
async def test_the_lesson_total_of_the_last_36_hours(shop: Caller, stripe: Caller):
    """To the cent what the sandbox's own bookkeeping says, over many pages."""
    now = int(time.time())
    _, truth = await stripe.get(f"/_sandbox/truth?from={now - 36 * HOUR}&to={now}")
    status, total = await shop.get("/calculate-lesson-total")
    assert status == 200
    assert total["payment_total"] > 0
    assert {key: total[key] for key in ("payment_total", "fee_total", "net_total")} == {
        key: truth[key] for key in ("payment_total", "fee_total", "net_total")
    }
    assert total["payment_total"] == total["net_total"] + total["fee_total"]


@pytest.mark.usefixtures("quiet_boundary")
async def test_captures_and_refunds_move_the_total_at_once(shop: Caller, stripe: Caller):
    """123 cents captured are 123 more, less 34 of fees; a hold counts for nothing."""
    student = await sign_up(shop, stripe)
    _, before = await shop.get("/calculate-lesson-total")
    held = await hold(shop, student["id"], 123)
    await hold(shop, student["id"], 999)
    assert (await shop.get("/calculate-lesson-total"))[1] == before
    await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    _, captured = await shop.get("/calculate-lesson-total")
    assert captured["payment_total"] - before["payment_total"] == 123
    assert captured["fee_total"] - before["fee_total"] == 34
    assert captured["net_total"] - before["net_total"] == 89
    await shop.post("/refund-lesson", {"payment_intent_id": held["id"], "amount": 23})
    _, refunded = await shop.get("/calculate-lesson-total")
    assert refunded["payment_total"] == captured["payment_total"]
    assert refunded["fee_total"] - captured["fee_total"] == 23


@pytest.mark.usefixtures("quiet_boundary")
async def test_tickets_and_videos_never_count(shop: Caller, stripe: Caller):
    """They share the account; only the metadata tells them apart."""
    _, before = await shop.get("/calculate-lesson-total")
    status, ticket = await stripe.form(
        "/v1/payment_intents",
        **{
            "amount": "2500",
            "currency": "usd",
            "confirm": "true",
            "payment_method": "pm_card_visa",
            "allowed_payment_method_types[]": "card",
            "metadata[type]": "ticket",
        },
    )
    assert (status, ticket["status"]) == (200, "succeeded")
    assert (await shop.get("/calculate-lesson-total"))[1] == before


@pytest.mark.usefixtures("quiet_boundary")
async def test_students_whose_payment_failed(shop: Caller, stripe: Caller):
    """Listed as long as the failing card is on file, and no longer."""
    student = await sign_up(shop, stripe, card="pm_card_chargeCustomerFail")
    status, refused = await shop.post(
        "/schedule-lesson",
        {"customer_id": student["id"], "amount": 500, "description": "Piano lesson"},
    )
    assert status == 402
    status, listed = await shop.get("/find-customers-with-failed-payments")
    assert status == 200
    [entry] = [entry for entry in listed if entry["customer"]["id"] == student["id"]]
    _, payment = await stripe.get(f"/v1/payment_intents/{refused['payment_intent_id']}")
    assert entry == {
        "customer": {"id": student["id"], "email": student["email"], "name": "Jenny Rosen"},
        "payment_intent": {
            "id": payment["id"],
            "created": payment["created"],
            "description": "Piano lesson",
            "status": "failed",
            "error": "issuer_declined",
        },
        "payment_method": {"last4": "0341", "brand": "visa"},
    }
    now = int(time.time())
    _, truth = await stripe.get(f"/_sandbox/truth?from={now - 36 * HOUR}&to={now}")
    assert {entry["customer"]["id"] for entry in listed} == set(truth["failed_customers"])

    await shop.post(f"/delete-account/{student['id']}")
    _, listed = await shop.get("/find-customers-with-failed-payments")
    assert student["id"] not in {entry["customer"]["id"] for entry in listed}


async def test_a_student_with_another_card_is_not_listed_any_more(shop: Caller, stripe: Caller):
    """The card on file must still be the one that failed."""
    student = await sign_up(shop, stripe, card="pm_card_chargeCustomerFail")
    body = {"customer_id": student["id"], "amount": 500, "description": "x"}
    assert (await shop.post("/schedule-lesson", body))[0] == 402
    _, listed = await shop.get("/find-customers-with-failed-payments")
    assert student["id"] in {entry["customer"]["id"] for entry in listed}
    _, update = await shop.post(f"/account-update/{student['id']}", {})
    setup_intent = await confirm_card(stripe, update["client_secret"], "pm_card_mastercard")
    path = f"/update-payment-details/{student['id']}"
    assert (await shop.post(path, {"setup_intent_id": setup_intent}))[0] == 200
    _, listed = await shop.get("/find-customers-with-failed-payments")
    assert student["id"] not in {entry["customer"]["id"] for entry in listed}


async def test_a_card_that_wants_authentication_has_no_charge(shop: Caller, stripe: Caller):
    """Then the PaymentIntent's status and the decline code say what is wrong."""
    started = await start_signup(shop, new_email())
    customer_id = started["customer_id"]
    await stripe.form(
        "/v1/payment_methods/pm_card_threeDSecure2Required/attach", customer=customer_id
    )
    status, refused = await shop.post(
        "/schedule-lesson", {"customer_id": customer_id, "amount": 500, "description": "x"}
    )
    assert (status, refused["error"]["code"]) == (402, "authentication_required")
    _, listed = await shop.get("/find-customers-with-failed-payments")
    [entry] = [entry for entry in listed if entry["customer"]["id"] == customer_id]
    assert entry["payment_intent"]["id"] == refused["payment_intent_id"]
    assert entry["payment_intent"]["status"] == "requires_payment_method"
    assert entry["payment_intent"]["error"] == "authentication_required"


async def test_no_worker_is_said_within_two_seconds(shop: Caller, stack: Stack):
    """By the API with 503, and by the list of reports; a new worker makes it work again."""
    stack.kill("worker")
    wait_until(lambda: not worker_is_alive(stack.settings))  # nor a job of it that ends by itself
    try:
        for path in ("/calculate-lesson-total", "/find-customers-with-failed-payments"):
            status, answer = await promptly(shop.get, path, within=2)
            assert (status, answer["error"]["code"]) == (503, "no_worker")
        assert (await shop.post("/reports", {"kind": "lesson-totals"}))[0] == 503
        _, listed = await shop.get("/reports")
        assert listed["worker"] is False
    finally:
        stack.start("worker")
    assert (await shop.get("/calculate-lesson-total"))[0] == 200
