"""Facts §5.6 (order of the checks), §8.5 and §8.6 (rows), §7.1 (refunds that take their time)."""

import pytest

from tests.integration.sandbox.api import Api


async def test_a_refund_books_a_row_and_keeps_the_fee(api: Api) -> None:
    """Facts §8.5."""
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
    assert row["source"] == refund["id"]
    assert (charge["amount_refunded"], charge["refunded"]) == (1500, False)
    assert (await api.events())[-2:] == ["refund.created", "charge.refunded"]


async def test_without_an_amount_all_that_is_left_is_refunded(api: Api) -> None:
    intent = await api.captured(await api.student(), 6500)
    await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 1500})
    refund = await api.post("/v1/refunds", {"charge": intent["latest_charge"]})
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    assert refund.body["amount"] == 5000
    assert (charge["amount_refunded"], charge["refunded"]) == (6500, True)


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


async def test_neither_payment_nor_charge(api: Api) -> None:
    reply = await api.post("/v1/refunds", {"amount": 1})
    assert reply.error["message"] == (
        "One of the following params should be provided for this request: payment_intent or charge."
    )


async def test_unknown_payments_and_charges(api: Api) -> None:
    """Facts §5.1: the charge's error names the param ``id``."""
    charge = await api.post("/v1/refunds", {"charge": "ch_x"})
    intent = await api.post("/v1/refunds", {"payment_intent": "pi_invalid"})
    assert (charge.status, charge.error["message"], charge.error["param"]) == (
        404,
        "No such charge: 'ch_x'",
        "id",
    )
    assert intent.error["message"] == "No such payment_intent: 'pi_invalid'"


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


async def test_nothing_was_taken_by_a_failed_or_cancelled_payment(api: Api) -> None:
    failed = await api.hold(await api.student("pm_card_chargeCustomerFail"))
    released = (await api.hold(await api.student())).body["id"]
    await api.post(f"/v1/payment_intents/{released}/cancel")
    for intent in (failed.error["payment_intent"]["id"], released):
        reply = await api.post("/v1/refunds", {"payment_intent": intent})
        assert (reply.status, reply.error["message"]) == (
            400,
            f"This PaymentIntent ({intent}) does not have a successful charge to refund.",
        )


async def test_the_reason_is_checked_before_what_is_left(api: Api) -> None:
    intent = await api.captured(await api.student())
    await api.post("/v1/refunds", {"payment_intent": intent["id"]})
    fields = {"payment_intent": intent["id"], "reason": "because"}
    reason = await api.post("/v1/refunds", fields)
    nothing_left = await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 0})
    assert (reason.error["message"], reason.error["param"]) == (
        "Invalid reason: must be one of duplicate, fraudulent, or requested_by_customer",
        "reason",
    )
    assert (nothing_left.error["code"], nothing_left.error["message"]) == (
        "charge_already_refunded",
        f"Charge {intent['latest_charge']} has already been refunded.",
    )


@pytest.mark.parametrize("amount", [0, -5])
async def test_one_cent_is_the_least(api: Api, amount: int) -> None:
    intent = await api.captured(await api.student())
    reply = await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": amount})
    assert (reply.status, reply.error["param"], reply.error["message"]) == (
        400,
        "amount",
        "This value must be greater than or equal to 1.",
    )


async def test_a_charged_back_payment_can_not_be_refunded(api: Api) -> None:
    intent = await api.captured(await api.student("pm_card_createDispute"))
    reply = await api.post("/v1/refunds", {"payment_intent": intent["id"]})
    assert (reply.error["code"], reply.error["message"]) == (
        "charge_disputed",
        f"Charge {intent['latest_charge']} has been charged back; cannot issue a refund.",
    )


async def test_a_pending_refund_settles_later(api: Api) -> None:
    intent = await api.captured(await api.student("pm_card_pendingRefund"))
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"]})).body
    api.advance(10)
    settled = (await api.get(f"/v1/refunds/{refund['id']}")).body
    assert (refund["status"], settled["status"]) == ("pending", "succeeded")
    assert (await api.events())[-2:] == ["refund.updated", "charge.refund.updated"]


async def test_a_failing_refund_brings_the_money_back(api: Api) -> None:
    """Facts §8.6."""
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


async def test_a_card_refund_can_not_be_cancelled(api: Api) -> None:
    intent = await api.captured(await api.student())
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"]})).body["id"]
    reply = await api.post(f"/v1/refunds/{refund}/cancel")
    assert reply.error["message"] == "Canceling this refund is unsupported."


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
    assert by_charge["count"] == 3  # facts §1.2
    assert nested["url"] == f"/v1/charges/{intent['latest_charge']}/refunds"
