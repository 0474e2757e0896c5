"""Deliveries made to go wrong, and told about."""

import asyncio
from typing import Any

import aiohttp
import pytest
import stripe
from aiohttp.test_utils import TestServer

from sandbox.app import create_app
from sandbox.service import Service, Webhook
from tests.integration.sandbox.api import Api
from tests.integration.sandbox.receiver import PATIENCE, Receiver

A_GOOD_DAY = {
    "duplicates": 0,
    "delay_seconds": 0,
    "shuffle": False,
    "seed": 1,
    "outage": False,
    "retry_after": [1, 4, 15, 60],
}


async def register(api: Api, receiver: Receiver) -> str:
    """Ask for every event; the id of the endpoint."""
    fields = {"url": receiver.address, "enabled_events[]": "*"}
    return (await api.post("/v1/webhook_endpoints", fields)).body["id"]


async def behave(api: Api, **settings: Any) -> None:
    """How deliveries go from now on."""
    reply = await api.control("POST", "webhooks", settings)
    assert reply.body["settings"] == {**A_GOOD_DAY, **settings}


async def deliveries(api: Api) -> list[dict[str, Any]]:
    """The log, newest first."""
    return (await api.control("GET", "webhooks")).body["deliveries"]


async def settled(api: Api) -> list[dict[str, Any]]:
    """The log once nothing waits any more."""
    async with asyncio.timeout(PATIENCE):
        while True:
            log = await deliveries(api)
            if all(each["state"] != "waiting" for each in log):
                return log
            await asyncio.sleep(0.01)


@pytest.mark.fact("11.4b")
async def test_each_event_can_arrive_several_times(api: Api, receiver: Receiver) -> None:
    """They are the same event; it was delivered once the first of them was."""
    endpoint = await register(api, receiver)
    await behave(api, duplicates=2)
    await api.post("/v1/customers")
    heard = [await receiver.next() for _ in range(3)]
    log = await settled(api)
    event = (await api.get("/v1/events")).body["data"][0]
    assert {each["id"] for each in heard} == {event["id"]}
    assert (event["pending_webhooks"], receiver.heard_nothing()) == (0, True)
    assert log == [
        {
            "event": event["id"],
            "type": "customer.created",
            "endpoint": endpoint,
            "copy": copy,
            "state": "delivered",
            "attempts": 1,
            "last_status": 200,
            "last_error": None,
        }
        for copy in (2, 1, 0)
    ]


@pytest.mark.fact("11.4b")
async def test_events_can_arrive_in_the_wrong_order_and_the_same_one_for_the_same_seed(
    api: Api, receiver: Receiver
) -> None:
    orders = []
    for _ in range(2):
        await api.control("POST", "reset", {})
        await register(api, receiver)
        await behave(api, shuffle=True, seed=7)
        await api.captured(await api.student())
        orders.append(await receiver.types(7))
        assert sorted(orders[-1]) == sorted(await api.events())
        assert orders[-1] != await api.events()
    assert orders[0] == orders[1]


