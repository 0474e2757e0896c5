"""Stripe's rate limits on real sockets."""

import asyncio
from collections import Counter
from collections.abc import Awaitable

import pytest

from tests.integration.sandbox.api import Api, Reply

TEST_MODE = {"per_endpoint": 25, "total": 25}
REASON = "Stripe-Rate-Limited-Reason"


async def burst(api: Api, size: int, *paths: str) -> list[Reply]:
    return await asyncio.gather(*(api.get(paths[n % len(paths)]) for n in range(size)))


async def later(seconds: float, call: Awaitable[Reply]) -> Reply:
    await asyncio.sleep(seconds)
    return await call


@pytest.mark.fact("3.2", "3.3")
async def test_what_goes_beyond_gets_stripes_429(api: Api) -> None:
    """Body and headers, to the letter."""
    await api.control("POST", "limits", {"total": 1})
    await api.get("/v1/customers")
    refused = await api.get("/v1/customers")
    assert (refused.status, refused.body) == (
        429,
        {
            "error": {
                "code": "rate_limit",
                "doc_url": "https://stripe.com/docs/error-codes/rate-limit",
                "message": "Testmode request rate limit exceeded, the rate limits in testmode are "
                "lower than livemode. You can learn more about rate limits here "
                "https://stripe.com/docs/rate-limits.",
                "type": "invalid_request_error",
            }
        },
    )
    assert refused.headers[REASON] == "global-rate"
    assert refused.headers["Request-Id"].startswith("req_")
    assert "Retry-After" not in refused.headers
    assert "Stripe-Should-Retry" not in refused.headers


@pytest.mark.fact("3.2")
async def test_each_limit_says_which_it_is(api: Api) -> None:
    await api.control("POST", "limits", {"per_endpoint": 25, "total": 30})
    replies = await burst(api, 80, "/v1/customers", "/v1/customers", "/v1/charges")
    reasons = Counter(reply.headers.get(REASON, "served") for reply in replies)
    assert 30 <= reasons["served"] <= 60
    assert reasons["global-rate"] > 0
    await api.control("POST", "limits", {"per_endpoint": 1, "total": 100})
    alone = await burst(api, 10, "/v1/customers")
    assert {reply.headers.get(REASON) for reply in alone} == {None, "endpoint-rate"}


@pytest.mark.fact("3.1")
async def test_stripes_test_mode_lets_25_a_second_through(api: Api) -> None:
    """An even stream at the limit passes whole; what is sent at once beyond it does not."""
    await api.control("POST", "limits", TEST_MODE)
    even = await asyncio.gather(*(later(n / 25, api.get("/v1/customers")) for n in range(30)))
    assert {reply.status for reply in even} == {200}
    assert 429 in {reply.status for reply in await burst(api, 60, "/v1/customers")}


@pytest.mark.fact("3.2")
async def test_too_many_at_once(api: Api) -> None:
    await api.control("POST", "latency", {"base_ms": 400})
    await api.control("POST", "limits", {"concurrency": 3})
    replies = await burst(api, 5, "/v1/customers")
    reasons = Counter(reply.headers.get(REASON) for reply in replies)
    assert reasons == {None: 3, "global-concurrency": 2}
    assert (await api.get("/v1/customers")).status == 200


@pytest.mark.fact("3.2a")
async def test_too_many_at_once_on_one_endpoint(api: Api) -> None:
    """Others have room."""
    await api.control("POST", "latency", {"base_ms": 400})
    await api.control("POST", "limits", {"endpoint_concurrency": 2})
    replies = await burst(api, 6, "/v1/customers", "/v1/customers", "/v1/charges")
    reasons = Counter(reply.headers.get(REASON) for reply in replies)
    assert reasons == {None: 4, "endpoint-concurrency": 2}


