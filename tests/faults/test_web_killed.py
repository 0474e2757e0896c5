"""The web process is killed without warning while instructors work, and started again."""

import asyncio
import random
from collections.abc import Callable

import aiohttp
import psutil
import pytest

from tests.faults.conftest import OpenShop
from tests.faults.people import open_school
from tests.faults.stripe_lists import control
from tests.faults.tally import Tally
from tests.integration.conftest import Caller
from tests.stack import Stack

KILLS = 8
INSTRUCTORS = 12
SEED = 41
PATIENCE = 20


def kill_and_start_again(stack: Stack) -> None:
    """End the web process; those that it looks after notice, and give the port free."""
    others = psutil.Process(stack.processes["web"].pid).children()
    stack.kill("web")
    psutil.wait_procs(others, timeout=PATIENCE)
    stack.start("web")


def kill_one_of(stack: Stack, chance: random.Random) -> None:
    """End one of those that serve; the one that looks after them starts another."""
    chance.choice(psutil.Process(stack.processes["web"].pid).children()).kill()


@pytest.mark.parametrize("processes", [1, 2])
async def test_web_killed_under_load(
    open_shop: OpenShop, stripe_of: Callable[[Stack], Caller], tally: Tally, processes: int
):
    """Whoever sends the same request again gets what was done, and it was done once."""
    stack = open_shop()
    stack.environment |= {"WEB_WORKERS": str(processes)}
    stack.start("worker")
    stack.start("web")
    stripe = stripe_of(stack)
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    async with aiohttp.ClientSession(stack.url) as web:
        school = await open_school([web], stripe, INSTRUCTORS)
        await control(stripe, "latency", profile="realistic")
        for kill in range(KILLS):
            await asyncio.sleep(chance.uniform(0.5, 2.5))
            if processes == 1 or kill % 3 == 2:
                await asyncio.to_thread(kill_and_start_again, stack)
            else:
                kill_one_of(stack, chance)
        await asyncio.sleep(1)
        await school.close()
    print(school.statuses, school.sentences)
    assert school.statuses[None] > 0
    whom = "the web process" if processes == 1 else "one of two web processes, or of all"
    tally.counts(
        f"{KILLS} kills (SIGKILL) of {whom} while {INSTRUCTORS} instructors hold, capture, release"
        " and refund",
        await school.judged(),
    )
