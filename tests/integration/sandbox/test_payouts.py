"""Payouts: what is available is sent to the bank on business days, and rows that are no payment."""

import time
from typing import Any

import pytest

from sandbox.balance import PayoutSchedule
from tests.integration.sandbox.api import Api

HOUR = 3_600
DAY = 86_400
MONDAY = 1_953_244_800
"""Midnight UTC of 24 November 2031."""

ROWS = "/v1/balance_transactions"


@pytest.fixture(autouse=True)
def on_a_monday(api: Api) -> None:
    """Nine in the morning."""
    at(api, MONDAY + 9 * HOUR)


def at(api: Api, moment: int) -> None:
    """Put the clock to that moment; what falls due happens with the next request."""
    api.service.clock.offset = moment - int(time.time())


async def data(api: Api, path: str, **params: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    reply = await api.get(path, limit=100, **params)
    assert reply.status == 200, reply.body
    found: list[dict[str, Any]] = reply.body["data"]
    return found


async def one(api: Api, path: str, **params: Any) -> dict[str, Any]:
    """The only object of a list."""
    (found,) = await data(api, path, **params)
    return found


@pytest.mark.fact("8.10/payout")
async def test_what_is_available_is_paid_out_at_midnight(api: Api) -> None:
    await api.captured(await api.student(), 2_000)
    at(api, MONDAY + 2 * DAY + 5)
    payout = await one(api, "/v1/payouts")
    row = await one(api, ROWS, type="payout")
    assert payout.pop("id").startswith("po_1")
    assert payout.pop("destination").startswith("ba_1")
    assert payout == {
        "object": "payout",
        "amount": 1_912,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": MONDAY + 4 * DAY,
        "automatic": True,
        "balance_transaction": row["id"],
        "created": MONDAY + 2 * DAY,
        "currency": "usd",
        "description": "STRIPE PAYOUT",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "trace_id": {"status": "pending", "value": None},
        "type": "bank_account",
    }


@pytest.mark.fact("8.10/payout")
async def test_the_row_of_a_payout_takes_it_out_of_the_balance_at_once(api: Api) -> None:
    await api.captured(await api.student(), 2_000)
    at(api, MONDAY + 2 * DAY + 5)
    payout = await one(api, "/v1/payouts")
    row = await one(api, ROWS, type="payout")
    assert row.pop("id").startswith("txn_1")
    assert row == {
        "object": "balance_transaction",
        "amount": -1_912,
        "available_on": MONDAY + 2 * DAY,
        "balance_type": "payments",
        "created": MONDAY + 2 * DAY,
        "currency": "usd",
        "description": "STRIPE PAYOUT",
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": -1_912,
        "reporting_category": "payout",
        "source": payout["id"],
        "status": "available",
        "type": "payout",
    }


@pytest.mark.fact("8.10/payout_status")
async def test_a_payout_is_pending_then_in_transit_then_paid(api: Api) -> None:
    await api.captured(await api.student())
    seen = []
    for hours in (0, 5, 7, 47, 49):
        at(api, MONDAY + 2 * DAY + hours * HOUR + 5)
        payout = await one(api, "/v1/payouts")
        assert (await one(api, "/v1/payouts", status=payout["status"])) == payout
        seen.append(payout["status"])
    assert seen == ["pending", "pending", "in_transit", "in_transit", "paid"]
    assert await data(api, "/v1/payouts", status="in_transit") == []
    assert (await api.get(f"/v1/payouts/{payout['id']}")).body == payout


@pytest.mark.fact("11.2/payout")
async def test_the_events_of_a_payout(api: Api) -> None:
    await api.captured(await api.student())
    at(api, MONDAY + 5 * DAY)
    events = await data(api, "/v1/events", type="payout.*")
    assert [
        (event["type"], event["created"], event["data"]["object"]["status"]) for event in events
    ] == [
        ("payout.paid", MONDAY + 4 * DAY, "paid"),
        ("payout.created", MONDAY + 2 * DAY, "pending"),
    ]


@pytest.mark.fact("8.10/payout_rows")
async def test_the_rows_of_a_payout_are_what_it_paid_out_and_its_own(api: Api) -> None:
    student = await api.student()
    first = await api.captured(student, 2_000)
    refund = (await api.post("/v1/refunds", {"payment_intent": first["id"], "amount": 300})).body
    at(api, MONDAY + DAY + HOUR)
    second = await api.captured(student, 1_000)
    at(api, MONDAY + 3 * DAY + 5)
    later, sooner = await data(api, "/v1/payouts")

    async def sources(**filters: Any) -> list[str]:
        return [row["source"] for row in await data(api, ROWS, **filters)]

    paid_first = [sooner["id"], refund["id"], first["latest_charge"]]
    assert await sources(payout=sooner["id"]) == paid_first
    assert await sources(payout=later["id"]) == [later["id"], second["latest_charge"]]
    assert await sources(payout=sooner["id"], type="refund") == [refund["id"]]
    assert await sources(payout=sooner["id"], source=refund["id"]) == [refund["id"]]
    assert await sources(payout=later["id"], source=refund["id"]) == []
    before = {"created[lt]": MONDAY + DAY}
    assert await sources(payout=sooner["id"], **before) == paid_first[1:]
    assert await sources(payout=later["id"], **before) == []
    assert await sources(source=later["id"]) == [later["id"]]
    assert (sooner["amount"], later["amount"]) == (1_912 - 300, 941)


async def test_a_row_of_the_very_second_of_the_payout_is_listed_once(api: Api) -> None:
    """A card whose money is available at once, taken as the day begins."""
    student = await api.student("pm_card_bypassPending")
    with api.service.clock.at(MONDAY + DAY):
        paid = await api.captured(student, 500)
    at(api, MONDAY + 2 * DAY)
    payout = await one(api, "/v1/payouts")
    rows = await data(api, ROWS, payout=payout["id"])
    assert [row["source"] for row in rows] == [payout["id"], paid["latest_charge"]]
    assert {row["created"] for row in rows} == {payout["created"]}


@pytest.mark.fact("8.10/payout_rows")
async def test_the_rows_of_a_payout_come_in_pages(api: Api) -> None:
    student = await api.student()
    charges = [(await api.captured(student, 500 + n))["latest_charge"] for n in range(5)]
    at(api, MONDAY + 2 * DAY)
    payout = (await one(api, "/v1/payouts"))["id"]
    first = (await api.get(ROWS, payout=payout, limit=4)).body
    rest = (await api.get(ROWS, payout=payout, starting_after=first["data"][-1]["id"])).body
    assert [row["source"] for row in first["data"] + rest["data"]] == [payout, *charges[::-1]]
    assert (first["has_more"], rest["has_more"]) == (True, False)


async def test_a_jump_of_the_clock_pays_out_at_each_midnight_it_passes(api: Api) -> None:
    student = await api.student()
    for day in range(7):
        at(api, MONDAY + day * DAY + HOUR)
        await api.captured(student, 1_000 + day)
    await api.control("POST", "clock", {"advance_seconds": 30 * DAY})
    made = [(payout["created"] - MONDAY) // DAY for payout in await data(api, "/v1/payouts")]
    assert made == [8, 7, 4, 3, 2]


async def test_a_balance_below_nothing_waits_for_more(api: Api) -> None:
    student = await api.student()
    await api.captured(await api.student("pm_card_createDispute"), 2_000)
    at(api, MONDAY + 3 * DAY)
    assert await data(api, "/v1/payouts") == []
    await api.captured(student, 9_000)
    at(api, MONDAY + 9 * DAY)
    payout = await one(api, "/v1/payouts")
    assert payout["amount"] == (2_000 - 88) - (2_000 + 1_500) + (9_000 - 291)
    types = [row["type"] for row in await data(api, ROWS, payout=payout["id"])]
    assert types == ["payout", "charge", "adjustment", "charge"]


async def test_an_account_may_have_no_payouts_of_its_own_accord(api: Api) -> None:
    await api.control("POST", "account", {"payout_schedule": "manual"})
    await api.captured(await api.student(), 2_000)
    at(api, MONDAY + 9 * DAY + HOUR)
    assert await data(api, "/v1/payouts") == []
    changed = await api.control("POST", "account", {"payout_schedule": "daily"})
    assert changed.body["payout_schedule"] == PayoutSchedule.DAILY
    assert await data(api, "/v1/payouts") == []
    at(api, MONDAY + 10 * DAY)
    payout = await one(api, "/v1/payouts")
    assert (payout["amount"], payout["created"]) == (1_912, MONDAY + 10 * DAY)


async def test_a_change_of_schedule_comes_after_what_was_due_before(api: Api) -> None:
    await api.captured(await api.student(), 2_000)
    at(api, MONDAY + 9 * DAY)
    await api.control("POST", "account", {"payout_schedule": "manual"})
    assert (await one(api, "/v1/payouts"))["created"] == MONDAY + 2 * DAY


async def test_payouts_are_found_by_the_day_they_arrive_and_by_bank_account(api: Api) -> None:
    await api.captured(await api.student())
    at(api, MONDAY + 2 * DAY)
    payout = await one(api, "/v1/payouts")
    arrives, bank = payout["arrival_date"], payout["destination"]
    for found in (
        {"arrival_date": arrives},
        {"arrival_date[gte]": arrives, "arrival_date[lt]": arrives + 1},
        {"destination": bank, "created": payout["created"]},
    ):
        assert await data(api, "/v1/payouts", **found) == [payout]
    for missed in (
        {"arrival_date[lt]": arrives},
        {"arrival_date[gt]": arrives},
        {"destination": "ba_x"},
    ):
        assert await data(api, "/v1/payouts", **missed) == []


@pytest.mark.fact("5.1/payout")
async def test_an_unknown_payout(api: Api) -> None:
    reply = await api.get("/v1/payouts/po_x")
    assert (reply.status, reply.error["message"]) == (404, "No such payout: 'po_x'")


async def test_a_payout_can_be_expanded_both_ways(api: Api) -> None:
    await api.captured(await api.student())
    at(api, MONDAY + 2 * DAY)
    payout = await one(api, "/v1/payouts")
    row = await one(api, ROWS, type="payout", **{"expand[]": "data.source"})
    assert row["source"] == payout
    path = f"/v1/payouts/{payout['id']}"
    expanded = (await api.get(path, **{"expand[]": ["balance_transaction", "destination"]})).body
    bank = expanded["destination"]
    assert expanded == {
        **payout,
        "balance_transaction": {**row, "source": payout["id"]},
        "destination": bank,
    }
    assert (bank["object"], bank["id"]) == ("bank_account", payout["destination"])


@pytest.mark.fact("8.10", "8.10/stripe_fee", "2.6")
async def test_a_report_meets_rows_that_are_neither_lessons_nor_tickets(api: Api) -> None:
    await api.control("POST", "history", {"students": 20, "payments": 60, "days": 30})
    expand = {"expand[]": ["data.source", "data.source.charge"]}
    fee = await one(api, ROWS, type="stripe_fee", **expand)
    date = time.strftime("%Y-%m-%d", time.gmtime(fee["created"]))
    assert fee.pop("id").startswith("txn_1")
    assert fee == {
        "object": "balance_transaction",
        "amount": -2_500,
        "available_on": fee["created"],
        "balance_type": "payments",
        "created": fee["created"],
        "currency": "usd",
        "description": f"Billing - Usage Fee ({date})",
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": -2_500,
        "reporting_category": "fee",
        "source": None,
        "status": "available",
        "type": "stripe_fee",
    }
    payouts = await data(api, ROWS, type="payout", **expand)
    assert {row["source"]["object"] for row in payouts} == {"payout"}
