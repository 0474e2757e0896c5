"""Webhook endpoints, and how events are delivered to them on a good day."""

import asyncio
import hashlib
import hmac
import time
from typing import Any

import pytest
import stripe

from tests.integration.sandbox.api import Api
from tests.integration.sandbox.receiver import PATIENCE, Receiver


async def register(api: Api, address: str, *types: str) -> dict[str, Any]:
    """Ask for events."""
    fields = {"url": address, "enabled_events[]": types or ("*",)}
    return (await api.post("/v1/webhook_endpoints", fields)).body


async def pending(api: Api) -> int:
    """``pending_webhooks`` of the newest event."""
    return (await api.get("/v1/events")).body["data"][0]["pending_webhooks"]


async def delivered(api: Api) -> None:
    """Wait until the newest event is."""
    async with asyncio.timeout(PATIENCE):
        while await pending(api):  # noqa: ASYNC110 (asked over HTTP)
            await asyncio.sleep(0.01)


@pytest.mark.fact("11.6")
async def test_an_endpoint_shows_its_secret_once(api: Api) -> None:
    fields = {
        "url": "http://localhost:1/webhook",
        "enabled_events[]": ["charge.captured"],
        "api_version": "2026-10-28.endive",
        "description": "The shop",
    }
    made = (await api.post("/v1/webhook_endpoints", fields)).body
    seen = (await api.get(f"/v1/webhook_endpoints/{made['id']}")).body
    assert made.pop("secret").startswith("whsec_")
    assert made == seen
    assert seen.pop("id").startswith("we_1")
    assert seen.pop("created") > 0
    assert seen == {
        "object": "webhook_endpoint",
        "api_version": "2026-10-28.endive",
        "application": None,
        "description": "The shop",
        "enabled_events": ["charge.captured"],
        "livemode": False,
        "metadata": {},
        "status": "enabled",
        "url": "http://localhost:1/webhook",
    }


@pytest.mark.fact("11.6")
async def test_a_disabled_endpoint_hears_nothing(api: Api, receiver: Receiver) -> None:
    made = await register(api, receiver.address)
    path = f"/v1/webhook_endpoints/{made['id']}"
    disabled = (await api.post(path, {"disabled": "true"})).body
    await api.post("/v1/customers", {"name": "nobody hears of"})
    await api.post(path, {"disabled": "false"})
    await api.post("/v1/customers", {"name": "Ada"})
    assert disabled["status"] == "disabled"
    assert (await receiver.next())["data"]["object"]["name"] == "Ada"


async def test_an_endpoint_can_not_ask_for_a_version_that_is_not_spoken(api: Api) -> None:
    fields = {"url": "http://localhost:1/", "enabled_events[]": "*", "api_version": "2022-11-15"}
    reply = await api.post("/v1/webhook_endpoints", fields)
    assert (reply.status, reply.error["param"]) == (400, "api_version")


@pytest.mark.fact("11.3", "11.3a", "11.4")
async def test_a_delivery_is_signed_over_its_exact_bytes(api: Api, receiver: Receiver) -> None:
    secret = (await register(api, receiver.address))["secret"]
    await api.post("/v1/customers", {"name": "Ådä"})
    headers, body = await receiver.delivery()
    parts = dict(part.split("=") for part in headers["Stripe-Signature"].split(","))
    signed = parts["t"].encode() + b"." + body
    assert list(parts) == ["t", "v1", "v0"]
    assert parts["v1"] == hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert abs(int(parts["t"]) - time.time()) < 5
    assert headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.fact("11.3b")
async def test_a_delivery_passes_the_check_of_stripes_own_client(
    api: Api, receiver: Receiver
) -> None:
    secret = (await register(api, receiver.address))["secret"]
    await api.post("/v1/customers")
    headers, body = await receiver.delivery()
    event = stripe.Webhook.construct_event(body, headers["Stripe-Signature"], secret)
    assert event.type == "customer.created"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["Stripe-Signature"], "whsec_other")


@pytest.mark.fact("11.1")
async def test_an_event_has_every_member_that_stripe_shows(api: Api, receiver: Receiver) -> None:
    await register(api, receiver.address)
    reply = await api.post("/v1/customers", headers={"Idempotency-Key": "sign-up"})
    event = await receiver.next()
    assert event.pop("id").startswith("evt_")
    assert event.pop("created") == reply.body["created"]
    assert event == {
        "object": "event",
        "api_version": "2026-10-28.endive",
        "data": {"object": reply.body},
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": reply.headers["Request-Id"], "idempotency_key": "sign-up"},
        "type": "customer.created",
    }


