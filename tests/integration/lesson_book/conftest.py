"""A book in a Redis and an account of the test's own."""

import itertools
from collections.abc import AsyncIterator
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from shop.lesson_book.book import LessonBook
from shop.settings import Settings
from shop.storage import Storage, open_storage
from shop.stripe_gateway import StripeGateway, open_gateway
from tests.stack import Stack

_other_accounts = itertools.count()

NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture
def settings(stack: Stack) -> Settings:
    """The sandbox's one account, in a name space of Redis that nothing else uses."""
    return replace(
        stack.settings,
        secret_key=f"sk_test_sandbox_book_{next(_other_accounts)}",
        stripe_rate_total=5000,
        stripe_rate_per_endpoint=5000,
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
def book(storage: Storage) -> LessonBook:
    return LessonBook(storage)
