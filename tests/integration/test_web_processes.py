"""Three web processes behind one port: whichever one a request comes to, the shop is the same."""

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from itertools import islice
from pathlib import Path

import aiohttp
import psutil
import pytest

from shop.settings import PROJECT
from tests.integration.conftest import Caller
from tests.integration.copies import running, wait_until
from tests.integration.reports import ask, events
from tests.integration.students import hold, sign_up
from tests.stack import Stack, free_port

PROCESSES = 3
PATIENCE = 60.0
"""Seconds until whoever repeats a request has its answer; a killed process holds it up for 15."""


@pytest.fixture(scope="module")
def together(stack: Stack) -> Iterator[Stack]:
    """The shop's second web server, in three processes."""
    with stack.second_web(WEB_WORKERS=str(PROCESSES)) as other:
        wait_until(lambda: len(web_processes(other)) == PROCESSES)
        yield other


def web_processes(stack: Stack) -> list[psutil.Process]:
    """Those that serve, not the one that looks after them."""
    return running(psutil.Process(stack.processes["web"].pid).children())


@contextmanager
def alone(process: psutil.Process, stack: Stack) -> Iterator[None]:
    """Nobody else accepts a connection meanwhile."""
    others = [each for each in web_processes(stack) if each.pid != process.pid]
    for each in others:
        each.suspend()
    try:
        yield
    finally:
        for each in others:
            each.resume()


@pytest.fixture
async def callers(together: Stack) -> AsyncIterator[list[Caller]]:
    """One for each process, over a connection that stays with it."""
    async with AsyncExitStack() as opened:
        found = []
        for process in web_processes(together):
            one_connection = aiohttp.TCPConnector(limit=1, keepalive_timeout=60)
            session = aiohttp.ClientSession(together.url, connector=one_connection)
            found.append(Caller(await opened.enter_async_context(session)))
            with alone(process, together):
                assert (await found[-1].get("/config"))[0] == 200
        yield found


@asynccontextmanager
async def slow(stripe: Caller, milliseconds: int) -> AsyncIterator[None]:
    """Every answer of Stripe's takes so long, so that requests meet."""
    await stripe.post("/_sandbox/latency", {"base_ms": milliseconds})
    try:
        yield
    finally:
        await stripe.post("/_sandbox/latency", {"profile": "none"})


async def holds_of(stripe: Caller, customer_id: str) -> list[dict]:
    _, found = await stripe.get(f"/v1/payment_intents?customer={customer_id}&limit=100")
    return found["data"]


async def test_a_connection_stays_with_its_process(together: Stack, callers: list[Caller]):
    """So the tests below do speak to each of the three."""
    assert len(callers) == PROCESSES
    port = together.settings.port
    for process in web_processes(together):
        connections = process.net_connections(kind="tcp4")
        assert [c.status for c in connections if c.raddr and c.laddr.port == port] == [
            psutil.CONN_ESTABLISHED
        ]


async def test_one_attempt_in_three_processes_is_done_once(
    stack: Stack, callers: list[Caller], stripe: Caller
):
    """Two are told that it is under way; afterwards all three give the first answer."""
    student = await sign_up(callers[0], stripe)
    body = {"customer_id": student["id"], "amount": 6500, "description": "Guitar lesson"}
    attempt = {"headers": {"Idempotency-Key": f"together-{time.monotonic_ns()}"}}
    with stack.frozen("sandbox"):
        sent = [
            asyncio.create_task(caller.post("/schedule-lesson", body, **attempt))
            for caller in callers
        ]
        told = [await each for each in islice(asyncio.as_completed(sent, timeout=20), 2)]
    assert [answer["error"]["code"] for _, answer in told] == ["idempotency_key_in_use"] * 2
    (first,) = [answer for status, answer in await asyncio.gather(*sent) if status == 200]
    for caller in callers:
        assert await caller.post("/schedule-lesson", body, **attempt) == (200, first)
    placed = await holds_of(stripe, student["id"])
    assert [payment["id"] for payment in placed] == [first["payment"]["id"]]


