"""Every kind of fault on real sockets: what the caller sees, and what happened at Stripe."""

import asyncio
import time
from typing import Any

import aiohttp
import msgspec
import pytest
from aiohttp.test_utils import TestServer

from sandbox.app import create_app
from sandbox.service import Service
from tests.integration.sandbox.api import Api, Reply

KEY = {"Idempotency-Key": "attempt-1"}
IN_USE = (
    "There is currently another in-progress request using this Idempotent Key (that probably "
    "means you submitted twice, and the other request is still going through): attempt-1. Please "
    "try again later."
)
BUSY = (
    "This object cannot be accessed right now because another API request or Stripe process is "
    "currently accessing it. If you see this error intermittently, retry the request. If you see "
    "this error frequently and are making multiple concurrent requests to a single object, make "
    "your requests serially or at a lower rate."
)


async def arm(api: Api, kind: str, **rule: Any) -> None:
    """From now on, one rule and no other."""
    armed = await api.control("POST", "faults", {"rules": [{"kind": kind, **rule}]})
    assert armed.status == 200


async def write(api: Api) -> Reply:
    """The write that fails in most of these tests."""
    return await api.post("/v1/customers", {"name": "Ada"}, headers=KEY)


async def customers(api: Api) -> int:
    return len((await api.get("/v1/customers")).body["data"])


async def statuses(api: Api) -> dict[str, int]:
    return (await api.control("GET", "requests")).body["statuses"]


async def impatient(api: Api) -> None:
    """The write, by a client that gives up soon."""
    async with asyncio.timeout(0.5):
        await write(api)


@pytest.mark.fact("3.2", "3.3", "4.2a")
async def test_429_is_the_limiters_and_leaves_the_key_free(api: Api) -> None:
    await arm(api, "429", times=1)
    refused, made = await write(api), await write(api)
    assert (refused.status, refused.error["code"]) == (429, "rate_limit")
    assert refused.headers["Stripe-Rate-Limited-Reason"] == "global-rate"
    assert "Stripe-Should-Retry" not in refused.headers
    assert (made.status, await customers(api)) == (200, 1)


@pytest.mark.fact("3.2", "3.4")
async def test_a_lock_timeout_says_that_a_retry_is_worth_it(api: Api) -> None:
    await arm(api, "lock_timeout", times=1)
    refused, made = await write(api), await write(api)
    assert (refused.status, refused.error) == (
        429,
        {
            "code": "lock_timeout",
            "doc_url": "https://stripe.com/docs/error-codes/lock-timeout",
            "message": BUSY,
            "type": "invalid_request_error",
        },
    )
    assert refused.headers["Stripe-Should-Retry"] == "true"
    assert "Stripe-Rate-Limited-Reason" not in refused.headers
    assert (made.status, await customers(api)) == (200, 1)


@pytest.mark.fact("4.2a", "4.6")
async def test_409_is_a_key_at_work(api: Api) -> None:
    await arm(api, "409", times=1)
    refused, made = await write(api), await write(api)
    assert (refused.status, refused.error["code"]) == (409, "idempotency_key_in_use")
    assert refused.error["message"] == IN_USE
    assert (made.status, await customers(api)) == (200, 1)


