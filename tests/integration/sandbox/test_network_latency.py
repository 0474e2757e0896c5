"""Latency on real sockets, and what it makes visible."""

import asyncio
import time

import aiohttp
import pytest

from tests.integration.conftest import read_whole
from tests.integration.sandbox.api import Api

KEY = {"Idempotency-Key": "attempt-1"}


async def seconds(*calls: object) -> float:
    """How long it takes until all of these have answered."""
    started = time.monotonic()
    await asyncio.gather(*calls)  # type: ignore[call-overload]
    return time.monotonic() - started


async def test_a_profile_is_named_or_spelt_out(api: Api) -> None:
    named = await api.control("POST", "latency", {"profile": "realistic"})
    spelt = await api.control("POST", "latency", {"base_ms": 20, "per_object_ms": 1.5})
    assert named.body == {"base_ms": 180, "jitter": 0.4, "per_object_ms": 0.5}
    assert spelt.body == {"base_ms": 20, "jitter": 0, "per_object_ms": 1.5}


async def test_one_request_that_waits_keeps_no_other_waiting(api: Api) -> None:
    await api.control("POST", "latency", {"base_ms": 200})
    assert 0.2 <= await seconds(*(api.get("/v1/customers") for _ in range(40))) < 40 * 0.2 / 2


async def test_controls_pages_and_stripe_js_are_served_at_once(api: Api, url: str) -> None:
    await api.control("POST", "latency", {"base_ms": 5_000})
    async with aiohttp.ClientSession(url, middlewares=(read_whole,)) as session:
        waited = await seconds(
            session.get("/"), session.get("/js/stripe.js"), api.control("GET", "requests")
        )
    assert waited < 5


async def test_wide_answers_take_longer(api: Api) -> None:
    """Twenty rows with one expansion each, at twenty milliseconds an object."""
    for _ in range(20):
        await api.post("/v1/setup_intents", {"customer": (await api.student()).id})
    await api.control("POST", "latency", {"base_ms": 0, "per_object_ms": 20})
    narrow = await seconds(api.get("/v1/setup_intents", limit=1))
    rows = await seconds(api.get("/v1/setup_intents", limit=20))
    wide = await seconds(api.get("/v1/setup_intents", **{"limit": 20, "expand[]": "data.customer"}))
    assert narrow < 0.4 <= rows < 0.8 <= wide


@pytest.mark.fact("4.2a", "4.6")
async def test_a_second_request_with_a_key_meets_the_first_at_work(api: Api) -> None:
    """And once the first is done, a third gets its answer."""
    await api.control("POST", "latency", {"base_ms": 400})
    first, second = await asyncio.gather(
        api.post("/v1/customers", {"name": "Ada"}, headers=KEY),
        api.post("/v1/customers", {"name": "Ada"}, headers=KEY),
    )
    if first.status == 409:
        first, second = second, first
    later = await api.post("/v1/customers", {"name": "Ada"}, headers=KEY)
    assert (first.status, second.status) == (200, 409)
    assert second.error == {
        "code": "idempotency_key_in_use",
        "doc_url": "https://stripe.com/docs/error-codes/idempotency-key-in-use",
        "message": "There is currently another in-progress request using this Idempotent Key "
        "(that probably means you submitted twice, and the other request is still going "
        "through): attempt-1. Please try again later.",
        "type": "idempotency_error",
    }
    assert later.body == first.body
    assert len((await api.get("/v1/customers")).body["data"]) == 1


async def test_a_key_that_outlives_its_day_while_at_work_harms_nothing(api: Api) -> None:
    await api.control("POST", "latency", {"base_ms": 100})
    slow = asyncio.create_task(api.post("/v1/customers", headers=KEY))
    await asyncio.sleep(0.05)
    api.advance(24 * 3_600 + 1)
    await api.control("POST", "latency", {"profile": "none"})
    other = await api.post("/v1/customers", headers={"Idempotency-Key": "attempt-2"})
    assert ((await slow).status, other.status) == (200, 200)


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"profile": "slow"},
        {"profile": "none", "base_ms": 5},
        {"base_ms": -1},
        {"base_ms": "180"},
        {"base_ms": 100, "jitter": 1.5},
        {"base_ms": 100, "seconds": 1},
    ],
)
async def test_a_bad_latency_is_told_why(api: Api, body: object) -> None:
    reply = await api.control("POST", "latency", body)
    assert reply.status == 400
    assert len(reply.body["error"]["message"]) > 20