async def test_only_one_of_three_captures_of_different_amounts_counts(
    callers: list[Caller], stripe: Caller
):
    """The payment is locked for all processes, so the others learn what became of it."""
    student = await sign_up(callers[0], stripe)
    payment = await hold(callers[0], student["id"])
    bodies = [
        {"payment_intent_id": payment["id"], "amount": amount} for amount in (6500, 6000, 5500)
    ]
    async with slow(stripe, 300):
        answers = await asyncio.gather(
            *(
                caller.post("/complete-lesson-payment", body)
                for caller, body in zip(callers, bodies, strict=True)
            )
        )
    assert sorted(status for status, _ in answers) == [200, 400, 400]
    (captured,) = [answer["payment"] for status, answer in answers if status == 200]
    _, at_stripe = await stripe.get(f"/v1/payment_intents/{payment['id']}")
    assert at_stripe["amount_received"] == captured["amount_received"]


async def test_listeners_at_every_process_hear_of_a_report(together: Stack, callers: list[Caller]):
    """Each process follows the news by itself."""

    async def listen(process: psutil.Process) -> aiohttp.ClientResponse:
        with alone(process, together):
            return await session.get("/reports/events")

    async with aiohttp.ClientSession(together.url) as session:
        streams = [await listen(process) for process in web_processes(together)]
        report = await ask(callers[0], "students")
        for stream in streams:
            async for _, told in events(stream):
                if told["id"] == report["id"] and told["state"] == "ready":
                    break
            stream.close()


async def test_a_killed_process_loses_nothing(together: Stack, stripe: Caller):
    """Whoever repeats a request gets its answer, each hold is placed once, and it is replaced."""

    async def placed_at_last(customer_id: str, number: int) -> str:
        body = {"customer_id": customer_id, "amount": 5000 + number, "description": "Lesson"}
        attempt = {"headers": {"Idempotency-Key": f"killed-{customer_id}-{number}"}}
        async with asyncio.timeout(PATIENCE), aiohttp.ClientSession(together.url) as session:
            while True:
                try:
                    status, answer = await Caller(session).post("/schedule-lesson", body, **attempt)
                except aiohttp.ClientError:
                    continue
                if status == 200:
                    return str(answer["payment"]["id"])
                assert answer["error"]["code"] in ("idempotency_key_in_use", "busy"), answer
                await asyncio.sleep(0.2)

    async with aiohttp.ClientSession(together.url) as session:
        students = [(await sign_up(Caller(session), stripe))["id"] for _ in range(4)]
    before = web_processes(together)
    async with slow(stripe, 300):
        placing = [
            asyncio.create_task(placed_at_last(student, number))
            for student in students
            for number in range(3)
        ]
        victim = await at_work(together)
        victim.kill()
    answered = await asyncio.gather(*placing)

    for student, own in zip(students, zip(*[iter(answered)] * 3, strict=True), strict=True):
        assert sorted(payment["id"] for payment in await holds_of(stripe, student)) == sorted(own)
    wait_until(lambda: len(web_processes(together)) == PROCESSES)
    assert len({each.pid for each in before} & {each.pid for each in web_processes(together)}) == 2


async def at_work(stack: Stack) -> psutil.Process:
    """A process that waits for Stripe at this moment."""
    stripes = stack.settings.sandbox_port
    async with asyncio.timeout(PATIENCE):
        while True:
            for process in web_processes(stack) or [psutil.Process(stack.processes["web"].pid)]:
                asked = [c.raddr.port for c in process.net_connections(kind="tcp4") if c.raddr]
                if stripes in asked:
                    return process
            await asyncio.sleep(0.01)


