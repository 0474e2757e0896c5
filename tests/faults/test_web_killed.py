"""The web process is killed without warning while instructors work, and started again."""

import asyncio
import random
from collections.abc import Callable

import aiohttp

from tests.faults.conftest import OpenShop
from tests.faults.people import open_school
from tests.faults.stripe_lists import control
from tests.faults.tally import Tally
from tests.integration.conftest import Caller
from tests.stack import Stack

KILLS = 10
INSTRUCTORS = 12
SEED = 41


async def test_web_killed_under_load(
    open_shop: OpenShop, stripe_of: Callable[[Stack], Caller], tally: Tally
):
    """Whoever sends the same request again gets what was done, and it was done once."""
    stack = open_shop()
    stack.start("worker")
    stack.start("web")
    stripe = stripe_of(stack)
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    async with aiohttp.ClientSession(stack.url) as web:
        school = await open_school([web], stripe, INSTRUCTORS)
        await control(stripe, "latency", profile="realistic")
        for _ in range(KILLS):
            await asyncio.sleep(chance.uniform(0.5, 2.5))
            stack.kill("web")
            await asyncio.to_thread(stack.start, "web")
        await asyncio.sleep(1)
        await school.close()
    print(school.statuses, school.sentences)
    assert school.statuses[None] > 0
    tally.counts(
        f"{KILLS} kills (SIGKILL) of the web process while {INSTRUCTORS} instructors hold, capture,"
        " release and refund",
        await school.judged(),
    )
