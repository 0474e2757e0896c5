"""PaymentIntents: holds captured, released and expired."""

import pytest

from tests.integration.sandbox.api import Api, Reply

DAY = 86_400
VISA = "pm_card_visa"


async def capture(api: Api, intent: str, **fields: object) -> Reply:
    """Take a hold."""
    return await api.post(f"/v1/payment_intents/{intent}/capture", fields)


async def held(api: Api, amount: int = 6500) -> str:
    """A new student's hold."""
    return (await api.hold(await api.student(), amount)).body["id"]


@pytest.mark.fact("6.2", "6.2a", "8.2", "11.2/capture")
async def test_a_full_capture_books_one_transaction_at_once(api: Api) -> None:
    intent = (await capture(api, await held(api, 2000))).body
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    row = (await api.get(f"/v1/balance_transactions/{charge['balance_transaction']}")).body
    assert (intent["status"], intent["amount_received"], intent["amount_capturable"]) == (
        "succeeded",
        2000,
        0,
    )
    assert intent["amount"] == 2000
    assert (charge["captured"], charge["amount_captured"]) == (True, 2000)
    assert (row["amount"], row["fee"], row["net"]) == (2000, 88, 1912)
    assert (await api.events())[-2:] == ["charge.captured", "payment_intent.succeeded"]


@pytest.mark.fact("6.3", "6.4", "13/basil")
async def test_a_partial_capture_releases_the_rest_without_a_refund(api: Api) -> None:
    intent = (await capture(api, await held(api, 6500), amount_to_capture=5000)).body
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    rows = (await api.get("/v1/balance_transactions")).body["data"]
    refunds = (await api.get("/v1/refunds")).body["data"]
    assert (intent["amount"], intent["amount_received"], intent["status"]) == (
        6500,
        5000,
        "succeeded",
    )
    assert (charge["amount"], charge["amount_captured"]) == (6500, 5000)
    assert (charge["amount_refunded"], charge["refunded"]) == (0, False)
    assert (charge["captured"], intent["amount_capturable"]) == (True, 0)
    assert [row["amount"] for row in rows] == [5000]
    assert refunds == []
    assert (await api.events())[-2:] == ["charge.captured", "payment_intent.succeeded"]


@pytest.mark.fact("5.4/capture")
async def test_only_a_hold_can_be_captured(api: Api) -> None:
    waiting = (await api.post("/v1/payment_intents", {"amount": 500, "currency": "usd"})).body["id"]
    released = await held(api)
    await api.post(f"/v1/payment_intents/{released}/cancel")
    for intent, status in ((waiting, "requires_payment_method"), (released, "canceled")):
        reply = await capture(api, intent)
        assert (reply.status, reply.error["code"]) == (400, "payment_intent_unexpected_state")
        assert reply.error["payment_intent"]["status"] == status
        assert reply.error["message"] == (
            f"This PaymentIntent could not be captured because it has a status of {status}. Only "
            "a PaymentIntent with one of the following statuses may be captured: "
            "requires_capture."
        )


@pytest.mark.fact("5.4/captured", "5.4/partial", "6.2b")
async def test_a_hold_is_captured_once(api: Api) -> None:
    """The text depends on whether something was left."""
    whole, part = await held(api), await held(api)
    await capture(api, whole)
    await capture(api, part, amount_to_capture=100)
    again, rest = await capture(api, whole), await capture(api, part)
    assert (again.status, again.error["code"]) == (400, "payment_intent_unexpected_state")
    assert again.error["payment_intent"]["id"] == whole
    assert again.error["message"] == (
        "This PaymentIntent could not be captured because it has a status of succeeded. Only a "
        "PaymentIntent with one of the following statuses may be captured: requires_capture."
    )
    assert rest.error["message"] == (
        "The remaining amount on this PaymentIntent could not be captured because the remainder "
        "of the authorized amount has been released."
    )