async def until_refused(stack: Stack) -> None:
    """Wait until the last of its processes has heard the signal and takes no connection."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with aiohttp.ClientSession(stack.url) as late, late.get("/"):
                    pass  # taken by a process that had not heard it yet
            except aiohttp.ClientConnectorError:
                return
            except aiohttp.ServerDisconnectedError:
                continue


@pytest.mark.parametrize("processes", [1, PROCESSES])
async def test_what_is_under_way_is_finished_before_the_stop(
    stack: Stack, stripe: Caller, shop: Caller, processes: int
):
    """A hold that waits for Stripe is answered, a stream ends, new callers are refused."""
    student = await sign_up(shop, stripe)
    with stack.second_web(WEB_WORKERS=str(processes)) as stopping:
        web = stopping.processes["web"]
        async with aiohttp.ClientSession(stopping.url) as session:
            stream = await session.get("/reports/events")
            with stack.frozen("sandbox"):
                waiting = asyncio.create_task(hold(Caller(session), student["id"]))
                await at_work(stopping)
                web.send_signal(signal.SIGTERM)
                await stream.read()
                await until_refused(stopping)
                assert not waiting.done()
            payment = await waiting
        assert await asyncio.to_thread(web.wait, 10) == 0
        assert "Traceback" not in stopping.log("web")
    assert [each["id"] for each in await holds_of(stripe, student["id"])] == [payment["id"]]


async def test_what_takes_longer_is_cut_off_and_can_be_repeated(
    stack: Stack, stripe: Caller, shop: Caller
):
    """Four seconds after the signal; whoever repeats it gets its answer at once elsewhere."""
    student = await sign_up(shop, stripe)
    body = {"customer_id": student["id"], "amount": 6500, "description": "Guitar lesson"}
    attempt = {"headers": {"Idempotency-Key": f"cut-off-{time.monotonic_ns()}"}}
    with stack.second_web(WEB_WORKERS="2") as stopping:
        async with aiohttp.ClientSession(stopping.url) as session, slow(stripe, 8000):
            waiting = asyncio.create_task(Caller(session).post("/schedule-lesson", body, **attempt))
            await at_work(stopping)
            began = time.monotonic()
            stopping.processes["web"].send_signal(signal.SIGTERM)
            with pytest.raises(aiohttp.ClientError):
                await waiting
        assert await asyncio.to_thread(stopping.processes["web"].wait, 10) == 0
        assert time.monotonic() - began < 8
    status, answer = await shop.post("/schedule-lesson", body, **attempt)
    assert status == 200, answer
    placed = await holds_of(stripe, student["id"])
    assert [each["id"] for each in placed] == [answer["payment"]["id"]]


@pytest.mark.parametrize("processes", [1, PROCESSES])
def test_a_taken_port_is_named_at_once(stack: Stack, processes: int):
    """In the same sentence, with exit code 1."""
    refused = subprocess.run(
        [sys.executable, "-m", "server"],
        cwd=PROJECT,
        env={**stack.environment, "WEB_WORKERS": str(processes)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    place = f"{stack.settings.host}:{stack.settings.port}"
    assert refused.returncode == 1
    said = refused.stderr.splitlines()[-1]
    assert said.startswith(f"The web server cannot listen on {place} (")
    assert said.endswith("). PORT and HOST say where it listens.")
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize("processes", [1, PROCESSES])
def test_a_place_for_results_that_cannot_be_made_is_named(
    stack: Stack, tmp_path: Path, processes: int
):
    """A file stands where the folder should: no traceback, and exit code 1."""
    (tmp_path / "file").touch()
    refused = subprocess.run(
        [sys.executable, "-m", "server"],
        cwd=PROJECT,
        env={
            **stack.environment,
            "WEB_WORKERS": str(processes),
            "PORT": str(free_port()),
            "RESULTS_URL": str(tmp_path / "file" / "results"),
        },
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1] == (
        "The place where results are kept cannot be reached. RESULTS_URL says where it is."
    )
    assert "Traceback" not in refused.stderr


def test_the_processes_end_with_the_one_that_looks_after_them(stack: Stack):
    """Killed, it leaves none that would serve an old version for ever."""
    with stack.second_web(WEB_WORKERS=str(PROCESSES)) as other:
        started = web_processes(other)
        other.kill("web")
        wait_until(lambda: running(started) == [])
