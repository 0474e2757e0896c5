"""Balance transactions: movements of the balance and the filters on them."""

import pytest

from tests.integration.sandbox.api import Api


@pytest.mark.parametrize(("amount", "fee"), [(2000, 88), (123, 34), (500, 45), (99_999, 2930)])
@pytest.mark.fact("8.4")
async def test_the_fee_is_a_share_and_thirty_cents(api: Api, amount: int, fee: int) -> None:
    await api.captured(await api.student(), amount)
    (row,) = (await api.get("/v1/balance_transactions")).body["data"]
    assert (row["amount"], row["fee"], row["net"]) == (amount, fee, amount - fee)


@pytest.mark.fact("8.1", "8.3", "8.10a", "8.15")
async def test_a_row_has_every_member_that_stripe_shows(api: Api) -> None:
    intent = await api.captured(await api.student(), 2000)
    (row,) = (await api.get("/v1/balance_transactions")).body["data"]
    assert row.pop("id").startswith("txn_3")
    created, available_on = row.pop("created"), row.pop("available_on")
    assert available_on % 86_400 == 0
    assert 86_400 < available_on - created < 5 * 86_400
    assert row == {
        "object": "balance_transaction",
        "amount": 2000,
        "balance_type": "payments",
        "currency": "usd",
        "description": "Guitar lesson",
        "exchange_rate": None,
        "fee": 88,
        "fee_details": [
            {
                "amount": 88,
                "application": None,
                "currency": "usd",
                "description": "Stripe processing fees",
                "type": "stripe_fee",
            }
        ],
        "net": 1912,
        "reporting_category": "charge",
        "source": intent["latest_charge"],
        "status": "pending",
        "type": "charge",
    }


@pytest.mark.fact("8.12")
async def test_nothing_of_a_row_changes_but_its_status(api: Api) -> None:
    intent = await api.captured(await api.student())
    (before,) = (await api.get("/v1/balance_transactions")).body["data"]
    await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 100})
    api.advance(7 * 86_400)
    after = (await api.get(f"/v1/balance_transactions/{before['id']}")).body
    assert (before["status"], after["status"]) == ("pending", "available")
    assert {**before, "status": "available"} == after


@pytest.mark.fact("8.12a")
async def test_a_later_description_of_the_charge_leaves_its_row_alone(api: Api) -> None:
    intent = await api.captured(await api.student())
    charge = f"/v1/charges/{intent['latest_charge']}"
    changed = (await api.post(charge, {"description": "Later"})).body
    (row,) = (await api.get("/v1/balance_transactions")).body["data"]
    assert (changed["description"], row["description"]) == ("Later", "Guitar lesson")


@pytest.mark.fact("7.1/0077")
async def test_one_test_card_is_available_at_once(api: Api) -> None:
    await api.captured(await api.student("pm_card_bypassPending"))
    (row,) = (await api.get("/v1/balance_transactions")).body["data"]
    assert row["status"] == "available"


@pytest.mark.fact("1.12", "1.14", "1.14a")
async def test_filters(api: Api) -> None:
    intent = await api.captured(await api.student())
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 5})).body
    path = "/v1/balance_transactions"

    async def sources(**filters: str) -> list[str]:
        return [row["source"] for row in (await api.get(path, **filters)).body["data"]]

    assert await sources(type="refund") == [refund["id"]]
    assert await sources(source=intent["latest_charge"]) == [intent["latest_charge"]]
    assert await sources(source=refund["id"]) == [refund["id"]]
    assert await sources(type="charge", source=refund["id"]) == []
    assert await sources(currency="eur") == []
    assert await sources(type="bogus") == []
    payout = await api.get(path, payout="po_nope")
    assert (payout.status, payout.error["code"], payout.error["param"]) == (
        400,
        "resource_missing",
        "payout",
    )


@pytest.mark.fact("1.15")
async def test_asking_by_dispute_answers_nothing(api: Api) -> None:
    """A quirk of Stripe's that code must not trip over."""
    await api.captured(await api.student("pm_card_createDispute"))
    rows = (await api.get("/v1/balance_transactions", type="adjustment")).body["data"]
    dispute = rows[0]["source"]
    listed = await api.get("/v1/balance_transactions", source=dispute)
    assert (dispute[:3], listed.body["data"]) == ("du_", [])


@pytest.mark.fact("5.1/balance_transaction")
async def test_an_unknown_row(api: Api) -> None:
    reply = await api.get("/v1/balance_transactions/txn_x")
    assert (reply.status, reply.error["message"], reply.error["param"]) == (
        404,
        "No such balance transaction: 'txn_x'",
        "id",
    )
