"""A fresh, empty sandbox for every test, on a real socket."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from sandbox.app import create_app
from sandbox.network.middleware import wire
from sandbox.service import Service
from sandbox.webhooks import Behaviour, Deliverer
from tests.integration.conformance.official import official
from tests.integration.conformance.watch import Watch
from tests.integration.sandbox.api import Api
from tests.integration.sandbox.receiver import Receiver, listening


@pytest.fixture
def service() -> Service:
    """An empty account whose undelivered events are tried again almost at once."""
    return Service(deliverer=Deliverer(Behaviour(retry_after=(0.01, 0.02))))


@pytest.fixture
def watch() -> Watch:
    """What the sandbox answered in this test."""
    return Watch(official())


@pytest.fixture
async def url(service: Service, watch: Watch) -> AsyncIterator[str]:
    """The address the sandbox answers at. Each answer must be as Stripe's own material says."""
    app = create_app(service)
    watch.over(app, within=wire)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")
    problems = sorted(set(watch.verdict.problems))
    assert not problems, "\n".join([*problems, "(reasons go into tests/integration/conformance)"])


@pytest.fixture
async def api(service: Service, url: str) -> AsyncIterator[Api]:
    """Speaks to the sandbox."""
    async with aiohttp.ClientSession(url) as session:
        yield Api(service, session)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A shop that hears of events once it is registered."""
    async with listening() as receiver:
        yield receiver
