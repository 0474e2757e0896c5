"""One copy of the shop for all integration tests, and ways to speak to it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator

import aiohttp
import pytest

from shop.rules.window import HOUR, REPORTED_HOURS
from tests.stack import Stack, open_stack

QUIET_SECONDS = 60
"""Longer than any test that compares the figures of two moments."""


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The shop with web server and worker, over a sandbox with a small history."""
    folder = tmp_path_factory.mktemp("shop")
    with open_stack(folder, students=60, payments=240) as running:
        running.start("web")
        running.start("worker")
        yield running


async def read_whole(
    request: aiohttp.ClientRequest, send: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Read every answer but a stream before the test has it: it may look at no more than a status.

    One that nobody reads keeps its connection where its body comes later than its head, until the
    garbage collector complains of it in another test.
    """
    answer = await send(request)
    if answer.content_type != "text/event-stream":
        await answer.read()
    return answer


class Caller:
    """Speaks to a server and answers with status and JSON."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    async def get(self, path: str, **options: object) -> tuple[int, dict]:
        return await self._send("GET", path, **options)

    async def post(self, path: str, body: object = None, **options: object) -> tuple[int, dict]:
        return await self._send("POST", path, json=body, **options)

    async def form(self, path: str, **fields: object) -> tuple[int, dict]:
        return await self._send("POST", path, data=fields)

    async def delete(self, path: str) -> tuple[int, dict]:
        return await self._send("DELETE", path)

    async def raw(self, method: str, path: str, **options: object) -> aiohttp.ClientResponse:
        answer = await self._session.request(method, path, **options)
        await answer.read()
        return answer

    async def _send(self, method: str, path: str, **options: object) -> tuple[int, dict]:
        async with self._session.request(method, path, **options) as answer:
            return answer.status, json.loads(await answer.read())


@pytest.fixture
async def shop(stack: Stack) -> AsyncIterator[Caller]:
    """The shop's own routes."""
    async with aiohttp.ClientSession(stack.url) as session:
        yield Caller(session)


@pytest.fixture
async def stripe(stack: Stack) -> AsyncIterator[Caller]:
    """The local Stripe, spoken to with the secret key."""
    headers = {"Authorization": f"Bearer {stack.settings.secret_key}"}
    async with aiohttp.ClientSession(stack.sandbox_url, headers=headers) as session:
        yield Caller(session)


@pytest.fixture
async def quiet_boundary(stripe: Caller) -> None:
    """Wait until nothing is about to grow older than 36 hours while the test compares figures."""
    edge = int(time.time()) - REPORTED_HOURS * HOUR
    query = f"created[gte]={edge}&created[lte]={edge + QUIET_SECONDS}&limit=1"
    for path in ("/v1/balance_transactions", "/v1/payment_intents"):
        _, about_to_leave = await stripe.get(f"{path}?{query}")
        for row in about_to_leave["data"]:
            await asyncio.sleep(row["created"] - edge + 1)


@pytest.fixture
async def no_events(stripe: Caller) -> AsyncIterator[None]:
    """What Stripe tells of a change would be acted on at some moment of the test, or after it."""
    await stripe.post("/_sandbox/webhooks", {"outage": True, "retry_after": []})
    yield
    await stripe.post("/_sandbox/webhooks", {})
