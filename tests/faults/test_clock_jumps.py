"""Clocks on the wall that jump while people work: those of Redis, of web and of workers."""

import asyncio
from collections.abc import Callable

import aiohttp
import pytest

from tests.faults import redis_server
from tests.faults.clocks import Clock, built
from tests.faults.conftest import OpenShop
from tests.faults.people import open_school
from tests.faults.reports import history_until, judged, open_desk, results_of
from tests.faults.stripe_lists import control, over
from tests.faults.tally import Tally
from tests.integration.conftest import Caller
from tests.stack import Stack

HOUR = 3600
DAY = 24 * HOUR

JUMPS = (
    ("web", HOUR),
    ("redis", HOUR),
    ("worker", -HOUR),
    ("redis", 0),
    ("second worker", DAY),
    ("web", -HOUR),
    ("redis", DAY),
    ("worker", DAY),
    ("web", DAY),
    ("redis", -HOUR),
    ("second worker", -HOUR),
    ("redis", 0),
    ("web", 0),
)
"""Whose clock is off by how many seconds from then on."""

BETWEEN = 2.0
"""Seconds between two jumps."""

INSTRUCTORS = 8
PATIENCE = 120
SLOWLY = {"STRIPE_RATE_PER_ENDPOINT": "5"}
"""A report of a hundred pages takes 20 seconds at this pace, and so meets most of the jumps."""

PROGRAMS = ("web", "worker", "second worker")


@pytest.fixture
def clocks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Clock]:
    """A clock for each process."""
    folder = tmp_path_factory.mktemp("clocks")
    library = built(folder)
    return {name: Clock(library, folder / name) for name in ("redis", *PROGRAMS)}


async def test_clock_jumps(
    open_shop: OpenShop,
    stripe_of: Callable[[Stack], Caller],
    tally: Tally,
    clocks: dict[str, Clock],
    monkeypatch: pytest.MonkeyPatch,
):
    """Leases and keys lapse early or late, and still nothing is done twice or wrong."""
    stack = open_shop(students=500, payments=12_000)
    stripe = stripe_of(stack)
    history = await history_until(stripe, await over(stripe))
    redis_server.kill(redis_server.redis_process(stack))
    with monkeypatch.context() as its_own:
        for name, value in clocks["redis"].environment.items():
            its_own.setenv(name, value)
        restarted = redis_server.restarted(stack)
        await asyncio.to_thread(restarted.__enter__)
    usual = stack.environment
    for name in PROGRAMS:
        stack.environment = usual | clocks[name].environment | SLOWLY
        stack.start(name)
    async with aiohttp.ClientSession(stack.url) as web, open_desk(stack) as desk:
        school = await open_school([web], stripe, INSTRUCTORS)
        await control(stripe, "latency", base_ms=400, jitter=0.4)
        report = await desk.ask(history.window)
        for name, seconds in JUMPS:
            await asyncio.sleep(BETWEEN)
            clocks[name].be_off_by(seconds)
        first = await desk.over(report, PATIENCE)
        second = await desk.over(await desk.ask(history.window, "Asia/Tokyo"), PATIENCE)
        await school.close()
    print(school.statuses, school.sentences, first.taken, second.taken)
    clocks_of = "of Redis, web and workers by -1 h, +1 h and +1 day"
    tally.counts(
        f"{len(JUMPS)} jumps of the clocks {clocks_of}, while {INSTRUCTORS} instructors hold,"
        " capture, release and refund",
        await school.judged(),
    )
    tally.counts(
        f"the same, reports over {len(history.rows):,} rows of lesson money meanwhile and"
        " afterwards",
        judged(results_of(stack), first, history) + judged(results_of(stack), second, history),
    )
    stack.stop()
    await asyncio.to_thread(restarted.__exit__, None, None, None)