async def test_events_arrive_in_the_order_they_happened(api: Api, receiver: Receiver) -> None:
    await register(api, receiver.address)
    await api.captured(await api.student())
    assert await receiver.types(7) == await api.events()


async def test_only_what_was_asked_for_is_delivered(api: Api, receiver: Receiver) -> None:
    await register(api, receiver.address, "charge.captured")
    await api.captured(await api.student())
    assert await receiver.types(1) == ["charge.captured"]
    assert receiver.heard_nothing()


@pytest.mark.fact("1.12a")
async def test_events_can_be_listed_by_whether_they_were_delivered(
    api: Api, receiver: Receiver
) -> None:
    await register(api, receiver.address, "customer.created")
    await register(api, "http://127.0.0.1:1/webhook", "customer.deleted")
    customer = (await api.post("/v1/customers")).body["id"]
    await delivered(api)
    await api.delete(f"/v1/customers/{customer}")

    async def types(delivered: str) -> list[str]:
        listed = await api.get("/v1/events", delivery_success=delivered)
        return [event["type"] for event in listed.body["data"]]

    assert await types("true") == ["customer.created"]
    assert await types("false") == ["customer.deleted"]


@pytest.mark.fact("11.4")
async def test_what_is_not_answered_with_2xx_is_tried_again(api: Api, receiver: Receiver) -> None:
    """A redirect is no answer either."""
    await register(api, receiver.address)
    receiver.answers = [500, 302]
    await api.post("/v1/customers")
    tries = [await receiver.delivery() for _ in range(3)]
    assert len({delivery.body for delivery in tries}) == 1
    await delivered(api)
    assert receiver.heard_nothing()


@pytest.mark.fact("11.4a")
async def test_each_try_is_signed_at_its_own_time(api: Api, receiver: Receiver) -> None:
    await api.control("POST", "webhooks", {"retry_after": [1]})
    secret = (await register(api, receiver.address))["secret"]
    receiver.answers = [500]
    await api.post("/v1/customers")
    first, second = [await receiver.delivery() for _ in range(2)]
    signatures = [each.headers["Stripe-Signature"] for each in (first, second)]
    assert signatures[0] < signatures[1]
    assert stripe.Webhook.construct_event(second.body, signatures[1], secret)


async def test_after_a_few_tries_it_gives_up(api: Api, receiver: Receiver) -> None:
    await register(api, receiver.address)
    receiver.answers = [500] * 5
    await api.post("/v1/customers")
    await receiver.types(3)
    await asyncio.sleep(0.1)
    assert (receiver.heard_nothing(), await pending(api)) == (True, 1)


async def test_a_shop_that_is_away_holds_up_nobody(api: Api) -> None:
    await register(api, "http://127.0.0.1:1/webhook")
    assert (await api.post("/v1/customers")).status == 200


async def test_an_address_that_can_not_be_looked_up_may_be_put_right(
    api: Api, receiver: Receiver
) -> None:
    """No label of a host's name has more than 63 letters."""
    made = await register(api, f"http://{'a' * 64}.example/webhook")
    await api.post("/v1/customers")
    async with asyncio.timeout(PATIENCE):
        while True:
            newest = (await api.control("GET", "webhooks")).body["deliveries"][0]
            if newest["last_error"]:
                break
            await asyncio.sleep(0.01)
    await api.post(f"/v1/webhook_endpoints/{made['id']}", {"url": receiver.address})
    student = (await api.post("/v1/customers")).body
    assert (await receiver.next())["data"]["object"] == student


async def test_a_deleted_endpoint_hears_no_more(api: Api, receiver: Receiver) -> None:
    made = await register(api, receiver.address)
    deleted = await api.delete(f"/v1/webhook_endpoints/{made['id']}")
    await api.post("/v1/customers")
    await asyncio.sleep(0.05)
    assert (deleted.body["deleted"], receiver.heard_nothing()) == (True, True)


async def test_what_is_due_happens_without_a_request(api: Api, receiver: Receiver) -> None:
    await api.hold(await api.student())
    await register(api, receiver.address, "payment_intent.canceled")
    api.advance(5 * 86_400)
    assert (await receiver.next())["data"]["object"]["cancellation_reason"] == "expired"
