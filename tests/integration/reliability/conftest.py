"""Two web processes on one Redis, and what is counted for docs/reliability.md."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import aiohttp
import pytest

from tests.integration.conftest import Caller
from tests.integration.reliability.tally import Record, Tally
from tests.stack import Stack


@pytest.fixture
def tally(record_property: Record) -> Tally:
    """Counts what a test has tried and what became of it."""
    return Tally(record_property)


@pytest.fixture(scope="module")
def second_web(stack: Stack) -> Iterator[Stack]:
    """The other web process."""
    with stack.second_web() as other:
        yield other


@pytest.fixture
async def webs(stack: Stack, second_web: Stack, stripe: Caller) -> AsyncIterator[list[Caller]]:
    """Both web processes; slowness and faults that a test asks for end with it."""
    async with AsyncExitStack() as opened:
        yield [
            Caller(await opened.enter_async_context(aiohttp.ClientSession(each.url)))
            for each in (stack, second_web)
        ]
        await stripe.post("/_sandbox/faults", {"rules": []})
        await stripe.post("/_sandbox/latency", {"profile": "none"})