@pytest.mark.fact("3.1a", "3.2a")
async def test_one_payment_takes_so_many_changes_an_hour(api: Api) -> None:
    """Reading it is none, another payment is not concerned, and an hour later it takes more."""
    held, other = [(await api.hold(await api.student())).body["id"] for _ in range(2)]
    await api.control("POST", "limits", {"per_resource_hour": 2})
    path = f"/v1/payment_intents/{held}"
    changes = [await api.post(path, {"description": f"Lesson {n}"}) for n in range(2)]
    refused = await api.post(f"{path}/capture")
    read = await api.get(path)
    changed = await api.post(f"/v1/payment_intents/{other}/cancel")
    await api.control("POST", "clock", {"advance_seconds": 3_600})
    captured = await api.post(f"{path}/capture")
    assert [reply.status for reply in (*changes, refused, read, changed, captured)] == [
        *(200, 200, 429, 200, 200, 200)
    ]
    assert (refused.error["code"], refused.headers[REASON]) == ("rate_limit", "resource-specific")
    assert read.body["status"] == "requires_capture"


@pytest.mark.fact("3.3")
async def test_in_live_mode_stripe_says_it_in_fewer_words(api: Api) -> None:
    """A fault that plays the limiter says it too."""
    await api.control("POST", "limits", {"total": 1, "mode": "live"})
    await api.get("/v1/customers")
    refused = await api.get("/v1/customers")
    await api.control("POST", "limits", {"mode": "live"})
    await api.control("POST", "faults", {"rules": [{"kind": "429"}]})
    struck = await api.get("/v1/customers")
    assert refused.body == struck.body
    assert refused.error == {
        "code": "rate_limit",
        "doc_url": "https://stripe.com/docs/error-codes/rate-limit",
        "message": "Request rate limit exceeded. You can learn more about rate limits here "
        "https://stripe.com/docs/rate-limits.",
        "type": "invalid_request_error",
    }


async def test_what_is_not_named_has_no_limit(api: Api) -> None:
    """The answer shows all members, those left out as they count."""
    reply = await api.control("POST", "limits", {"per_endpoint": 25, "concurrency": None})
    assert reply.body == {
        "per_endpoint": 25,
        "total": None,
        "concurrency": None,
        "endpoint_concurrency": None,
        "per_resource_hour": None,
        "mode": "test",
    }


@pytest.mark.fact("4.2a")
async def test_a_refused_write_leaves_its_key_free(api: Api) -> None:
    """The limiter stands in front of the idempotency keys."""
    key = {"Idempotency-Key": "attempt-1"}
    await api.control("POST", "limits", {"per_endpoint": 1})
    await api.post("/v1/customers")
    refused = await api.post("/v1/customers", {"name": "Ada"}, headers=key)
    await api.control("POST", "limits", {})
    made = await api.post("/v1/customers", {"name": "Ada"}, headers=key)
    assert (refused.status, made.status) == (429, 200)
    assert "Idempotent-Replayed" not in made.headers


async def test_controls_and_preflights_are_not_limited(api: Api) -> None:
    await api.control("POST", "limits", {"total": 1})
    controls = [await api.control("GET", "requests") for _ in range(5)]
    await api.get("/v1/customers")
    assert {reply.status for reply in controls} == {200}
    assert (await api.get("/v1/customers")).headers["Access-Control-Allow-Origin"] == "*"


async def test_refused_requests_count_too(api: Api) -> None:
    await api.control("POST", "limits", {"total": 1})
    await burst(api, 5, "/v1/customers")
    counted = (await api.control("GET", "requests")).body
    assert counted["calls"] == {"GET /v1/customers": 5}
    assert counted["statuses"] == {"200": 1, "429": 4}
    assert counted["peak_per_second"] == 5


async def test_a_reset_ends_limits(api: Api) -> None:
    await api.control("POST", "limits", {"total": 1})
    await api.control("POST", "reset", {})
    assert {reply.status for reply in await burst(api, 10, "/v1/customers")} == {200}


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"total": 0},
        {"total": 2.5},
        {"per_endpoint": "25"},
        {"per_second": 25},
        {"mode": "dead"},
    ],
)
async def test_a_bad_limit_is_told_why(api: Api, body: object) -> None:
    reply = await api.control("POST", "limits", body)
    assert reply.status == 400
    assert len(reply.body["error"]["message"]) > 20
