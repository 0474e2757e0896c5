"""What a load balancer is told of a shop that is whole, and of one that is not."""

import asyncio
import dataclasses
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer
from redis import Redis

from server.app import create_app
from tests.integration.conftest import Caller
from tests.integration.promptness import promptly
from tests.stack import Stack, open_stack


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop without workers; its own, as others need theirs whole."""
    with open_stack(tmp_path_factory.mktemp("health"), students=0, payments=0) as running:
        running.start("web")
        yield running


@pytest.fixture
async def probe(alone: Stack) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession(alone.url) as session:
        yield Caller(session)


def words(answer: dict) -> dict[str, str]:
    """The status of the whole and of each part."""
    parts = {name: check["status"] for name, check in answer["checks"].items()}
    return {"whole": answer["status"], **parts}


async def test_workers_come_and_go(alone: Stack, probe: Caller):
    """Each is missed by name as soon as it is gone, and the shop serves all the same."""
    names = {"redis": "ok", "stripe_key": "ok"}
    status, answer = await probe.get("/readyz")
    missing = {"report_worker": "degraded", "prompt_worker": "degraded"}
    assert (status, words(answer)) == (200, {"whole": "degraded", **names, **missing})

    alone.start("prompt worker")
    _, answer = await probe.get("/readyz")
    assert words(answer) == {"whole": "degraded", **names, **missing, "prompt_worker": "ok"}

    alone.start("worker")
    status, answer = await probe.get("/readyz")
    there = {"report_worker": "ok", "prompt_worker": "ok"}
    assert (status, words(answer)) == (200, {"whole": "ok", **names, **there})

    alone.kill("prompt worker")  # the other one may be busy for hours
    _, answer = await probe.get("/readyz")
    assert words(answer) == {"whole": "degraded", **names, **there, "prompt_worker": "degraded"}

    alone.kill(
        "worker"
    )  # the job that it may have begun ends by itself, and is a worker until then
    _, answer = await probe.get("/readyz")
    while words(answer)["report_worker"] == "ok":
        await asyncio.sleep(0.1)
        _, answer = await probe.get("/readyz")
    assert words(answer) == {"whole": "degraded", **names, **missing}
    assert answer["checks"]["report_worker"]["message"] == (
        "No worker makes reports, so none can be asked for."
    )


async def test_a_redis_that_hangs(alone: Stack, probe: Caller):
    """Nothing can be done without it: 503 within two seconds; the process itself is alive."""
    with Redis.from_url(alone.settings.redis_url) as redis:
        pid = redis.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        status, answer = await promptly(probe.get, "/readyz", within=2)
        assert (status, answer["status"]) == (503, "failed")
        assert answer["checks"]["redis"] == {
            "status": "failed",
            "message": "Redis does not answer.",
        }
        assert await probe.get("/healthz") == (200, {"status": "ok"})
    finally:
        os.kill(pid, signal.SIGCONT)


async def test_many_probes_cost_one_request(alone: Stack, probe: Caller):
    """A probe every second must not use up what Stripe allows."""
    headers = {"Authorization": f"Bearer {alone.settings.secret_key}"}
    async with aiohttp.ClientSession(alone.sandbox_url, headers=headers) as session:
        stripe = Caller(session)
        await probe.get("/readyz")
        _, before = await stripe.get("/_sandbox/requests")
        for _ in range(20):
            await probe.get("/readyz")
        _, after = await stripe.get("/_sandbox/requests")
    assert before["calls"]["GET /v1/customers"] >= 1
    assert after["calls"] == before["calls"]


async def test_a_key_that_stripe_refuses(alone: Stack):
    """Nobody should be sent to a shop that cannot take a card."""
    wrong = dataclasses.replace(alone.settings, secret_key="sk_of_nobody")
    async with TestClient(TestServer(create_app(wrong))) as client:
        answer = await client.get("/readyz")
        found = await answer.json()
    assert (answer.status, words(found)["whole"]) == (503, "failed")
    assert found["checks"]["stripe_key"] == {
        "status": "failed",
        "message": "Stripe does not take the key in code/server/.env.",
    }


async def test_nothing_that_is_answered_is_a_secret(alone: Stack, probe: Caller):
    """Everybody may ask."""
    answer = await probe.raw("GET", "/readyz")
    text = await answer.text()
    assert answer.headers["Cache-Control"] == "no-store"
    settings = alone.settings
    secrets = (settings.secret_key, *settings.webhook_secrets, settings.redis_url, str(Path.home()))
    assert [secret for secret in secrets if secret in text] == []
