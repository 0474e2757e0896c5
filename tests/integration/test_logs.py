"""One request, job and call to Stripe can be followed through the logs, by ids alone."""

import asyncio
import json
import re
from collections.abc import Iterator

import pytest
from aiohttp import ClientResponse

from tests.integration.conftest import Caller
from tests.integration.reports import PATIENCE, finished
from tests.integration.students import hold, new_email, sign_up
from tests.stack import Stack


def lines(stack: Stack, process: str, **fields: object) -> Iterator[dict]:
    """The lines of a log that have these values."""
    for line in stack.log(process).splitlines(keepends=True):
        if not line.endswith("\n"):
            return  # it is being written
        found = json.loads(line)
        if fields.items() <= found.items():
            yield found


async def written(stack: Stack, process: str, **fields: object) -> list[dict]:
    """The same, once there are some: a line comes a moment after what it tells of."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = list(lines(stack, process, **fields))
            if found:
                return found
            await asyncio.sleep(0.05)


async def answered(shop: Caller, method: str, path: str, **options: object) -> ClientResponse:
    """An answer whose line is written: that is done once it is on its way."""
    answer = await shop.raw(method, path, **options)
    await shop.raw("GET", "/healthz")
    return answer


async def test_a_request_is_one_line(stack: Stack, shop: Caller):
    """Its route and not its address, and neither query nor body."""
    answer = await answered(shop, "GET", "/payment-method/cus_nobody?why=not")
    request_id = answer.headers["X-Request-Id"]
    (line,) = lines(stack, "web", request_id=request_id, event="request")
    assert re.fullmatch(r"[0-9a-f]{16}", request_id)
    assert line.pop("duration_ms") > 0
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", line.pop("time"))
    assert line == {
        "level": "info",
        "logger": "server.request_log",
        "event": "request",
        "request_id": request_id,
        "method": "GET",
        "route": "/payment-method/{customer_id}",
        "status": 404,
    }


@pytest.mark.parametrize(
    ("given", "is_taken"),
    [("from-the-proxy.1", True), ("short", False), ("x" * 65, False), ('a"b c{d}e', False)],
)
async def test_an_id_from_outside_is_taken_where_it_is_harmless(
    stack: Stack, shop: Caller, given: str, is_taken: bool
):
    """A proxy's id joins its log with ours; anything else is replaced."""
    answer = await answered(shop, "GET", "/config", headers={"X-Request-Id": given})
    assert (answer.headers["X-Request-Id"] == given) is is_taken
    assert len(list(lines(stack, "web", request_id=answer.headers["X-Request-Id"]))) == 1


async def test_addresses_where_nothing_is_have_no_route(stack: Stack, shop: Caller):
    """Whatever strangers look for."""
    answer = await answered(shop, "GET", "/wp-login.php")
    (line,) = lines(stack, "web", request_id=answer.headers["X-Request-Id"])
    assert (line["route"], line["status"]) == ("", 404)


async def test_probes_leave_no_lines(stack: Stack, shop: Caller):
    """One every second would bury the rest."""
    answer = await answered(shop, "GET", "/healthz")
    assert list(lines(stack, "web", request_id=answer.headers["X-Request-Id"])) == []


async def test_calls_to_stripe_belong_to_their_request(stack: Stack, shop: Caller, stripe: Caller):
    """Stripe's own ids of what was written stand beside ours."""
    student = await sign_up(shop, stripe)
    body = {"customer_id": student["id"], "amount": 500, "description": "Guitar lesson"}
    answer = await answered(shop, "POST", "/schedule-lesson", json=body)
    assert answer.status == 200
    request_id = answer.headers["X-Request-Id"]
    (call,) = await written(stack, "web", request_id=request_id, event="call to Stripe")
    assert (call["endpoint"], call["outcome"]) == ("POST /v1/payment_intents", "200")
    assert call["stripe_request_id"].startswith("req_")


async def test_a_report_is_followed_from_the_request_to_its_job(stack: Stack, shop: Caller):
    """The worker's lines name the report, the job and the request that asked for it."""
    answer = await answered(shop, "POST", "/reports", json={"kind": "open-holds"})
    report_id = (await answer.json())["id"]
    assert (await finished(shop, report_id))["state"] == "ready"
    (line,) = await written(stack, "worker", report_id=report_id, logger="jobs.make_report")
    assert (line["job"], line["request_id"]) == ("run_report", answer.headers["X-Request-Id"])
    assert line["job_id"].startswith(report_id)
    assert line["event"].startswith(f"report {report_id} (Open holds) is ready: ")


async def test_nobody_is_named(stack: Stack, shop: Caller, stripe: Caller):
    """Neither a student nor a key, whatever was done with them."""
    email = new_email()
    student = await sign_up(shop, stripe, email=email)
    held = await hold(shop, student["id"])
    await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    await shop.get(f"/lesson-book/students?q={email}")
    log = stack.log("web") + stack.log("worker")
    never = (email, "Jenny Rosen", stack.settings.secret_key, *stack.settings.webhook_secrets)
    assert [word for word in never if word in log] == []
