"""One rate budget for all processes: people are counted and never wait, reports take the rest."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from shop.settings import Settings
from shop.storage import Storage, open_storage
from shop.stripe_gateway.budget import AT_ONCE, BURST_SECONDS, DEBT_SECONDS, Budget, Limits
from tests.integration.promptness import promptly
from tests.stack import free_port

LIMITS = Limits(total=100, per_endpoint=50)
LIST = "GET /v1/refunds"


@pytest.fixture
def budget(storage: Storage) -> Budget:
    return Budget(storage, LIMITS)


@pytest.fixture
async def elsewhere(settings: Settings) -> AsyncIterator[Budget]:
    """The same account's budget, as another process draws from it."""
    async with open_storage(settings) as storage:
        yield Budget(storage, LIMITS)


async def take(budget: Budget, requests: int, endpoint: str = LIST) -> float:
    """Seconds that so many requests had to wait."""
    began = time.monotonic()
    for _ in range(requests):
        await budget.take(endpoint)
    return time.monotonic() - began


async def test_reports_never_go_faster_than_an_endpoint_allows(budget: Budget):
    """Beyond what was saved up, each request waits for its share of a second."""
    saved_up = LIMITS.per_endpoint * BURST_SECONDS
    assert await take(budget, 40) >= (40 - saved_up - 1) / LIMITS.per_endpoint


async def test_what_is_drawn_at_once_may_be_sent_at_once(budget: Budget):
    """But nobody gets more than they asked for; what is left waits for the next."""
    assert await budget.take(LIST, 100) == AT_ONCE
    assert await budget.take(LIST, AT_ONCE - 1) == AT_ONCE - 1
    assert await budget.take(LIST, 100) == 1


async def test_two_processes_draw_from_one_budget(budget: Budget, elsewhere: Budget):
    """Together they go no faster than one alone."""
    began = time.monotonic()
    await asyncio.gather(take(budget, 20), take(elsewhere, 20))
    saved_up = LIMITS.per_endpoint * BURST_SECONDS
    assert time.monotonic() - began >= (40 - saved_up - 1) / LIMITS.per_endpoint


async def test_endpoints_share_the_total(budget: Budget):
    """Three lists at once are held back by the account's limit, not by their own."""
    began = time.monotonic()
    await asyncio.gather(*(take(budget, 20, f"GET /v1/{name}") for name in "abc"))
    saved_up = LIMITS.total * BURST_SECONDS
    assert time.monotonic() - began >= (60 - saved_up - 1) / LIMITS.total


async def test_people_never_wait_and_reports_make_room_for_them(budget: Budget):
    """What people overdraw is paid back by the report that comes next."""
    began = time.monotonic()
    for _ in range(LIMITS.total):
        budget.spend()
    await budget.told()
    await budget.take(LIST)
    saved_up = LIMITS.total * BURST_SECONDS
    assert time.monotonic() - began >= (LIMITS.total - saved_up) / LIMITS.total - 0.05


async def test_a_rush_of_people_is_not_remembered_for_long(budget: Budget):
    """Stripe lets a second's worth through and forgets the rest, so reports go on soon after."""
    began = time.monotonic()
    for _ in range(20 * LIMITS.total):
        budget.spend()
    await budget.told()
    await budget.take(LIST)
    assert DEBT_SECONDS - 0.1 <= time.monotonic() - began < 4 * DEBT_SECONDS


async def test_a_429_halves_the_pace(budget: Budget):
    """The bucket is empty then and fills at half its pace."""
    began = time.monotonic()
    await budget.refused(LIST)
    await take(budget, 10)
    assert time.monotonic() - began >= 1.7 * 10 / LIMITS.per_endpoint
    began = time.monotonic()
    await budget.refused(None)
    await take(budget, 10, "GET /v1/other")
    assert time.monotonic() - began >= 1.7 * 10 / LIMITS.total


async def test_without_redis_people_are_not_held_up(settings: Settings):
    """Their calls go uncounted rather than unanswered; the second one does not even ask."""
    nowhere = replace(settings, redis_url=f"redis://127.0.0.1:{free_port()}")
    async with open_storage(nowhere) as storage:
        budget = Budget(storage, LIMITS)
        budget.spend()
        await budget.told()

        async def one_more() -> None:
            budget.spend()
            await budget.told()

        await promptly(one_more, within=0.1)


@pytest.mark.parametrize("note", ["at", "slowed_at"])
async def test_a_clock_that_was_set_back_changes_no_pace(
    budget: Budget, storage: Storage, note: str
):
    """What was noted an hour ahead of now, before Redis's machine had its clock set right."""
    now, began = time.time(), time.monotonic()
    ahead = {"left": 0, "at": now, "pace": 1, "slowed_at": now, note: now + 3600}
    await storage.redis.hset(storage.key("budget", LIST), mapping=ahead)
    await take(budget, 20)
    shortest = (20 - AT_ONCE) / LIMITS.per_endpoint
    assert shortest <= time.monotonic() - began < shortest + 10
