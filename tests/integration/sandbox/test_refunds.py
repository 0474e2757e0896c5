"""Refunds: what is refused, in the order of Stripe's checks, and the rows of the rest."""

import pytest

from tests.integration.sandbox.api import Api


@pytest.mark.fact("8.5", "8.5a", "8.15", "11.2/refund")
async def test_a_refund_books_a_row_and_keeps_the_fee(api: Api) -> None:
    intent = await api.captured(await api.student(), 6500)
    fields = {"payment_intent": intent["id"], "amount": 1500, "reason": "requested_by_customer"}
    refund = (await api.post("/v1/refunds", fields)).body
    row = (await api.get(f"/v1/balance_transactions/{refund['balance_transaction']}")).body
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    assert (refund["status"], refund["amount"], refund["reason"]) == (
        "succeeded",
        1500,
        "requested_by_customer",
    )
    assert (refund["charge"], refund["payment_intent"]) == (charge["id"], intent["id"])
    assert (row["type"], row["reporting_category"]) == ("refund", "refund")
    assert (row["amount"], row["fee"], row["fee_details"], row["net"]) == (-1500, 0, [], -1500)
    assert row["description"] == "REFUND FOR CHARGE (Guitar lesson)"
    assert (row["source"], row["status"]) == (refund["id"], "pending")
    assert row["id"].startswith("txn_3")
    assert (charge["amount_refunded"], charge["refunded"]) == (1500, False)
    assert (await api.events())[-2:] == ["refund.created", "charge.refunded"]


@pytest.mark.fact("8.5")
async def test_the_row_of_a_refund_without_a_description(api: Api) -> None:
    student = await api.student()
    of = {"amount": 500, "currency": "usd", "confirm": "true", "off_session": "true"}
    of |= {"customer": student.id, "payment_method": student.card, "capture_method": "automatic"}
    intent = (await api.post("/v1/payment_intents", of)).body
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"]})).body
    row = (await api.get(f"/v1/balance_transactions/{refund['balance_transaction']}")).body
    assert row["description"] == "REFUND FOR CHARGE"


@pytest.mark.fact("6.8a", "13/later")
async def test_a_refund_has_every_member_that_stripe_shows(api: Api) -> None:
    """Nothing of the payment's metadata among them."""
    student = await api.student()
    intent = await api.captured(student)
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"]})).body
    assert refund.pop("id").startswith("re_3")
    assert refund.pop("balance_transaction").startswith("txn_3")
    assert refund.pop("created") >= intent["created"]
    assert refund["destination_details"]["card"].pop("reference").isdigit()
    assert refund == {
        "object": "refund",
        "amount": 6500,
        "charge": intent["latest_charge"],
        "currency": "usd",
        "customer": student.id,
        "customer_account": None,
        "destination_details": {
            "card": {
                "reference_status": "available",
                "reference_type": "acquirer_reference_number",
                "type": "refund",
            },
            "type": "card",
        },
        "metadata": {},
        "payment_intent": intent["id"],
        "payment_method": student.card,
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": "succeeded",
        "transfer_reversal": None,
    }


@pytest.mark.fact("5.6.9")
async def test_without_an_amount_all_that_is_left_is_refunded(api: Api) -> None:
    intent = await api.captured(await api.student(), 6500)
    await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 1500})
    refund = await api.post("/v1/refunds", {"charge": intent["latest_charge"]})
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    assert refund.body["amount"] == 5000
    assert (charge["amount_refunded"], charge["refunded"]) == (6500, True)


@pytest.mark.fact("5.6.7", "5.6.9")
async def test_the_ceiling_is_what_was_captured(api: Api) -> None:
    intent = (await api.hold(await api.student(), 6500)).body
    capture = f"/v1/payment_intents/{intent['id']}/capture"
    await api.post(capture, {"amount_to_capture": 3000})
    over = await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 4000})
    assert (over.status, over.error) == (
        400,
        {
            "message": "Refund amount ($40.00) is greater than unrefunded amount on charge "
            "($30.00)",
            "param": "amount",
            "type": "invalid_request_error",
        },
    )


@pytest.mark.fact("5.6.1")
async def test_neither_payment_nor_charge(api: Api) -> None:
    reply = await api.post("/v1/refunds", {"amount": 1})
    assert reply.error["message"] == (
        "One of the following params should be provided for this request: payment_intent or charge."
    )


@pytest.mark.fact("5.1/refund_of_charge", "5.1/refund_of_payment")
async def test_unknown_payments_and_charges(api: Api) -> None:
    """The charge's error names the param ``id``."""
    charge = await api.post("/v1/refunds", {"charge": "ch_x"})
    intent = await api.post("/v1/refunds", {"payment_intent": "pi_invalid"})
    assert (charge.status, charge.error["message"], charge.error["param"]) == (
        404,
        "No such charge: 'ch_x'",
        "id",
    )
    assert (intent.error["message"], intent.error["param"]) == (
        "No such payment_intent: 'pi_invalid'",
        "payment_intent",
    )


@pytest.mark.fact("5.6.3")
async def test_a_refund_never_cancels_a_hold(api: Api) -> None:
    intent = (await api.hold(await api.student())).body
    for field, id in (("payment_intent", intent["id"]), ("charge", intent["latest_charge"])):
        reply = await api.post("/v1/refunds", {field: id})
        assert (reply.status, reply.error) == (
            400,
            {
                "message": "This uncaptured Charge was created by a PaymentIntent "
                f"({intent['id']}). You must cancel the PaymentIntent to reverse the "
                "authorization instead of refunding the Charge directly. For more information, "
                "see https://stripe.com/docs/payments/place-a-hold-on-a-payment-method",
                "type": "invalid_request_error",
            },
        )


