"""Disputes: contested charges and their rows."""

from typing import Any

import pytest

from tests.integration.sandbox.api import Api

DAY = 86_400


async def disputed(api: Api, card: str = "pm_card_createDispute") -> dict[str, Any]:
    """The dispute of a lesson of 65 dollars."""
    intent = await api.captured(await api.student(card), 6500)
    return (await api.get("/v1/disputes", payment_intent=intent["id"])).body["data"][0]


async def submit(api: Api, dispute: dict[str, Any], text: str) -> dict[str, Any]:
    """Hand in evidence."""
    fields = {"evidence[uncategorized_text]": text, "submit": "true"}
    return (await api.post(f"/v1/disputes/{dispute['id']}", fields)).body


@pytest.mark.fact("7.1/0259", "9.5", "11.2/dispute")
async def test_the_dispute_comes_with_the_capture_not_with_the_hold(api: Api) -> None:
    student = await api.student("pm_card_createDispute")
    intent = (await api.hold(student)).body
    before = (await api.get("/v1/disputes")).body["data"]
    await api.post(f"/v1/payment_intents/{intent['id']}/capture")
    after = (await api.get("/v1/disputes")).body["data"]
    assert (before, [dispute["charge"] for dispute in after]) == ([], [intent["latest_charge"]])
    assert (await api.events())[-4:] == [
        "charge.captured",
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "payment_intent.succeeded",
    ]


@pytest.mark.fact("6.8a", "9.1", "13/later")
async def test_a_dispute_has_every_member_that_stripe_shows(api: Api) -> None:
    """Nothing of the payment's metadata among them."""
    intent = await api.captured(await api.student("pm_card_createDispute"), 6500)
    dispute = (await api.get("/v1/disputes")).body["data"][0]
    assert dispute.pop("id").startswith("du_")
    assert len(dispute.pop("balance_transactions")) == 1
    evidence = dispute.pop("evidence")
    assert len(evidence) == 28
    assert {name for name, value in evidence.items() if value} == set()
    created, due_by = dispute.pop("created"), dispute["evidence_details"].pop("due_by")
    assert 7 * DAY < due_by - created < 9 * DAY
    assert (due_by + 1) % DAY == 0
    assert dispute.pop("payment_method_details")["card"].items() >= {
        ("brand", "visa"),
        ("case_type", "chargeback"),
        ("network_reason_code", "10.4"),
    }
    assert dispute == {
        "object": "dispute",
        "amount": 6500,
        "charge": intent["latest_charge"],
        "currency": "usd",
        "enhanced_eligibility_types": [],
        "evidence_details": {
            "enhanced_eligibility": {},
            "has_evidence": False,
            "past_due": False,
            "submission_count": 0,
            "submission_method": "not_submitted",
        },
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": intent["id"],
        "reason": "fraudulent",
        "status": "needs_response",
    }


@pytest.mark.fact("9.3a", "1.2b")
async def test_a_dispute_is_found_by_charge_and_by_payment(api: Api) -> None:
    dispute = await disputed(api)
    by_charge = (await api.get("/v1/disputes", charge=dispute["charge"])).body
    by_intent = (await api.get("/v1/disputes", payment_intent=dispute["payment_intent"])).body
    of_charge = (await api.get(f"/v1/charges/{dispute['charge']}/dispute")).body
    assert by_charge["data"] == by_intent["data"] == [of_charge] == [dispute]
    assert (by_charge["count"], "count" in by_intent) == (1, False)


@pytest.mark.fact("8.7", "8.10a", "9.3", "9.4")
async def test_a_chargeback_withdraws_the_amount_and_a_fee(api: Api) -> None:
    dispute = await disputed(api)
    charge = (await api.get(f"/v1/charges/{dispute['charge']}")).body
    (row,) = dispute["balance_transactions"]
    assert (dispute["status"], dispute["reason"]) == ("needs_response", "fraudulent")
    assert dispute["is_charge_refundable"] is False
    intent = (await api.get(f"/v1/payment_intents/{dispute['payment_intent']}")).body
    assert (intent["status"], charge["amount_refunded"]) == ("succeeded", 0)
    assert (charge["disputed"], charge["refunded"]) == (True, False)
    assert (row["type"], row["reporting_category"]) == ("adjustment", "dispute")
    assert (row["amount"], row["fee"], row["net"]) == (-6500, 1500, -8000)
    assert row["fee_details"] == [
        {
            "amount": 1500,
            "application": None,
            "currency": "usd",
            "description": "Dispute fee",
            "type": "stripe_fee",
        }
    ]
    assert row["description"] == f"Chargeback withdrawal for {dispute['charge']}"
    assert (row["source"], row["source"][:3]) == (dispute["id"], "du_")


