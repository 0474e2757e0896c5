"""Shops of their own for tests that break something of them, and what is counted."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack

import aiohttp
import pytest

from tests.faults.tally import Record, Tally
from tests.integration.conftest import Caller
from tests.stack import Stack, open_stack

OpenShop = Callable[..., Stack]
"""`open_shop(students=…, payments=…)`: a shop whose Redis and local Stripe run."""

LIVE = {"STRIPE_RATE_TOTAL": "100", "STRIPE_RATE_PER_ENDPOINT": "25"}
"""A real account's limits; a test key would mean a quarter of them."""


@pytest.fixture
def tally(record_property: Record) -> Tally:
    """Counts what a test has tried and what became of it."""
    return Tally(record_property)


@pytest.fixture
def open_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenShop]:
    """Opens a shop that is closed when the test is over."""
    with ExitStack() as opened:

        def opener(*, students: int = 0, payments: int = 0) -> Stack:
            folder = tmp_path_factory.mktemp("shop")
            stack = opened.enter_context(open_stack(folder, students=students, payments=payments))
            stack.environment |= LIVE
            return stack

        yield opener


@pytest.fixture
async def stripe_of() -> AsyncIterator[Callable[[Stack], Caller]]:
    """Speaks to a shop's local Stripe, with its secret key."""
    sessions: list[aiohttp.ClientSession] = []

    def opened(stack: Stack) -> Caller:
        headers = {"Authorization": f"Bearer {stack.settings.secret_key}"}
        sessions.append(aiohttp.ClientSession(stack.sandbox_url, headers=headers))
        return Caller(sessions[-1])

    yield opened
    for session in sessions:
        await session.close()