@pytest.mark.fact("4.2")
async def test_500_changes_nothing_and_the_key_remembers_it(api: Api) -> None:
    """Stored, because the endpoint had begun."""
    await arm(api, "500", times=1)
    broken, again = await write(api), await write(api)
    assert (broken.status, broken.error) == (
        500,
        {"message": "An unknown error occurred", "type": "api_error"},
    )
    assert (again.status, again.body) == (500, broken.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert await customers(api) == 0


@pytest.mark.fact("4.2a")
async def test_500_comes_after_the_parameters_were_read(api: Api) -> None:
    await arm(api, "500")
    refused = await api.post("/v1/customers", {"unheard_of": 1}, headers=KEY)
    read = await api.get("/v1/customers")
    assert (refused.status, read.status) == (400, 500)


async def test_502_is_a_proxys_page(api: Api, url: str) -> None:
    await arm(api, "502", times=1)
    async with aiohttp.ClientSession(url) as session, session.post("/v1/customers") as broken:
        text = await broken.text()
    assert (broken.status, broken.content_type) == (502, "text/html")
    assert "502 Bad Gateway" in text
    assert not {"Request-Id", "Stripe-Version"} & set(broken.headers)
    assert await customers(api) == 0


@pytest.mark.fact("4.3")
@pytest.mark.parametrize(("kind", "took_effect"), [("timeout_before", 0), ("timeout_after", 1)])
async def test_a_time_out_says_nothing_at_all(api: Api, kind: str, took_effect: int) -> None:
    await arm(api, kind, times=1)
    with pytest.raises(TimeoutError):
        await impatient(api)
    assert await statuses(api) == {"none": 1}
    assert await customers(api) == took_effect
    again = await write(api)
    assert ("Idempotent-Replayed" in again.headers, again.status) == (took_effect == 1, 200)
    assert await customers(api) == 1


async def test_a_client_that_never_gives_up_is_cut_off_in_the_end(api: Api) -> None:
    api.service.network.silence = 0.3
    await arm(api, "timeout_before", times=1)
    started = time.monotonic()
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await write(api)
    assert time.monotonic() - started >= 0.3


async def test_a_silent_connection_does_not_delay_the_end_of_the_server(service: Service) -> None:
    server = TestServer(create_app(service))
    await server.start_server()
    async with aiohttp.ClientSession(str(server.make_url(""))) as session:
        api = Api(service, session)
        await arm(api, "timeout_before")
        hanging = asyncio.create_task(write(api))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(10):  # it would wait for a minute
            await server.close()
        with pytest.raises(aiohttp.ClientError):
            await hanging


@pytest.mark.fact("4.3")
@pytest.mark.parametrize(("kind", "took_effect"), [("reset_before", 0), ("reset_after", 1)])
async def test_a_reset_ends_the_connection(api: Api, kind: str, took_effect: int) -> None:
    await arm(api, kind, times=1)
    with pytest.raises(aiohttp.ClientOSError) as caught:
        await write(api)
    assert isinstance(caught.value, ConnectionResetError) or caught.value.errno == 104
    assert await statuses(api) == {"none": 1}
    assert await customers(api) == took_effect
    again = await write(api)
    assert ("Idempotent-Replayed" in again.headers, again.status) == (took_effect == 1, 200)
    assert await customers(api) == 1


@pytest.mark.parametrize(
    "wide", ["/v1/charges?limit=100&expand[]=data.payment_intent", "/v1/charges?limit=100"]
)
async def test_a_wide_list_breaks_off_after_128_kib(api: Api, url: str, wide: str) -> None:
    """Complete as HTTP, cut as JSON; also where it is less than twice as long."""
    await api.control("POST", "history", {"students": 60, "payments": 300, "days": 30})
    await arm(api, "truncate", path="/v1/charges", times=1)
    key = {"Authorization": "Bearer sk_test_sandbox"}
    async with aiohttp.ClientSession(url, headers=key) as session:
        cut, whole = [await (await session.get(wide)).read() for _ in range(2)]
    assert len(cut) == 128 * 1024 < len(whole)
    assert whole.startswith(cut)
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(cut)


async def test_a_short_answer_breaks_off_half_way_after_it_took_effect(api: Api, url: str) -> None:
    await arm(api, "truncate", method="POST", times=1)
    headers = {"Authorization": "Bearer sk_test_sandbox", **KEY}
    async with aiohttp.ClientSession(url, headers=headers) as session:
        cut, whole = [await (await session.post("/v1/customers")).read() for _ in range(2)]
    assert cut == whole[: len(whole) // 2]
    assert await customers(api) == 1


async def test_a_slow_body_arrives_whole_but_in_drips(api: Api, url: str) -> None:
    api.service.network.trickle = 1.0
    await arm(api, "slow_body", times=1)
    key = {"Authorization": "Bearer sk_test_sandbox"}
    async with aiohttp.ClientSession(url, headers=key) as session:
        started = time.monotonic()
        async with session.get("/v1/customers") as response:
            is_whole_at_once = response.content.is_eof()
            drips = [drip async for drip in response.content.iter_any()]
            body_after = time.monotonic() - started
    assert (is_whole_at_once, body_after > 0.9) == (False, True)
    assert len(drips) > 5
    assert int(response.headers["Content-Length"]) == len(b"".join(drips))
    assert msgspec.json.decode(b"".join(drips))["url"] == "/v1/customers"


async def test_a_client_may_leave_a_slow_body(api: Api, url: str) -> None:
    api.service.network.trickle = 1.0
    await arm(api, "slow_body", times=1)
    key = {"Authorization": "Bearer sk_test_sandbox"}
    async with aiohttp.ClientSession(url, headers=key) as session:
        (await session.get("/v1/customers")).close()
    await asyncio.sleep(0.2)
    assert await customers(api) == 0


async def test_a_rule_strikes_its_method_and_path_only(api: Api) -> None:
    await arm(api, "409", method="POST", path="/v1/customers/{id}")
    student = await api.student()
    updated = await api.post(f"/v1/customers/{student.id}", {"name": "Ada"})
    read = await api.get(f"/v1/customers/{student.id}")
    assert (updated.status, read.status) == (409, 200)


async def test_a_share_of_the_requests_fails_the_same_ones_each_time(api: Api) -> None:
    order = {"seed": 5, "rules": [{"kind": "409", "share": 0.3}]}
    runs = []
    for _ in range(2):
        await api.control("POST", "faults", order)
        runs.append([(await api.get("/v1/customers")).status for _ in range(40)])
    assert runs[0] == runs[1]
    assert 4 <= runs[0].count(409) <= 20


async def test_new_rules_replace_the_old_ones_and_a_reset_ends_them(api: Api) -> None:
    await arm(api, "409")
    await arm(api, "lock_timeout")
    struck = await api.get("/v1/customers")
    await api.control("POST", "faults", {"rules": []})
    free = await api.get("/v1/customers")
    await arm(api, "409")
    await api.control("POST", "reset", {})
    assert (struck.status, free.status) == (429, 200)
    assert (await api.get("/v1/customers")).status == 200


async def test_faults_are_counted_by_kind(api: Api) -> None:
    rules = [{"kind": "reset_after", "times": 2}, {"kind": "409", "times": 1}]
    await api.control("POST", "faults", {"rules": rules})
    for _ in range(2):
        with pytest.raises(aiohttp.ClientOSError):
            await write(api)
    await api.get("/v1/customers")
    await write(api)
    counted = (await api.control("GET", "requests")).body
    assert counted["calls"] == {"POST /v1/customers": 3, "GET /v1/customers": 1}
    assert counted["statuses"] == {"none": 2, "409": 1, "200": 1}
    assert counted["faults"] == {"reset_after": 2, "409": 1}
    assert await customers(api) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rules": {}},
        {"rules": [{}]},
        {"rules": [{"kind": "418"}]},
        {"rules": [{"kind": "409", "share": 1.1}]},
        {"rules": [{"kind": "409", "times": 0}]},
        {"rules": [{"kind": "409", "method": "PATCH"}]},
        {"rules": [{"kind": "409", "path": "/v2/customers"}]},
        {"rules": [{"kind": "409", "path": "/v2/customers*"}]},
        {"rules": [{"kind": "409", "path": "/v1/*/capture"}]},
        {"rules": [{"kind": "409", "path": "/v1/*/capture*"}]},
        {"rules": [{"kind": "409", "path": "/v1/balance_transaction"}]},
        {"rules": [{"kind": "409", "when": "now"}]},
        {"rules": [], "seed": "one"},
    ],
)
async def test_a_bad_rule_is_told_why_and_changes_nothing(api: Api, body: object) -> None:
    await arm(api, "409")
    reply = await api.control("POST", "faults", body)
    assert reply.status == 400
    assert len(reply.body["error"]["message"]) > 20
    assert (await api.get("/v1/customers")).status == 409
