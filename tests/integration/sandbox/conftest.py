"""A fresh, empty sandbox for every test, on a real socket."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from sandbox.app import create_app
from sandbox.service import Service
from sandbox.webhooks import Deliverer
from tests.integration.sandbox.api import Api


@pytest.fixture
def service() -> Service:
    """An empty account whose undelivered events are tried again almost at once."""
    return Service(deliverer=Deliverer(retry_after=(0.01, 0.02)))


@pytest.fixture
async def url(service: Service) -> AsyncIterator[str]:
    """The address the sandbox answers at."""
    async with TestServer(create_app(service)) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest.fixture
async def api(service: Service, url: str) -> AsyncIterator[Api]:
    """Speaks to the sandbox."""
    async with aiohttp.ClientSession(url) as session:
        yield Api(service, session)