@pytest.mark.fact("5.3/capture_over")
async def test_more_than_the_hold_can_not_be_captured(api: Api) -> None:
    intent = await held(api, 6500)
    reply = await capture(api, intent, amount_to_capture=6501)
    error = reply.error
    assert (reply.status, error["code"], error["payment_intent"]["id"]) == (
        400,
        "amount_too_large",
        intent,
    )
    assert error["message"] == (
        "The payment could not be captured because the requested capture amount is greater than "
        "the amount you can capture for this charge. Contact us via "
        "https://support.stripe.com/contact/ for help."
    )
    assert "param" not in error


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        pytest.param(
            0,
            {
                "code": "parameter_invalid_integer",
                "doc_url": "https://stripe.com/docs/error-codes/parameter-invalid-integer",
                "message": "This value must be greater than or equal to 1.",
                "param": "amount",
                "type": "invalid_request_error",
            },
            marks=pytest.mark.fact("5.3/capture_zero"),
        ),
        pytest.param(
            -1,
            {
                "message": "Invalid non-negative integer",
                "param": "amount_to_capture",
                "type": "invalid_request_error",
            },
            marks=pytest.mark.fact("5.3/capture_negative"),
        ),
    ],
)
async def test_nothing_or_less_can_not_be_captured(
    api: Api, amount: int, expected: dict[str, str]
) -> None:
    """The two differ in param and code."""
    reply = await capture(api, await held(api), amount_to_capture=amount)
    assert (reply.status, reply.error) == (400, expected)


@pytest.mark.fact("5.1/payment_intent", "5.1/prefix")
async def test_an_unknown_intent(api: Api) -> None:
    reply = await capture(api, "pi_invalid")
    assert (reply.status, reply.error) == (
        404,
        {
            "code": "resource_missing",
            "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
            "message": "No such payment_intent: 'pi_invalid'",
            "param": "intent",
            "type": "invalid_request_error",
        },
    )


@pytest.mark.fact("6.4a", "6.6", "8.14", "11.2/cancel", "13/basil")
async def test_releasing_a_hold_makes_no_refund_and_no_transaction(api: Api) -> None:
    intent = await held(api)
    reply = await api.post(
        f"/v1/payment_intents/{intent}/cancel", {"cancellation_reason": "requested_by_customer"}
    )
    charge = (await api.get(f"/v1/charges/{reply.body['latest_charge']}")).body
    rows = (await api.get("/v1/balance_transactions")).body["data"]
    assert (reply.body["status"], reply.body["amount_capturable"]) == ("canceled", 0)
    assert reply.body["cancellation_reason"] == "requested_by_customer"
    assert reply.body["canceled_at"] >= reply.body["created"]
    assert (charge["refunded"], charge["amount_refunded"], rows) == (False, 0, [])
    assert (charge["amount_captured"], (await api.get("/v1/refunds")).body["data"]) == (0, [])
    assert (await api.events())[-2:] == [
        "payment_intent.amount_capturable_updated",
        "payment_intent.canceled",
    ]


@pytest.mark.fact("6.6")
async def test_what_can_be_cancelled_and_why(api: Api) -> None:
    """In each state before the money is taken, for each of Stripe's reasons or none."""
    of = {"amount": 500, "currency": "usd"}
    bare = (await api.post("/v1/payment_intents", of)).body
    with_card = (await api.post("/v1/payment_intents", {**of, "payment_method": VISA})).body
    student = await api.student("pm_card_authenticationRequiredSetupForOffSession")
    challenged = (await api.hold(student, off_session="false")).body
    on_hold = (await api.hold(student)).body
    done = (
        (bare, "requires_payment_method", "duplicate"),
        (with_card, "requires_confirmation", "fraudulent"),
        (challenged, "requires_action", "abandoned"),
        (on_hold, "requires_capture", None),
    )
    for intent, status, reason in done:
        fields = {"cancellation_reason": reason} if reason else {}
        reply = await api.post(f"/v1/payment_intents/{intent['id']}/cancel", fields)
        assert (intent["status"], reply.body["status"]) == (status, "canceled")
        assert reply.body["cancellation_reason"] == reason


@pytest.mark.fact("5.4/cancel")
async def test_what_is_captured_or_released_can_not_be_cancelled(api: Api) -> None:
    captured, released = await held(api), await held(api)
    await capture(api, captured)
    await api.post(f"/v1/payment_intents/{released}/cancel")
    for intent, status in ((captured, "succeeded"), (released, "canceled")):
        reply = await api.post(f"/v1/payment_intents/{intent}/cancel")
        assert reply.error["payment_intent"]["status"] == status
        assert reply.error["message"] == (
            f"You cannot cancel this PaymentIntent because it has a status of {status}. Only a "
            "PaymentIntent with one of the following statuses may be canceled: "
            "requires_payment_method, requires_capture, requires_reauthorization, "
            "requires_confirmation, requires_action, expired, processing."
        )


