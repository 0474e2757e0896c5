"""An account of some thousands of payments, and ways to walk its lists."""

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import replace

import aiohttp
import pytest

from shop.rules.window import Window
from shop.settings import Settings
from shop.storage import Storage, open_storage
from shop.stripe_gateway import StripeGateway, open_gateway
from tests.integration.conftest import Caller
from tests.stack import Stack, open_stack

FAST = 5000
"""Requests a second that the shop believes to be allowed, so that tests wait for nothing."""

_other_accounts = itertools.count()

Control = Callable[..., Awaitable[dict]]


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A sandbox with some pages of everything, and a Redis; neither web server nor worker."""
    with open_stack(tmp_path_factory.mktemp("large"), students=700, payments=2500) as running:
        yield running


@pytest.fixture
def settings(large: Stack) -> Settings:
    """The shop's settings with limits that no test reaches, under a budget of the test's own."""
    return replace(
        large.settings,
        secret_key=f"sk_test_sandbox_{next(_other_accounts)}",
        stripe_rate_total=FAST,
        stripe_rate_per_endpoint=FAST,
    )


@pytest.fixture
async def storage(settings: Settings) -> AsyncIterator[Storage]:
    async with open_storage(settings) as opened:
        yield opened


@pytest.fixture
async def gateway(settings: Settings, storage: Storage) -> AsyncIterator[StripeGateway]:
    async with open_gateway(settings, storage) as opened:
        yield opened


@pytest.fixture
async def stripe(large: Stack) -> AsyncIterator[Caller]:
    """The sandbox, spoken to without the shop."""
    headers = {"Authorization": "Bearer sk_test_sandbox"}
    async with aiohttp.ClientSession(large.sandbox_url, headers=headers) as session:
        yield Caller(session)


@pytest.fixture
async def control(stripe: Caller) -> AsyncIterator[Control]:
    """`await control("limits", total=25)`; limits, faults and latency end with the test."""

    async def order(name: str, **members: object) -> dict:
        status, answer = await stripe.post(f"/_sandbox/{name}", members)
        assert status == 200, answer
        return answer

    await order("requests/reset")
    yield order
    await order("faults", rules=[])
    await order("limits")
    await order("latency", profile="none")


@pytest.fixture
async def window(stripe: Caller) -> Window:
    """All of the history, up to a second that is over."""
    _, answer = await stripe.get("/_sandbox/clock")
    return Window(answer["now"] - 100 * 24 * 3600, answer["now"] - 1)


async def listed(stripe: Caller, path: str, window: Window) -> list[str]:
    """The ids of a list in the window, walked with one cursor by nothing of the shop's."""
    query = f"created[gte]={window.start}&created[lte]={window.end}&limit=100"
    ids: list[str] = []
    while True:
        cursor = f"&starting_after={ids[-1]}" if ids else ""
        _, page = await stripe.get(f"{path}?{query}{cursor}")
        ids += [row["id"] for row in page["data"]]
        if not page["has_more"]:
            return ids
