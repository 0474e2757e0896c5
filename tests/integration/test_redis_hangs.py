"""Redis accepts connections and says nothing: who needs it is told in time, reads go on."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest
from redis import Redis
from redis.exceptions import TimeoutError as RedisTimeout

from shop.reports import listening
from shop.reports.store import ReportStore
from shop.rules.window import Window
from shop.storage import open_storage
from tests.integration.conftest import Caller
from tests.integration.promptness import promptly
from tests.integration.students import confirm_card, hold, new_email, sign_up, start_signup
from tests.stack import PATIENCE, Stack, open_stack

WITHIN = 2.0
"""Seconds in which a write that needs a lock must be refused."""


REPORTS = ("/reports", "/reports/events", "/reports/of-nobody", "/reports/of-nobody/events")
"""Asked for by people who would wait for them; nobody has listened to any report before."""


@pytest.fixture
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop of its own, as others need their Redis."""
    with open_stack(tmp_path_factory.mktemp("hangs"), students=0, payments=0) as running:
        running.start("web")
        yield running


@pytest.fixture
async def callers(alone: Stack) -> AsyncIterator[tuple[Caller, Caller]]:
    """The shop and the local Stripe."""
    headers = {"Authorization": f"Bearer {alone.settings.secret_key}"}
    async with (
        aiohttp.ClientSession(alone.url) as web,
        aiohttp.ClientSession(alone.sandbox_url, headers=headers) as sandbox,
    ):
        yield Caller(web), Caller(sandbox)


async def writes(shop: Caller, stripe: Caller, student: dict) -> dict[str, dict]:
    """One request to each route that needs a lock."""
    unfinished = await start_signup(shop, new_email())
    setup = await confirm_card(stripe, unfinished["client_secret"])
    held = {"payment_intent_id": (await hold(shop, student["id"]))["id"]}
    return {
        "/lessons": {"name": "A", "email": new_email(), "first_lesson": "x"},
        "/schedule-lesson": {"customer_id": student["id"], "amount": 500, "description": "x"},
        "/hold-lesson-again": held,
        "/complete-lesson-payment": held,
        "/release-lesson": held,
        "/refund-lesson": held,
        f"/account-update/{student['id']}": {"name": "B"},
        f"/update-payment-details/{unfinished['customer_id']}": {"setup_intent_id": setup},
        f"/delete-account/{unfinished['customer_id']}": {},
    }


async def test_a_redis_that_hangs(alone: Stack, callers: tuple[Caller, Caller]):
    """Every write answers 503 within two seconds and sends Stripe nothing; students' pages work."""
    shop, stripe = callers
    student = await sign_up(shop, stripe)
    asked = await writes(shop, stripe, student)
    with Redis.from_url(alone.settings.redis_url) as redis:
        process = int(redis.info("server")["process_id"])
    await stripe.post("/_sandbox/requests/reset")

    async def read(*paths: str) -> list[int]:
        answers = await asyncio.gather(*(shop.get(path) for path in paths))
        return [status for status, _ in answers]

    async def read_in_turn(*paths: str) -> list[int]:
        return [(await shop.get(path))[0] for path in paths]

    async def write(headers: dict[str, str]) -> list[int]:
        posts = (shop.post(path, body, headers=headers) for path, body in asked.items())
        return [status for status, _ in await asyncio.gather(*posts)]

    os.kill(process, signal.SIGSTOP)
    try:  # the first ones write to connections that were open before
        assert await promptly(read, *REPORTS, within=WITHIN) == [503] * len(REPORTS)
        for headers in ({}, {"Idempotency-Key": "a-key"}):
            assert await promptly(write, headers, within=WITHIN) == [503] * len(asked)
        pages = ("/config", f"/payment-method/{student['id']}", f"/timeline/{student['id']}")
        assert await promptly(read_in_turn, *pages, within=WITHIN) == [200] * len(pages)
    finally:
        os.kill(process, signal.SIGCONT)
    _, seen = await stripe.get("/_sandbox/requests")
    assert [name for name in seen["calls"] if not name.startswith("GET ")] == []


async def test_whoever_listens_notices(alone: Stack, monkeypatch: pytest.MonkeyPatch):
    """Redis is asked after a silence; while it answers, no news is missed."""
    monkeypatch.setattr(listening, "SILENCE", 0.05)
    async with open_storage(alone.settings) as storage:
        reports = ReportStore(storage)
        with Redis.from_url(alone.settings.redis_url) as redis:
            process = int(redis.info("server")["process_id"])
        news = listening.news(reports)
        assert await anext(news) is None
        next_one = asyncio.create_task(anext(news))
        await asyncio.sleep(1)
        report, _ = await reports.ask("students", Window(0, 1), "UTC")
        await reports.show(report)
        assert await asyncio.wait_for(next_one, PATIENCE) == report.id
        os.kill(process, signal.SIGSTOP)
        try:
            with pytest.raises(RedisTimeout):
                async with asyncio.timeout(10):
                    await anext(news)
        finally:
            os.kill(process, signal.SIGCONT)