@pytest.mark.fact("6.4a", "6.4b", "6.5a", "6.5b", "11.2/expiry")
async def test_a_hold_expires_at_its_capture_before(api: Api) -> None:
    """Four days eighteen hours for a Visa card off session."""
    intent = await held(api)
    api.advance(4 * DAY + 18 * 3_600 - 5)
    before = (await api.get(f"/v1/payment_intents/{intent}")).body
    api.advance(5)
    after = (await api.get(f"/v1/payment_intents/{intent}")).body
    late = await capture(api, intent)
    assert before["status"] == "requires_capture"
    assert (after["status"], after["cancellation_reason"]) == ("canceled", "expired")
    assert after["canceled_at"] == after["created"] + 4 * DAY + 18 * 3_600
    assert "it has a status of canceled" in late.error["message"]
    charge = (await api.get(f"/v1/charges/{after['latest_charge']}")).body
    too_late = await api.post(f"/v1/charges/{after['latest_charge']}/capture")
    assert after["amount_capturable"] == 0
    assert (charge["refunded"], charge["amount_refunded"]) == (False, 0)
    assert (too_late.status, too_late.error["code"]) == (400, "charge_expired_for_capture")
    assert too_late.error["message"] == (
        "The charge cannot be captured as the authorization has expired."
    )
    assert (await api.events())[-2:] == ["charge.expired", "payment_intent.canceled"]


async def test_a_captured_hold_does_not_expire(api: Api) -> None:
    intent = await held(api)
    await capture(api, intent)
    api.advance(30 * DAY)
    assert (await api.get(f"/v1/payment_intents/{intent}")).body["status"] == "succeeded"


@pytest.mark.fact("5.4/amount")
async def test_the_amount_of_a_captured_payment_stays(api: Api) -> None:
    intent = await held(api)
    await capture(api, intent)
    reply = await api.post(f"/v1/payment_intents/{intent}", {"amount": 100})
    assert (reply.status, reply.error["param"]) == (400, "amount")
    assert reply.error["message"] == (
        "This PaymentIntent's amount could not be updated because it has a status of succeeded. "
        "You may only update the amount of a PaymentIntent with one of the following statuses: "
        "requires_payment_method, requires_confirmation, requires_action."
    )


@pytest.mark.parametrize("step", [None, "capture", "cancel"])
async def test_another_card_changes_nothing_once_the_bank_agreed(
    api: Api, step: str | None
) -> None:
    """A hold, a payment and a release stay what they are, and are not confirmed again."""
    student = await api.student()
    path = f"/v1/payment_intents/{(await api.hold(student)).body['id']}"
    if step is not None:
        await api.post(f"{path}/{step}")
    before = (await api.get(path)).body
    reply = await api.post(path, {"payment_method": student.card})
    assert (reply.status, reply.error["param"]) == (400, "payment_method")
    assert reply.error["message"].startswith(
        "This PaymentIntent's payment_method could not be updated because it has a status of "
        f"{before['status']}."
    )
    assert (await api.get(path)).body == before


async def test_an_update_that_is_refused_changes_nothing(api: Api) -> None:
    made = (await api.post("/v1/payment_intents", {"amount": 500, "currency": "usd"})).body
    path = f"/v1/payment_intents/{made['id']}"
    for wrong in ("customer", "payment_method"):
        reply = await api.post(path, {"amount": 900, wrong: "nobody"})
        assert (reply.status, reply.error["param"]) == (400, wrong)
    assert (await api.get(path)).body == made


@pytest.mark.fact("5.4/charge")
async def test_a_charge_is_captured_through_its_intent_only(api: Api) -> None:
    intent = (await api.hold(await api.student())).body
    path = f"/v1/charges/{intent['latest_charge']}/capture"
    uncaptured = await api.post(path)
    await capture(api, intent["id"])
    captured = await api.post(path)
    assert uncaptured.error["message"].startswith(
        f"This uncaptured Charge was created by a PaymentIntent ({intent['id']}). You must "
        "capture the PaymentIntent instead."
    )
    assert captured.error["code"] == "charge_already_captured"
    assert captured.error["message"] == (
        f"Charge {intent['latest_charge']} has already been captured."
    )