@pytest.mark.fact("5.6.2")
async def test_nothing_was_taken_by_a_failed_or_cancelled_payment(api: Api) -> None:
    failed = await api.hold(await api.student("pm_card_chargeCustomerFail"))
    hold = (await api.hold(await api.student())).body
    released = hold["id"]
    await api.post(f"/v1/payment_intents/{released}/cancel")
    bare = (await api.post("/v1/payment_intents", {"amount": 500, "currency": "usd"})).body["id"]
    for intent, named in (
        (failed.error["payment_intent"]["id"], {}),
        (released, {}),
        (released, {"charge": hold["latest_charge"]}),
        (bare, {}),
    ):
        reply = await api.post("/v1/refunds", named or {"payment_intent": intent})
        message = f"This PaymentIntent ({intent}) does not have a successful charge to refund."
        expected = {"message": message, "type": "invalid_request_error"}
        assert (reply.status, reply.error) == (400, expected)


@pytest.mark.fact("5.2/enum", "5.6.5")
async def test_the_reason_is_checked_before_what_is_left(api: Api) -> None:
    intent = await api.captured(await api.student())
    await api.post("/v1/refunds", {"payment_intent": intent["id"]})
    fields = {"payment_intent": intent["id"], "reason": "because"}
    reason = await api.post("/v1/refunds", fields)
    nothing_left = await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 0})
    assert reason.error == {
        "message": "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer",
        "param": "reason",
        "type": "invalid_request_error",
    }
    assert (nothing_left.error["code"], nothing_left.error["message"]) == (
        "charge_already_refunded",
        f"Charge {intent['latest_charge']} has already been refunded.",
    )


@pytest.mark.parametrize("amount", [0, -5])
@pytest.mark.fact("5.6.6")
async def test_one_cent_is_the_least(api: Api, amount: int) -> None:
    intent = await api.captured(await api.student())
    reply = await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": amount})
    assert (reply.error["code"], reply.status) == ("parameter_invalid_integer", 400)
    assert (reply.error["param"], reply.error["message"]) == (
        "amount",
        "This value must be greater than or equal to 1.",
    )


@pytest.mark.fact("5.6.4")
async def test_a_charged_back_payment_can_not_be_refunded(api: Api) -> None:
    """Neither while it is contested nor once that is lost; the reason is not looked at."""
    intent = await api.captured(await api.student("pm_card_createDispute"))
    contested = await api.post("/v1/refunds", {"payment_intent": intent["id"], "reason": "none"})
    dispute = (await api.get("/v1/disputes")).body["data"][0]["id"]
    await api.post(f"/v1/disputes/{dispute}/close")
    lost = await api.post("/v1/refunds", {"payment_intent": intent["id"]})
    for reply in (contested, lost):
        assert (reply.status, reply.error["code"], reply.error["message"]) == (
            400,
            "charge_disputed",
            f"Charge {intent['latest_charge']} has been charged back; cannot issue a refund.",
        )


@pytest.mark.fact("7.1/7726", "11.2/refund_pending")
async def test_a_pending_refund_settles_later(api: Api) -> None:
    intent = await api.captured(await api.student("pm_card_pendingRefund"))
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"]})).body
    api.advance(10)
    settled = (await api.get(f"/v1/refunds/{refund['id']}")).body
    assert (refund["status"], settled["status"]) == ("pending", "succeeded")
    assert (await api.events())[-2:] == ["refund.updated", "charge.refund.updated"]


@pytest.mark.fact("7.1/5126", "8.6", "11.2/refund_failed")
async def test_a_failing_refund_brings_the_money_back(api: Api) -> None:
    intent = await api.captured(await api.student("pm_card_refundFail"), 6500)
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"]})).body
    api.advance(10)
    failed = (await api.get(f"/v1/refunds/{refund['id']}")).body
    path = f"/v1/balance_transactions/{failed['failure_balance_transaction']}"
    row = (await api.get(path)).body
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    assert (refund["status"], failed["status"]) == ("succeeded", "failed")
    assert (row["type"], row["reporting_category"], row["amount"], row["fee"]) == (
        "refund_failure",
        "refund_failure",
        6500,
        0,
    )
    assert (charge["amount_refunded"], charge["refunded"]) == (0, False)
    assert (await api.events())[-2:] == ["refund.failed", "charge.refund.updated"]


@pytest.mark.fact("5.6.8")
async def test_a_card_refund_can_not_be_cancelled(api: Api) -> None:
    intent = await api.captured(await api.student())
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"]})).body["id"]
    reply = await api.post(f"/v1/refunds/{refund}/cancel")
    message = "Canceling this refund is unsupported."
    expected = {"message": message, "type": "invalid_request_error"}
    assert (reply.status, reply.error) == (400, expected)


@pytest.mark.fact("1.2a", "1.2b", "1.12")
async def test_the_refunds_of_a_payment_can_be_listed_three_ways(api: Api) -> None:
    intent = await api.captured(await api.student(), 6500)
    made = [
        (await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 100})).body["id"]
        for _ in range(3)
    ][::-1]
    by_intent = (await api.get("/v1/refunds", payment_intent=intent["id"])).body
    by_charge = (await api.get("/v1/refunds", charge=intent["latest_charge"])).body
    nested = (await api.get(f"/v1/charges/{intent['latest_charge']}/refunds")).body
    for listed in (by_intent, by_charge, nested):
        assert [refund["id"] for refund in listed["data"]] == made
    assert (by_charge["count"], "count" in by_intent) == (3, False)
    assert nested["url"] == f"/v1/charges/{intent['latest_charge']}/refunds"
