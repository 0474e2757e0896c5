"""Charges whose metadata says only later that they are for a lesson, or no longer does."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from tests.integration.sandbox.api import Api

TICKET = {"metadata[type]": "ticket"}
LESSON = {"metadata[type]": "lessons-payment"}
Story = Callable[[Api, dict[str, Any]], Awaitable[None]]


async def truth(api: Api) -> dict[str, Any]:
    """The figures of lessons in dollars."""
    body = (await api.control("GET", "truth?from=0&to=4000000000")).body
    return body["currencies"]["usd"]


async def of_the_rows(api: Api) -> dict[str, Any]:
    """The figures of every balance transaction."""
    rows = (await api.get("/v1/balance_transactions", limit=100)).body["data"]
    taken = sum(row["amount"] for row in rows if row["type"] == "charge")
    left = sum(row["net"] for row in rows)
    figures = {"payment_total": taken, "net_total": left, "fee_total": taken - left}
    return {**figures, "transactions": len(rows)}


async def refunded(api: Api, intent: dict[str, Any]) -> None:
    """Another ten dollars are given back; with some cards the bank returns them."""
    await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 1000})
    api.advance(6)


async def won(api: Api, intent: dict[str, Any]) -> None:
    """The dispute is won, and the account gets its fee back."""
    await api.control("POST", "account", {"dispute_fee_returned": True})
    found = await api.get("/v1/disputes", payment_intent=intent["id"])
    evidence = {"evidence[uncategorized_text]": "winning_evidence", "submit": "true"}
    await api.post(f"/v1/disputes/{found.body['data'][0]['id']}", evidence)
    api.advance(6)


@pytest.mark.parametrize(
    ("card", "capture_method", "story"),
    [
        ("pm_card_visa", "manual", refunded),
        ("pm_card_visa", "automatic_async", refunded),
        ("pm_card_refundFail", "manual", refunded),
        ("pm_card_createDispute", "manual", won),
    ],
)
async def test_the_truth_goes_by_the_metadata_of_the_moment(
    api: Api, card: str, capture_method: str, story: Story
) -> None:
    """All that a charge has moved goes in or out with it, and what it moves later as well."""
    nothing = {"payment_total": 0, "fee_total": 0, "net_total": 0, "transactions": 0}
    held = (await api.hold(await api.student(card), capture_method=capture_method)).body
    if capture_method == "manual":
        await api.post(f"/v1/payment_intents/{held['id']}/capture")
    charge = f"/v1/charges/{held['latest_charge']}"
    if story is refunded:
        await refunded(api, held)
    assert await truth(api) == await of_the_rows(api)
    await api.post(charge, {**TICKET, "metadata[seat]": "4"})
    assert await truth(api) == nothing
    await story(api, held)
    await api.post(charge, {"description": "Still a ticket"})
    assert await truth(api) == nothing
    await api.post(charge, LESSON)
    assert await truth(api) == await of_the_rows(api)
    await api.post(charge, {**LESSON, "metadata[seat]": ""})
    assert await truth(api) == await of_the_rows(api)
    await api.post(charge, {"metadata": ""})
    assert await truth(api) == nothing


async def test_what_was_relabelled_before_its_capture_counts_from_the_capture_on(api: Api) -> None:
    """Metadata of the PaymentIntent does not matter then: it was copied to the charge once."""
    student = await api.student()
    lesson, ticket = (await api.hold(student)).body, (await api.hold(student, 4000, **TICKET)).body
    await api.post(f"/v1/charges/{lesson['latest_charge']}", TICKET)
    await api.post(f"/v1/charges/{ticket['latest_charge']}", LESSON)
    for intent in (lesson, ticket):
        await api.post(f"/v1/payment_intents/{intent['id']}/capture")
        await api.post(f"/v1/payment_intents/{intent['id']}", {"metadata[type]": "neither"})
    assert await truth(api) == {
        "payment_total": 4000,
        "fee_total": 146,
        "net_total": 3854,
        "transactions": 1,
    }
