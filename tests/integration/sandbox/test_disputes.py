"""Facts §9 and §8.7 to §8.9: contested charges and their rows."""

from typing import Any

from tests.integration.sandbox.api import Api


async def disputed(api: Api, card: str = "pm_card_createDispute") -> dict[str, Any]:
    """The dispute of a lesson of 65 dollars."""
    intent = await api.captured(await api.student(card), 6500)
    return (await api.get("/v1/disputes", payment_intent=intent["id"])).body["data"][0]


async def submit(api: Api, dispute: dict[str, Any], text: str) -> dict[str, Any]:
    """Hand in evidence."""
    fields = {"evidence[uncategorized_text]": text, "submit": "true"}
    return (await api.post(f"/v1/disputes/{dispute['id']}", fields)).body


async def test_the_dispute_comes_with_the_capture_not_with_the_hold(api: Api) -> None:
    """Facts §7.1 (0259)."""
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


async def test_a_chargeback_withdraws_the_amount_and_a_fee(api: Api) -> None:
    dispute = await disputed(api)
    charge = (await api.get(f"/v1/charges/{dispute['charge']}")).body
    (row,) = dispute["balance_transactions"]
    assert (dispute["status"], dispute["reason"]) == ("needs_response", "fraudulent")
    assert dispute["is_charge_refundable"] is False
    assert (charge["disputed"], charge["refunded"]) == (True, False)
    assert (row["type"], row["reporting_category"]) == ("adjustment", "dispute")
    assert (row["amount"], row["fee"], row["net"]) == (-6500, 1500, -8000)
    assert row["fee_details"][0]["description"] == "Dispute fee"
    assert row["description"] == f"Chargeback withdrawal for {dispute['charge']}"


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
    assert (await api.events())[-3:] == [
        "charge.dispute.updated",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    ]


async def test_losing_writes_nothing_more(api: Api) -> None:
    dispute = await disputed(api)
    await submit(api, dispute, "losing_evidence")
    api.advance(6)
    lost = (await api.get(f"/v1/disputes/{dispute['id']}")).body
    assert (lost["status"], len(lost["balance_transactions"])) == ("lost", 1)


async def test_conceding_loses_at_once_and_only_once(api: Api) -> None:
    dispute = await disputed(api)
    closed = await api.post(f"/v1/disputes/{dispute['id']}/close")
    again = await api.post(f"/v1/disputes/{dispute['id']}/close")
    assert closed.body["status"] == "lost"
    assert (again.status, again.error["message"]) == (400, "This dispute is already closed")


async def test_an_inquiry_moves_no_money(api: Api) -> None:
    """Facts §8.9 and §9.3."""
    inquiry = await disputed(api, "pm_card_createDisputeInquiry")
    assert inquiry["status"] == "warning_needs_response"
    assert (inquiry["balance_transactions"], inquiry["is_charge_refundable"]) == ([], True)
    refund = await api.post("/v1/refunds", {"charge": inquiry["charge"]})
    assert refund.status == 200


async def test_a_charge_without_a_dispute(api: Api) -> None:
    """Facts §5.1."""
    intent = await api.captured(await api.student())
    reply = await api.get(f"/v1/charges/{intent['latest_charge']}/dispute")
    assert (reply.status, reply.error["message"]) == (
        404,
        f"No dispute for charge: {intent['latest_charge']}",
    )
