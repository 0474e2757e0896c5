"""Following reports by server-sent events."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aiohttp
import pytest

from server.serving import FINISH_WITHIN
from shop.settings import load
from shop.storage import open_storage
from tests.integration.conftest import Caller
from tests.integration.promptness import promptly
from tests.integration.reports import PATIENCE, ask, events, finished, ready
from tests.stack import Stack, free_port

LONG = {"from": "2026-08-01T00:00:00Z"}


@pytest.fixture
async def browser(stack: Stack) -> AsyncIterator[aiohttp.ClientSession]:
    """Opens streams, as many as it likes."""
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(stack.url, connector=connector) as session:
        yield session


async def heard_of(stream: aiohttp.ClientResponse, report_id: str) -> tuple[str, dict]:
    """The next event about a report."""
    async with asyncio.timeout(PATIENCE):
        async for kind, data in events(stream):
            if data["id"] == report_id:
                return kind, data
    raise AssertionError("the stream has ended")


async def subscribers(stack: Stack) -> list[dict]:
    """Connections to Redis that listen to all reports."""
    async with open_storage(stack.settings) as storage:
        return [each for each in await storage.redis.client_list() if each["psub"] == "1"]


async def test_one_report_is_followed_to_its_end(
    shop: Caller, stack: Stack, browser: aiohttp.ClientSession
):
    """Each state as it comes, the last one whole; then the stream ends."""
    with stack.frozen("worker"):
        queued = await ask(shop, **LONG)
        stream = await browser.get(f"/reports/{queued['id']}/events")
        assert (stream.status, stream.content_type) == (200, "text/event-stream")
        assert stream.headers["Cache-Control"] == "no-store"
        told = [await heard_of(stream, queued["id"])]
    told += [event async for event in events(stream)]
    assert {kind for kind, _ in told} == {"report"}
    states = list(dict.fromkeys(data["state"] for _, data in told))
    assert states == ["queued", "running", "ready"]
    progress = [data["progress"] for _, data in told]
    assert progress == sorted(progress)
    _, report = await shop.get(f"/reports/{queued['id']}")
    del report["preview"]
    assert told[-1][1] == report


async def test_a_report_that_is_over_is_told_once(shop: Caller, browser: aiohttp.ClientSession):
    """A browser that connects again although it has seen the end is told to leave it."""
    report = await ready(shop)
    path = f"/reports/{report['id']}/events"
    text = await (await browser.get(path)).text()
    assert text.count("event: report") == 1
    last = next(line for line in text.split("\r\n") if line.startswith("id: "))
    again = await browser.get(path, headers={"Last-Event-ID": last.removeprefix("id: ")})
    assert (again.status, await again.read()) == (204, b"")
    missed = await browser.get(path, headers={"Last-Event-ID": f"{report['id']}:running"})
    assert (await missed.text()) == text


async def test_a_report_that_is_deleted_ends_its_stream(
    shop: Caller, stack: Stack, browser: aiohttp.ClientSession
):
    """Cancelled first, where it was not over: that is an end too."""
    with stack.frozen("worker"):
        queued = await ask(shop, **LONG)
        stream = await browser.get(f"/reports/{queued['id']}/events")
        assert (await heard_of(stream, queued["id"]))[1]["state"] == "queued"
        assert (await shop.raw("DELETE", f"/reports/{queued['id']}")).status == 204
        told = [(kind, data.get("state")) async for kind, data in events(stream)]
        assert told[-1] in [("report", "cancelled"), ("deleted", None)]


async def test_a_silent_stripe_is_told(
    shop: Caller, stripe: Caller, browser: aiohttp.ClientSession
):
    """By every road, while it lasts; then the report goes on by itself."""
    broken = {"kind": "reset_before", "path": "/v1/refunds", "share": 1}
    await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [broken]})
    try:
        report = await ask(shop, "refunds-and-disputes")
        one = await browser.get(f"/reports/{report['id']}/events")
        all_of_them = await browser.get("/reports/events")
        for stream in (one, all_of_them):
            told: dict = {"waits_for_stripe": False}
            while not told["waits_for_stripe"]:
                _, told = await heard_of(stream, report["id"])
            assert (told["state"], told["seconds_left"]) == ("running", None)
        assert (await shop.get(f"/reports/{report['id']}"))[1]["waits_for_stripe"] is True
        assert (await shop.get("/reports"))[1]["reports"][0]["waits_for_stripe"] is True
    finally:
        await stripe.post("/_sandbox/faults", {"rules": []})
    over = await finished(shop, report["id"])
    for stream in (one, all_of_them):
        stream.close()
    assert (over["state"], over["waits_for_stripe"]) == ("ready", False)


async def test_the_list_is_followed(shop: Caller, stack: Stack, browser: aiohttp.ClientSession):
    """What is there at first, then what is new, what changes, and what is deleted."""
    old = await ready(shop)
    stream = await browser.get("/reports/events")
    kind, data = await heard_of(stream, old["id"])
    _, listed = await shop.get("/reports")
    assert (kind, data) == ("report", listed["reports"][0])
    with stack.frozen("worker"):
        new = await ask(shop, **LONG)
        kind, data = await heard_of(stream, new["id"])
        assert (kind, data["state"]) == ("report", "queued")
        await shop.post(f"/reports/{new['id']}/cancel")
        while data["state"] == "queued":
            kind, data = await heard_of(stream, new["id"])
        assert (kind, data["state"]) == ("report", "cancelled")
    await shop.raw("DELETE", f"/reports/{old['id']}")
    assert await heard_of(stream, old["id"]) == ("deleted", {"id": old["id"]})
    stream.close()


async def test_reports_that_only_answer_a_request_are_not_told(
    shop: Caller, browser: aiohttp.ClientSession
):
    """They are nobody's reports."""
    _, listed = await shop.get("/reports")
    known = {report["id"] for report in listed["reports"]}
    stream = await browser.get("/reports/events")
    await shop.get("/calculate-lesson-total")
    last = await ask(shop, **LONG)
    heard = set()
    async with asyncio.timeout(PATIENCE):
        async for _, data in events(stream):
            heard.add(data["id"])
            if data["id"] == last["id"]:
                break
    assert heard - known == {last["id"]}
    stream.close()
    await finished(shop, last["id"])


