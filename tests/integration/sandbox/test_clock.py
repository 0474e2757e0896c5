"""The clock that is advanced from outside, and everything that happens meanwhile."""

import time
from typing import Any

import pytest
from stripe import WebhookSignature

from tests.integration.sandbox.api import Api
from tests.integration.sandbox.receiver import Receiver

DAY = 86_400
LET_GO = 4 * DAY + 18 * 3_600


async def advance(api: Api, seconds: int) -> int:
    """Let time pass; the time it is then."""
    reply = await api.control("POST", "clock", {"advance_seconds": seconds})
    assert reply.status == 200
    return int(reply.body["now"])


async def events(api: Api) -> list[tuple[str, int]]:
    """Type and time of every event, oldest first."""
    listed = (await api.get("/v1/events", limit=100)).body["data"]
    return [(event["type"], event["created"]) for event in reversed(listed)]


async def test_it_tells_the_time_and_goes_on_from_where_it_is_put(api: Api) -> None:
    before = (await api.control("GET", "clock")).body["now"]
    advanced = await advance(api, 1_000)
    after = (await api.control("GET", "clock")).body["now"]
    assert abs(before - time.time()) < 60
    assert before + 1_000 <= advanced <= after <= before + 1_060


@pytest.mark.parametrize(
    "body",
    [{}, {"advance_seconds": -1}, {"advance_seconds": 1.5}, {"advance_seconds": "1"}, {"days": 1}],
)
async def test_a_bad_call_is_told_why_and_changes_nothing(api: Api, body: Any) -> None:
    reply = await api.control("POST", "clock", body)
    assert (reply.status, len(reply.body["error"]["message"]) > 20) == (400, True)
    assert api.service.clock.offset == 0


async def test_it_ends_before_the_year_2100(api: Api) -> None:
    for _ in range(7):
        await advance(api, 3_650 * DAY)
    reply = await api.control("POST", "clock", {"advance_seconds": 3_650 * DAY})
    assert (reply.status, reply.body["error"]["message"]) == (
        400,
        "The clock cannot go beyond the year 2100.",
    )


async def test_a_reset_brings_it_back(api: Api) -> None:
    await advance(api, 30 * DAY)
    await api.control("POST", "reset", {})
    assert abs((await api.control("GET", "clock")).body["now"] - time.time()) < 60


async def test_everything_due_happens_in_order_and_each_at_its_own_time(api: Api) -> None:
    """A hold made first and expiring last; a refund and a dispute decided in between."""
    held = (await api.hold(await api.student())).body
    given = await api.captured(await api.student("pm_card_pendingRefund"))
    refund = (await api.post("/v1/refunds", {"payment_intent": given["id"]})).body
    await api.captured(await api.student("pm_card_createDispute"), 2_000)
    dispute = (await api.get("/v1/disputes")).body["data"][0]
    so_far = len(await events(api))
    now = await advance(api, 20 * DAY)
    later = (await events(api))[so_far:]
    assert later == [
        ("refund.updated", refund["created"] + 5),
        ("charge.refund.updated", refund["created"] + 5),
        ("charge.expired", held["created"] + LET_GO),
        ("payment_intent.canceled", held["created"] + LET_GO),
        ("charge.dispute.closed", dispute["evidence_details"]["due_by"] + 1),
    ]
    canceled = (await api.get(f"/v1/payment_intents/{held['id']}")).body
    assert (canceled["status"], canceled["cancellation_reason"], canceled["canceled_at"]) == (
        "canceled",
        "expired",
        held["created"] + LET_GO,
    )
    assert (await api.get(f"/v1/refunds/{refund['id']}")).body["status"] == "succeeded"
    assert (await api.get(f"/v1/disputes/{dispute['id']}")).body["status"] == "lost"
    assert now >= held["created"] + 20 * DAY


async def test_a_refund_that_fails_brings_the_money_back_at_its_own_time(api: Api) -> None:
    intent = await api.captured(await api.student("pm_card_refundFail"), 2_000)
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"]})).body
    await advance(api, DAY)
    failed = (await api.get(f"/v1/refunds/{refund['id']}")).body
    row = (await api.get(f"/v1/balance_transactions/{failed['failure_balance_transaction']}")).body
    assert failed["status"] == "failed"
    assert (row["created"], row["amount"]) == (refund["created"] + 5, 2_000)


@pytest.mark.parametrize(("text", "status"), [("winning_evidence", "won"), ("other", "lost")])
async def test_a_dispute_is_decided_by_its_evidence(api: Api, text: str, status: str) -> None:
    await api.captured(await api.student("pm_card_createDispute"), 2_000)
    dispute = (await api.get("/v1/disputes")).body["data"][0]["id"]
    await api.post(f"/v1/disputes/{dispute}", {"evidence[uncategorized_text]": text})
    await advance(api, 30 * DAY)
    decided = (await api.get(f"/v1/disputes/{dispute}")).body
    assert (decided["status"], len(decided["balance_transactions"])) == (
        status,
        2 if status == "won" else 1,
    )


async def test_an_inquiry_that_nobody_answers_is_closed(api: Api) -> None:
    await api.captured(await api.student("pm_card_createDisputeInquiry"))
    await advance(api, 30 * DAY)
    assert (await api.get("/v1/disputes")).body["data"][0]["status"] == "warning_closed"


async def test_money_becomes_available(api: Api) -> None:
    await api.captured(await api.student())

    async def row() -> dict[str, Any]:
        return (await api.get("/v1/balance_transactions", type="charge")).body["data"][0]

    pending = await row()
    await advance(api, pending["available_on"] - pending["created"])
    available = await row()
    assert (pending["status"], available["status"]) == ("pending", "available")
    assert available == {**pending, "status": "available"}


async def test_the_truth_follows(api: Api) -> None:
    """A failed refund moves money when it is due, not when the clock was advanced."""
    intent = await api.captured(await api.student("pm_card_refundFail"), 2_000)
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"]})).body
    due = refund["created"] + 5
    await advance(api, DAY)
    truth = (await api.control("GET", f"truth?from={due}&to={due}")).body
    assert (truth["fee_total"], truth["transactions"]) == (-2_000, 1)


@pytest.mark.fact("11.3")
async def test_deliveries_are_signed_with_the_real_time(api: Api, receiver: Receiver) -> None:
    """A receiver refuses signatures that are more than 300 seconds old."""
    endpoint = await api.post(
        "/v1/webhook_endpoints", {"url": receiver.address, "enabled_events[]": "charge.expired"}
    )
    held = (await api.hold(await api.student())).body
    await advance(api, 5 * DAY)
    headers, body = await receiver.delivery()
    WebhookSignature.verify_header(
        body.decode(), headers["Stripe-Signature"], endpoint.body["secret"], tolerance=300
    )
    signed = int(headers["Stripe-Signature"].split(",")[0].removeprefix("t="))
    assert abs(signed - time.time()) < 60
    assert f'"created":{held["created"] + LET_GO}'.encode() in body


@pytest.mark.fact("1.18")
async def test_events_of_more_than_thirty_days_ago_are_gone_for_good(api: Api) -> None:
    await api.post("/v1/customers")
    event = (await api.get("/v1/events")).body["data"][0]["id"]
    await advance(api, 30 * DAY + 1)
    await api.post("/v1/customers")
    assert (await api.get(f"/v1/events/{event}")).status == 404
    assert len(api.service.account.events) == 1