@pytest.mark.fact("8.8", "9.2", "9.4a", "9.5a", "11.2/dispute_won")
async def test_winning_brings_the_amount_back_and_not_the_fee(api: Api) -> None:
    dispute = await disputed(api)
    assert (await submit(api, dispute, "winning_evidence"))["status"] == "under_review"
    api.advance(6)
    won = (await api.get(f"/v1/disputes/{dispute['id']}")).body
    rows = sorted(won["balance_transactions"], key=lambda row: row["amount"])
    assert won["status"] == "won"
    assert [(row["reporting_category"], row["net"]) for row in rows] == [
        ("dispute", -8000),
        ("dispute_reversal", 6500),
    ]
    assert (rows[1]["type"], rows[1]["amount"], rows[1]["fee"]) == ("adjustment", 6500, 0)
    assert rows[1]["description"] == f"Chargeback reversal for {dispute['charge']}"
    charge = (await api.get(f"/v1/charges/{dispute['charge']}")).body
    assert charge["disputed"] is True
    assert (await api.events())[-4:] == [
        "charge.dispute.updated",
        "charge.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


@pytest.mark.fact("9.2", "9.4a", "9.5b", "11.2/dispute_lost")
async def test_losing_writes_nothing_more(api: Api) -> None:
    dispute = await disputed(api)
    await submit(api, dispute, "losing_evidence")
    api.advance(6)
    lost = (await api.get(f"/v1/disputes/{dispute['id']}")).body
    assert (lost["status"], len(lost["balance_transactions"])) == ("lost", 1)
    assert (await api.events())[-3:] == [
        "charge.dispute.updated",
        "charge.updated",
        "charge.dispute.closed",
    ]


@pytest.mark.fact("9.4b")
async def test_conceding_loses_at_once_and_only_once(api: Api) -> None:
    dispute = await disputed(api)
    closed = await api.post(f"/v1/disputes/{dispute['id']}/close")
    again = await api.post(f"/v1/disputes/{dispute['id']}/close")
    assert closed.body["status"] == "lost"
    message = "This dispute is already closed"
    assert (again.status, again.error) == (
        400,
        {"message": message, "type": "invalid_request_error"},
    )


@pytest.mark.fact("7.1/2685", "9.2")
async def test_a_dispute_about_something_that_never_came(api: Api) -> None:
    dispute = await disputed(api, "pm_card_createDisputeProductNotReceived")
    assert (dispute["status"], dispute["reason"]) == ("needs_response", "product_not_received")
    assert [row["net"] for row in dispute["balance_transactions"]] == [-8000]


@pytest.mark.fact("9.2")
async def test_an_answered_inquiry_comes_to_nothing(api: Api) -> None:
    inquiry = await disputed(api, "pm_card_createDisputeInquiry")
    answered = await submit(api, inquiry, "It was a good lesson.")
    api.advance(6)
    closed = (await api.get(f"/v1/disputes/{inquiry['id']}")).body
    assert (answered["status"], closed["status"]) == ("warning_under_review", "warning_closed")


@pytest.mark.fact("7.1/1976", "8.9", "9.2", "9.3")
async def test_an_inquiry_moves_no_money(api: Api) -> None:
    inquiry = await disputed(api, "pm_card_createDisputeInquiry")
    assert inquiry["status"] == "warning_needs_response"
    assert (inquiry["balance_transactions"], inquiry["is_charge_refundable"]) == ([], True)
    refund = await api.post("/v1/refunds", {"charge": inquiry["charge"]})
    assert refund.status == 200


@pytest.mark.fact("5.1/no_dispute")
async def test_a_charge_without_a_dispute(api: Api) -> None:
    intent = await api.captured(await api.student())
    reply = await api.get(f"/v1/charges/{intent['latest_charge']}/dispute")
    assert (reply.status, reply.error["code"]) == (404, "resource_missing")
    assert reply.error["message"] == f"No dispute for charge: {intent['latest_charge']}"
    assert "param" not in reply.error
