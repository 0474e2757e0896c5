"""Facts §11: events as they are listed and delivered."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.integration.sandbox.api import Api


class Receiver:
    """A shop that remembers what it is told and answers as it is asked to."""

    def __init__(self) -> None:
        self.deliveries: asyncio.Queue[tuple[Any, bytes]] = asyncio.Queue()
        self.answers: list[int] = []

    async def take(self, request: web.Request) -> web.Response:
        self.deliveries.put_nowait((request.headers, await request.read()))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(2):
            _, body = await self.deliveries.get()
        return json.loads(body)


@pytest.fixture
async def receiver() -> Receiver:
    """Where events arrive."""
    return Receiver()


@pytest.fixture
async def address(receiver: Receiver) -> AsyncIterator[str]:
    """The receiver's address."""
    app = web.Application()
    app.router.add_post("/webhook", receiver.take)
    async with TestServer(app) as server:
        yield str(server.make_url("/webhook"))


async def register(api: Api, address: str, *types: str) -> dict[str, Any]:
    """Ask for events."""
    fields = {"url": address, "enabled_events[]": types or ("*",)}
    return (await api.post("/v1/webhook_endpoints", fields)).body


async def test_the_secret_is_shown_once(api: Api) -> None:
    """Facts §11.6."""
    made = await register(api, "http://localhost:1/webhook", "charge.captured")
    seen = (await api.get(f"/v1/webhook_endpoints/{made['id']}")).body
    assert made["secret"].startswith("whsec_")
    assert (seen["enabled_events"], "secret" in seen) == (["charge.captured"], False)


async def test_a_delivery_is_signed_over_its_exact_bytes(
    api: Api, receiver: Receiver, address: str
) -> None:
    """Facts §11.3 and §11.4."""
    secret = (await register(api, address))["secret"]
    await api.post("/v1/customers", {"name": "Ådä"})
    async with asyncio.timeout(2):
        headers, body = await receiver.deliveries.get()
    parts = dict(part.split("=") for part in headers["Stripe-Signature"].split(","))
    signed = parts["t"].encode() + b"." + body
    assert parts["v1"] == hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert abs(int(parts["t"]) - time.time()) < 5
    assert headers["Content-Type"] == "application/json; charset=utf-8"


async def test_an_event_has_every_member_that_stripe_shows(
    api: Api, receiver: Receiver, address: str
) -> None:
    """Facts §11.1."""
    await register(api, address)
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


async def test_events_arrive_in_the_order_they_happened(
    api: Api, receiver: Receiver, address: str
) -> None:
    await register(api, address)
    await api.captured(await api.student())
    types = [(await receiver.next())["type"] for _ in range(7)]
    assert types == await api.events()


async def test_only_what_was_asked_for_is_delivered(
    api: Api, receiver: Receiver, address: str
) -> None:
    await register(api, address, "charge.captured")
    await api.captured(await api.student())
    assert (await receiver.next())["type"] == "charge.captured"
    assert receiver.deliveries.empty()


async def test_a_refused_delivery_is_tried_again(
    api: Api, receiver: Receiver, address: str
) -> None:
    """Facts §11.4: the same event, and redirects are refusals."""
    await register(api, address)
    receiver.answers = [500, 302]
    await api.post("/v1/customers")
    tries = [(await receiver.next())["id"] for _ in range(3)]
    assert len(set(tries)) == 1
    for _ in range(100):
        pending = (await api.get("/v1/events")).body["data"][0]["pending_webhooks"]
        if pending:
            await asyncio.sleep(0.01)
    assert pending == 0


async def test_after_a_few_tries_it_gives_up(api: Api, receiver: Receiver, address: str) -> None:
    await register(api, address)
    receiver.answers = [500] * 5
    await api.post("/v1/customers")
    for _ in range(3):
        await receiver.next()
    await asyncio.sleep(0.1)
    assert receiver.deliveries.empty()


async def test_an_outage_holds_up_nobody(api: Api) -> None:
    await register(api, "http://127.0.0.1:1/webhook")
    assert (await api.post("/v1/customers")).status == 200


async def test_a_deleted_endpoint_hears_no_more(api: Api, receiver: Receiver, address: str) -> None:
    made = await register(api, address)
    deleted = await api.delete(f"/v1/webhook_endpoints/{made['id']}")
    await api.post("/v1/customers")
    await asyncio.sleep(0.05)
    assert (deleted.body["deleted"], receiver.deliveries.empty()) == (True, True)


async def test_events_can_be_listed_by_type(api: Api) -> None:
    """Facts §1.12."""
    await api.captured(await api.student())

    async def types(**params: object) -> list[str]:
        return [row["type"] for row in (await api.get("/v1/events", **params)).body["data"]]

    assert await types(type="charge.*") == ["charge.captured", "charge.succeeded"]
    assert await types(**{"types[]": ["customer.created", "charge.captured"]}) == [
        "charge.captured",
        "customer.created",
    ]


async def test_events_reach_back_thirty_days(api: Api) -> None:
    """Facts §1.18."""
    await api.post("/v1/customers")
    api.advance(31 * 86_400)
    assert await api.events() == []


async def test_what_is_due_happens_without_a_request(
    api: Api, receiver: Receiver, address: str
) -> None:
    await api.hold(await api.student())
    await register(api, address, "payment_intent.canceled")
    api.advance(5 * 86_400)
    assert (await receiver.next())["data"]["object"]["cancellation_reason"] == "expired"