async def test_a_hundred_and_fifty_listeners_cost_redis_one_connection(
    shop: Caller, stack: Stack, browser: aiohttp.ClientSession
):
    """Everybody hears, and the rest of the shop has all connections it needs."""
    streams = []
    for _ in range(5):
        streams += await asyncio.gather(*(browser.get("/reports/events") for _ in range(30)))
    assert {stream.status for stream in streams} == {200}
    assert len(await subscribers(stack)) == 1
    report = await ask(shop, **LONG)
    heard = await asyncio.gather(*(heard_of(stream, report["id"]) for stream in streams))
    assert {kind for kind, _ in heard} == {"report"}
    for stream in streams:
        stream.close()
    await finished(shop, report["id"])


async def test_redis_cutting_the_line_ends_the_streams_until_they_come_again(
    shop: Caller, stack: Stack, browser: aiohttp.ClientSession
):
    """A stream never goes silent: it ends, and the next one works."""
    stream = await browser.get("/reports/events")
    [subscriber] = await subscribers(stack)
    async with open_storage(stack.settings) as storage:
        await storage.redis.client_kill_filter(_id=subscriber["id"])
    async with asyncio.timeout(PATIENCE):
        await stream.read()
    stream = await browser.get("/reports/events")
    report = await ask(shop, "students")
    assert (await heard_of(stream, report["id"]))[0] == "report"
    stream.close()
    await finished(shop, report["id"])


async def test_the_server_stops_at_once_though_somebody_listens(stack: Stack, tmp_path: Path):
    """Open streams end when the process is told to stop, and are not cut."""
    environment = {**stack.environment, "PORT": str(free_port())}
    environment["REDIS_URL"] = stack.settings.redis_url
    environment["VAR_DIR"] = str(tmp_path)
    second = Stack(load(environment=environment), environment)
    second.start("web")
    try:
        async with aiohttp.ClientSession(second.url) as session:
            streams = [await session.get("/reports/events") for _ in range(3)]
            process = second.processes["web"]
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            await asyncio.gather(*(stream.read() for stream in streams))
            code = await asyncio.to_thread(process.wait, PATIENCE)
            assert (code, time.monotonic() - began < FINISH_WITHIN) == (0, True)
    finally:
        second.stop()
    assert "Traceback" not in second.log("web")


async def test_without_redis_nobody_can_listen(stack: Stack, tmp_path: Path):
    """503 at once, as JSON, not a stream that stays empty."""
    environment = {
        **stack.environment,
        "PORT": str(free_port()),
        "VAR_DIR": str(tmp_path),
        "REDIS_URL": f"unix://{tmp_path}/{uuid4()}.sock",
    }
    alone = Stack(load(environment=environment), environment)
    alone.start("web")
    try:
        async with aiohttp.ClientSession(alone.url) as session:
            shop = Caller(session)
            for path in ("/reports/events", "/reports/x/events", "/reports"):
                status, answer = await promptly(shop.get, path, within=2)
                assert (status, answer["error"]["code"]) == (503, "unavailable")
    finally:
        alone.stop()
