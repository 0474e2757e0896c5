"""The balance is always the sum of the balance transactions."""

from typing import Any

import pytest

from tests.integration.sandbox.api import Api
from tests.integration.sandbox.test_history import rows_of

DAY = 86_400


def in_dollars(amount: int) -> list[dict[str, Any]]:
    """How a balance that has only dollars shows them."""
    return [{"amount": amount, "currency": "usd", "source_types": {"card": amount}}]


async def balance(api: Api) -> dict[str, Any]:
    """The balance without what never varies."""
    found = (await api.get("/v1/balance")).body
    assert (found.pop("object"), found.pop("livemode")) == ("balance", False)
    return found


@pytest.mark.fact("8.10/balance")
async def test_an_account_without_rows_has_nothing(api: Api) -> None:
    assert await balance(api) == {"available": in_dollars(0), "pending": in_dollars(0)}


@pytest.mark.fact("8.10/balance")
async def test_money_is_pending_then_available_then_gone_to_the_bank(api: Api) -> None:
    await api.control("POST", "account", {"payout_schedule": "manual"})
    await api.captured(await api.student("pm_card_bypassPending"), 500)
    await api.captured(await api.student(), 2_000)
    assert await balance(api) == {"available": in_dollars(455), "pending": in_dollars(1_912)}
    api.advance(7 * DAY)
    assert await balance(api) == {"available": in_dollars(455 + 1_912), "pending": in_dollars(0)}
    await api.control("POST", "account", {"payout_schedule": "daily"})
    api.advance(7 * DAY)
    assert await balance(api) == {"available": in_dollars(0), "pending": in_dollars(0)}
    payouts = (await api.get("/v1/payouts")).body["data"]
    assert [payout["amount"] for payout in payouts] == [455 + 1_912]


@pytest.mark.fact("8.10/balance")
async def test_after_a_history_it_is_what_the_rows_come_to(api: Api) -> None:
    await api.control("POST", "history", {"students": 30, "payments": 200, "days": 20})
    shown = []
    for _ in range(2):
        rows = await rows_of(api, "/v1/balance_transactions")
        sums = {
            state: sum(row["net"] for row in rows if row["status"] == state)
            for state in ("available", "pending")
        }
        shown.append(await balance(api))
        assert shown[-1] == {state: in_dollars(amount) for state, amount in sums.items()}
        api.advance(3 * DAY)
    assert shown[0] != shown[1]


async def test_each_settlement_currency_has_a_balance(api: Api) -> None:
    await api.control("POST", "account", {"settlement_currencies": ["gbp", "eur"]})
    student = await api.student()
    await api.captured(student, 2_000, currency="eur")
    (row,) = (await api.get("/v1/balance_transactions")).body["data"]
    pending = (await balance(api))["pending"]
    assert [(each["currency"], each["amount"]) for each in pending] == [
        ("eur", row["net"]),
        ("gbp", 0),
    ]
