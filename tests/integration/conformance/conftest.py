"""The shop with a recorder between it and the local Stripe."""

from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from server.app import create_app
from shop.settings import Settings
from shop.storage import open_storage
from shop.stripe_gateway import StripeGateway, open_gateway
from tests.integration.conformance.recorder import Recorder
from tests.integration.conftest import Caller
from tests.stack import Stack


@pytest.fixture
async def recorder(stack: Stack) -> AsyncIterator[Recorder]:
    """What the shop under test asks of Stripe."""
    async with aiohttp.ClientSession(stack.sandbox_url) as sandbox:
        yield Recorder(sandbox)


@pytest.fixture
async def settings(stack: Stack, recorder: Recorder) -> AsyncIterator[Settings]:
    """The shop's settings, with the recorder where Stripe is."""
    async with TestServer(recorder.app()) as server:
        yield replace(stack.settings, api_base=str(server.make_url("")).rstrip("/"))


@pytest.fixture
async def gateway(settings: Settings) -> AsyncIterator[StripeGateway]:
    """The shop's only way to Stripe."""
    async with open_storage(settings) as storage, open_gateway(settings, storage) as opened:
        yield opened


@pytest.fixture
async def recorded_shop(settings: Settings) -> AsyncIterator[Caller]:
    """The shop's routes, served by this process; its worker is still the stack's."""
    async with (
        TestServer(create_app(settings)) as server,
        aiohttp.ClientSession(server.make_url("")) as session,
    ):
        yield Caller(session)
