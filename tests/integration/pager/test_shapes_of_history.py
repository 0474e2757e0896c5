"""Walks over histories of every shape, against what the sandbox itself knows."""

import time
from collections.abc import Iterator
from dataclasses import replace

import aiohttp
import pytest

from shop.rules.lesson_ledger import is_lesson
from shop.rules.window import Window
from shop.storage import open_storage
from shop.stripe_gateway import open_gateway
from shop.stripe_gateway.listings import BALANCE_TRANSACTIONS
from shop.stripe_gateway.objects import BalanceSource, Charge
from shop.stripe_gateway.pager.parts import KeptInMemory
from tests.integration.conftest import Caller
from tests.integration.pager.conftest import FAST
from tests.stack import Stack, open_stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A sandbox whose history each test makes anew."""
    with open_stack(tmp_path_factory.mktemp("shapes"), students=1, payments=1) as running:
        yield running


def is_lesson_money(source: BalanceSource | str | None) -> bool:
    """By the charge's metadata, whichever way the row hangs on it."""
    if not isinstance(source, BalanceSource):
        return False
    if isinstance(source.charge, Charge):
        return is_lesson(source.charge.metadata)
    return is_lesson(source.metadata)


@pytest.mark.parametrize("shape", ["even", "growing", "one-hour", "one-second"])
async def test_every_shape_of_history_is_read_whole(stack: Stack, shape: str):
    """Ids are unique, and gross, fees and the number of lesson rows are the sandbox's own."""
    async with aiohttp.ClientSession(stack.sandbox_url) as session:
        sandbox = Caller(session)
        await sandbox.post("/_sandbox/reset", {})
        order = {"students": 100, "payments": 2000, "days": 30, "seed": 5, "shape": shape}
        await sandbox.post("/_sandbox/history", order)
        await sandbox.post("/_sandbox/latency", {"base_ms": 10, "jitter": 1})
        now = int(time.time())
        window = Window(now - 40 * 24 * 3600, now)
        _, truth = await sandbox.get(f"/_sandbox/truth?from={window.start}&to={window.end}")
    fast = replace(stack.settings, stripe_rate_total=FAST, stripe_rate_per_endpoint=FAST)
    async with open_storage(fast) as storage, open_gateway(fast, storage) as gateway:
        walk = gateway.bulk.walk(BALANCE_TRANSACTIONS, window, KeptInMemory())
        rows = [row async for page in walk.pages() for row in page]
    lessons = [row for row in rows if is_lesson_money(row.source)]
    assert len({row.id for row in rows}) == len(rows) > 1000
    assert (len(lessons), sum(row.net for row in lessons)) == (
        truth["transactions"],
        truth["net_total"],
    )
    assert [row.created for row in rows] == sorted((row.created for row in rows), reverse=True)
