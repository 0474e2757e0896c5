"""Early fraud warnings: what a bank says of a charge that nobody has contested yet."""

import pytest

from tests.integration.sandbox.api import Api

SUSPECT = "pm_card_createIssuerFraudRecord"
LIST = "/v1/radar/early_fraud_warnings"


@pytest.mark.fact("7.1/5423_warning")
async def test_a_warning_comes_with_the_capture_not_with_the_hold(api: Api) -> None:
    student = await api.student(SUSPECT)
    held = (await api.hold(student)).body
    assert (await api.get(LIST)).body["data"] == []
    await api.post(f"/v1/payment_intents/{held['id']}/capture")
    (warning,) = (await api.get(LIST)).body["data"]
    assert warning["id"].startswith("issfr_1")
    assert warning == {
        "id": warning["id"],
        "object": "radar.early_fraud_warning",
        "actionable": True,
        "charge": held["latest_charge"],
        "created": warning["created"],
        "fraud_type": "misc",
        "livemode": False,
        "payment_intent": held["id"],
    }
    assert (await api.get(f"{LIST}/{warning['id']}")).body == warning
    assert (await api.events())[-3:] == [
        "charge.captured",
        "radar.early_fraud_warning.created",
        "payment_intent.succeeded",
    ]


@pytest.mark.fact("7.1/5423_warning")
async def test_nothing_can_be_done_once_all_was_given_back(api: Api) -> None:
    paid = await api.captured(await api.student(SUSPECT))
    seen = []
    for amount in (6_499, 1):
        await api.post("/v1/refunds", {"payment_intent": paid["id"], "amount": amount})
        seen.append((await api.get(LIST)).body["data"][0]["actionable"])
    assert seen == [True, False]


async def test_the_row_of_the_charge_and_its_dispute_are_as_ever(api: Api) -> None:
    await api.captured(await api.student(SUSPECT))
    rows = (await api.get("/v1/balance_transactions")).body["data"]
    disputes = (await api.get("/v1/disputes")).body["data"]
    assert ([row["type"] for row in rows], disputes) == (["charge"], [])


async def test_warnings_are_found_by_charge_and_by_payment(api: Api) -> None:
    student = await api.student(SUSPECT)
    paid = [await api.captured(student) for _ in range(2)]
    plain = await api.captured(await api.student())

    async def charges(**filters: str) -> list[str]:
        return [warning["charge"] for warning in (await api.get(LIST, **filters)).body["data"]]

    newest_first = [intent["latest_charge"] for intent in reversed(paid)]
    assert await charges() == newest_first
    assert await charges(charge=newest_first[0]) == newest_first[:1]
    assert await charges(payment_intent=paid[0]["id"]) == newest_first[1:]
    assert await charges(payment_intent=paid[0]["id"], charge=newest_first[0]) == []
    assert await charges(charge=plain["latest_charge"]) == []
    unknown = await api.get(LIST, charge="ch_x")
    assert (unknown.status, unknown.error["param"]) == (400, "charge")


async def test_the_charge_and_the_payment_can_be_expanded(api: Api) -> None:
    paid = await api.captured(await api.student(SUSPECT))
    expand = {"expand[]": ["data.charge", "data.payment_intent.customer"]}
    (warning,) = (await api.get(LIST, **expand)).body["data"]
    assert warning["charge"]["id"] == paid["latest_charge"]
    assert warning["payment_intent"]["customer"]["object"] == "customer"


async def test_an_unknown_warning(api: Api) -> None:
    reply = await api.get(f"{LIST}/issfr_x")
    assert (reply.status, reply.error["message"]) == (404, "No such early fraud warning: 'issfr_x'")