async def test_events_can_be_late(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    await behave(api, delay_seconds=1)
    customer = (await api.post("/v1/customers")).body["id"]
    await api.delete(f"/v1/customers/{customer}")
    await asyncio.sleep(0.05)
    assert receiver.heard_nothing()
    assert await receiver.types(2) == ["customer.created", "customer.deleted"]


async def test_what_failed_in_an_outage_arrives_after_it(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    await behave(api, outage=True, retry_after=[0.05] * 20)
    await api.post("/v1/customers")
    await asyncio.sleep(0.07)
    (during,) = await deliveries(api)
    await behave(api, retry_after=[0.05] * 20)
    heard = await receiver.next()
    (after,) = await settled(api)
    assert (during["state"], during["last_status"], during["last_error"]) == (
        "waiting",
        None,
        "outage",
    )
    assert (after["state"], after["last_status"]) == ("delivered", 200)
    assert after["attempts"] > during["attempts"] >= 1
    assert heard["id"] == after["event"]


async def test_an_outage_can_outlast_the_schedule(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    await behave(api, outage=True, retry_after=[0.01])
    await api.post("/v1/customers")
    (given_up,) = await settled(api)
    await behave(api)
    resent = await api.control("POST", "webhooks/resend", {"event": given_up["event"]})
    heard = await receiver.next()
    (again, _) = await settled(api)
    pending = (await api.get("/v1/events")).body["data"][0]["pending_webhooks"]
    assert (given_up["state"], given_up["attempts"]) == ("given_up", 2)
    assert resent.body == {"endpoints": [given_up["endpoint"]]}
    assert (heard["id"], again["state"], pending) == (given_up["event"], "delivered", 0)


async def test_why_a_delivery_failed_is_told(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    gone = {"url": "http://127.0.0.1:1/webhook", "enabled_events[]": "*"}
    await api.post("/v1/webhook_endpoints", gone)
    await behave(api, retry_after=[])
    receiver.answers = [503]
    await api.post("/v1/customers")
    unreachable, refused = await settled(api)
    assert (refused["state"], refused["last_status"]) == ("given_up", 503)
    assert (unreachable["state"], unreachable["last_status"]) == ("given_up", None)
    assert "127.0.0.1:1" in unreachable["last_error"]


async def test_a_delivered_event_can_be_sent_once_more(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    await api.post("/v1/customers")
    first = await receiver.next()
    await api.control("POST", "webhooks/resend", {"event": first["id"]})
    again = await receiver.next()
    pending = (await api.get("/v1/events")).body["data"][0]["pending_webhooks"]
    assert (again["id"], pending) == (first["id"], 0)


async def test_a_delivery_to_an_endpoint_that_went_away_is_dropped(
    api: Api, receiver: Receiver
) -> None:
    endpoint = await register(api, receiver)
    await behave(api, delay_seconds=0.05)
    await api.post("/v1/customers")
    await api.delete(f"/v1/webhook_endpoints/{endpoint}")
    (dropped,) = await settled(api)
    assert (dropped["state"], dropped["attempts"], receiver.heard_nothing()) == (
        "dropped",
        0,
        True,
    )


async def test_a_reset_ends_all_of_it(api: Api, receiver: Receiver) -> None:
    await register(api, receiver)
    await behave(api, outage=True, duplicates=3)
    await api.post("/v1/customers")
    await api.control("POST", "reset", {})
    shown = (await api.control("GET", "webhooks")).body
    usual = {**A_GOOD_DAY, "retry_after": [0.01, 0.02]}
    assert shown == {"settings": usual, "deliveries": []}


async def heard_signatures(api: Api, receiver: Receiver) -> tuple[bytes, str, list[str]]:
    """Body and header of the next delivery, and the schemes in the header."""
    await api.post("/v1/customers")
    headers, body = await receiver.delivery()
    header = headers["Stripe-Signature"]
    return body, header, [part.partition("=")[0] for part in header.split(",")]


@pytest.mark.fact("11.3c")
async def test_while_a_secret_is_rolled_both_sign(api: Api, receiver: Receiver) -> None:
    """Until the overlap has passed by the sandbox's clock; then the new one signs alone."""
    fields = {"url": receiver.address, "enabled_events[]": "*"}
    made = (await api.post("/v1/webhook_endpoints", fields)).body
    rolled = await api.control(
        "POST", "webhooks/roll", {"endpoint": made["id"], "overlap_seconds": 600}
    )
    new = rolled.body["secret"]
    body, both, schemes = await heard_signatures(api, receiver)
    assert schemes == ["t", "v1", "v1", "v0"]
    for secret in (new, made["secret"]):
        assert stripe.Webhook.construct_event(body, both, secret).type == "customer.created"

    await api.control("POST", "clock", {"advance_seconds": 600})
    body, alone, schemes = await heard_signatures(api, receiver)
    assert schemes == ["t", "v1", "v0"]
    assert stripe.Webhook.construct_event(body, alone, new).type == "customer.created"
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, alone, made["secret"])

    now = api.service.clock.now()
    assert rolled.body == {
        "endpoint": made["id"],
        "secret": new,
        "both_until": pytest.approx(now, abs=2),
    }
    assert new.startswith("whsec_")
    assert new != made["secret"]


async def test_a_secret_can_be_replaced_at_once_and_again(api: Api, receiver: Receiver) -> None:
    endpoint = await register(api, receiver)
    order = {"endpoint": endpoint}
    secrets = [(await api.control("POST", "webhooks/roll", order)).body["secret"] for _ in range(3)]
    body, header, schemes = await heard_signatures(api, receiver)
    assert len(set(secrets)) == 3
    assert schemes == ["t", "v1", "v0"]
    assert stripe.Webhook.construct_event(body, header, secrets[-1]).type == "customer.created"


async def test_the_settings_own_endpoint_is_rolled_unless_another_is_named(
    receiver: Receiver,
) -> None:
    service = Service(Webhook(receiver.address, "whsec_of_the_settings"))
    async with (
        TestServer(create_app(service)) as server,
        aiohttp.ClientSession(server.make_url("/")) as session,
    ):
        api = Api(service, session)
        rolled = await api.control("POST", "webhooks/roll", {"overlap_seconds": 600})
        body, header, _ = await heard_signatures(api, receiver)
    for secret in ("whsec_of_the_settings", rolled.body["secret"]):
        assert stripe.Webhook.construct_event(body, header, secret).type == "customer.created"


async def test_only_an_endpoint_that_is_there_can_be_rolled(api: Api, receiver: Receiver) -> None:
    deleted = await register(api, receiver)
    await api.delete(f"/v1/webhook_endpoints/{deleted}")
    refusals = [
        await api.control("POST", "webhooks/roll", order)
        for order in ({}, {"endpoint": "we_x"}, {"endpoint": deleted})
    ]
    assert [reply.body["error"]["message"] for reply in refusals] == [
        "There is no webhook endpoint in the settings file.",
        "There is no webhook endpoint we_x.",
        f"There is no webhook endpoint {deleted}.",
    ]
    assert {reply.status for reply in refusals} == {400}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("webhooks/roll", {"overlap_seconds": -1}),
        ("webhooks/roll", {"overlap_seconds": 86_401}),
        ("webhooks/roll", {"secret": "whsec_x"}),
        ("webhooks", {"duplicates": -1}),
        ("webhooks", {"duplicates": 11}),
        ("webhooks", {"delay_seconds": "soon"}),
        ("webhooks", {"shuffle": "yes"}),
        ("webhooks", {"retry_after": [-1]}),
        ("webhooks", {"retry_after": [1] * 21}),
        ("webhooks", {"unheard_of": 1}),
        ("webhooks/resend", {}),
        ("webhooks/resend", {"event": "evt_x"}),
    ],
)
async def test_a_bad_call_is_told_why(api: Api, path: str, body: object) -> None:
    reply = await api.control("POST", path, body)
    assert reply.status == 400
    assert len(reply.body["error"]["message"]) > 20
