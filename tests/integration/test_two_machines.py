"""The shop on two machines that share a Redis and an S3-compatible store; b alone has workers."""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing

import aiohttp
import pytest

from tests.integration.conftest import Caller
from tests.integration.promptness import promptly
from tests.integration.reports import ask, book_is_made, events, finished
from tests.integration.students import hold, sign_up
from tests.two_machines import TwoMachines, open_two_machines


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoMachines]:
    with open_two_machines(tmp_path_factory.mktemp("machines")) as two:
        two.b.start("worker")
        two.b.start("prompt worker")
        yield two


@pytest.fixture
async def a(machines: TwoMachines) -> AsyncIterator[Caller]:
    async with machines.session(machines.a) as session:
        yield Caller(session)


@pytest.fixture
async def b(machines: TwoMachines) -> AsyncIterator[Caller]:
    async with machines.session(machines.b) as session:
        yield Caller(session)


@pytest.fixture
async def stripe(machines: TwoMachines) -> AsyncIterator[Caller]:
    headers = {"Authorization": f"Bearer {machines.a.settings.secret_key}"}
    async with aiohttp.ClientSession(machines.a.sandbox_url, headers=headers) as session:
        yield Caller(session)


async def test_a_report_asked_on_one_is_made_on_the_other(
    machines: TwoMachines, a: Caller, b: Caller
):
    """Its figures and files are the same on both, and neither machine has a file of it."""
    report = await finished(a, (await ask(a))["id"])
    assert report["state"] == "ready", report
    assert await b.get(f"/reports/{report['id']}") == await a.get(f"/reports/{report['id']}")
    assert [file["format"] for file in report["files"]] == ["csv", "json", "xlsx"]
    for file in report["files"]:
        for machine in (a, b):
            answer = await machine.raw("GET", file["url"])
            assert hashlib.sha256(await answer.read()).hexdigest() == file["sha256"]
    for machine in (machines.a, machines.b):
        assert not (machine.settings.var_dir / "results").exists()
        assert list((machine.settings.var_dir).glob("unfinished/*")) == []


async def test_whoever_listens_on_one_hears_of_what_happens_on_the_other(
    machines: TwoMachines, a: Caller
):
    """A report's news reach the page wherever it was opened."""
    report = await ask(a, "open-holds")
    async with (
        machines.session(machines.b) as session,
        session.get(f"/reports/{report['id']}/events") as stream,
        aclosing(events(stream)) as news,
    ):
        async for _, told in news:
            if told["state"] == "ready":
                break
    assert told["id"] == report["id"]


async def test_a_hold_placed_on_one_is_seen_and_captured_on_the_other(
    a: Caller, b: Caller, stripe: Caller
):
    """The lesson book and the payment are the same on both."""
    await book_is_made(a)
    student = await sign_up(a, stripe)
    payment = await hold(b, student["id"])
    page = f"/lesson-book/payments/{payment['id']}"
    status, seen = await a.get(page)
    assert (status, seen) == await b.get(page)
    assert status == 200
    status, answer = await a.post("/complete-lesson-payment", {"payment_intent_id": payment["id"]})
    assert (status, answer["payment"]["status"]) == (200, "succeeded")


async def test_one_attempt_sent_to_both_is_done_once(
    machines: TwoMachines, a: Caller, b: Caller, stripe: Caller
):
    """One of them says that it is under way; later both give the first answer."""
    student = await sign_up(a, stripe)
    body = {"customer_id": student["id"], "amount": 6500, "description": "Guitar lesson"}
    attempt = {"headers": {"Idempotency-Key": f"two-machines-{time.monotonic_ns()}"}}
    with machines.a.frozen("sandbox"):
        both = [
            asyncio.create_task(machine.post("/schedule-lesson", body, **attempt))
            for machine in (a, b)
        ]
        (told,), (at_work,) = await asyncio.wait(
            both, timeout=20, return_when=asyncio.FIRST_COMPLETED
        )
    assert told.result()[1]["error"]["code"] == "idempotency_key_in_use"
    status, first = await at_work
    assert status == 200, first
    for machine in (a, b):
        assert await machine.post("/schedule-lesson", body, **attempt) == (200, first)
    _, holds = await stripe.get(f"/v1/payment_intents?customer={student['id']}")
    assert [intent["id"] for intent in holds["data"]] == [first["payment"]["id"]]


async def test_only_one_of_two_races_for_a_payment(a: Caller, b: Caller, stripe: Caller):
    """Captured on one and released on the other at the same moment: one of them is told no."""
    student = await sign_up(a, stripe)
    payment = {"payment_intent_id": (await hold(a, student["id"]))["id"]}
    statuses = await asyncio.gather(
        a.post("/complete-lesson-payment", payment), b.post("/release-lesson", payment)
    )
    assert sorted(status for status, _ in statuses) == [200, 400]


async def test_a_machine_that_is_cut_off_says_so_and_the_other_goes_on(
    machines: TwoMachines, a: Caller, b: Caller
):
    """Within two seconds, for Redis is at the other end; mended, it goes on by itself."""
    machines.cut()
    try:
        status, answer = await promptly(b.get, "/lesson-book", within=2)
        assert (await a.get("/lesson-book"))[0] == 200
    finally:
        machines.mend()
    assert (status, answer["error"]["code"]) == (503, "unavailable")
    assert (await b.get("/lesson-book"))[0] == 200
