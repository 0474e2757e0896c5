"""Redis is away for longer than any lease: everybody is told so in time, and then all goes on."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import aiohttp
import pytest

from tests.faults import redis_server
from tests.faults.conftest import OpenShop
from tests.faults.people import open_school
from tests.faults.reports import history_until, judged, open_desk, results_of
from tests.faults.stripe_lists import control, over
from tests.faults.tally import Outcome, Tally
from tests.integration.conftest import Caller
from tests.stack import Stack

AWAY = 17.0
"""Seconds: longer than the leases of 15."""

WITHIN = 2.0
"""Seconds in which somebody must be told."""

INSTRUCTORS = 8
PATIENCE = 120

PAGES = ("/", "/lessons", "/instructor", "/accountant", "/account-update/{student}", "/config")
"""They come from the disk, and so go on."""

NEED_REDIS = (
    "/reports",
    "/reports/events",
    "/reports/of-nobody",
    "/lesson-book",
    "/lesson-book/students?q=jenny",
    "/calculate-lesson-total",
    "/find-customers-with-failed-payments",
)
SENTENCE = "The shop's memory is away. Please try again soon."


@contextmanager
def hangs(stack: Stack) -> Iterator[None]:
    """It takes connections and says nothing."""
    with redis_server.hanging(redis_server.redis_process(stack)):
        yield


@contextmanager
def is_gone(stack: Stack) -> Iterator[None]:
    """Nobody listens any more; afterwards another process does, over the same file."""
    redis_server.kill(redis_server.redis_process(stack))
    (stack.settings.var_dir / "redis.sock").unlink(missing_ok=True)
    yield


@pytest.mark.parametrize("away", [hangs, is_gone], ids=["hangs", "is gone"])
async def test_redis_away(
    open_shop: OpenShop,
    stripe_of: Callable[[Stack], Caller],
    tally: Tally,
    away: Callable[[Stack], contextmanager],
):
    """Every request that needs it gets 503 and a sentence within two seconds, before any harm."""
    stack = open_shop(students=500, payments=12_000)
    stripe = stripe_of(stack)
    history = await history_until(stripe, await over(stripe))
    for name in ("web", "worker", "second worker"):
        stack.start(name)
    with ExitStack() as restarts:
        async with aiohttp.ClientSession(stack.url) as web, open_desk(stack) as desk:
            school = await open_school([web], stripe, INSTRUCTORS)
            await control(stripe, "latency", profile="realistic")
            report = await desk.ask(history.window)
            await asyncio.sleep(3)
            with away(stack):
                outcome = await told_in_time(web, school.student)
            if away is is_gone:
                await asyncio.to_thread(restarts.enter_context, redis_server.restarted(stack))
            report = await desk.over(report, PATIENCE)
            await school.close()
        print(school.statuses, school.sentences, report.taken)
        name = f"Redis {away.__name__.replace('_', ' ')} for {AWAY:.0f} s"
        tally.counts(f"{name}: requests that are told so within {WITHIN:.0f} s", outcome)
        tally.counts(
            f"{name}, while {INSTRUCTORS} instructors hold, capture, release and refund",
            await school.judged(),
        )
        tally.counts(
            f"{name}, during a report over {len(history.rows):,} rows of lesson money",
            judged(results_of(stack), report, history),
        )
        stack.stop()


async def told_in_time(web: aiohttp.ClientSession, student: str) -> Outcome:
    """Ask for everything again and again while it is away."""
    outcome = Outcome(0, 0)
    over = time.monotonic() + AWAY
    while time.monotonic() < over:
        for path in PAGES:
            outcome += await asked(web, path.format(student=student), 200)
        for told in await asyncio.gather(*(asked(web, path, 503) for path in NEED_REDIS)):
            outcome += told
        await asyncio.sleep(0.5)
    return outcome


async def asked(web: aiohttp.ClientSession, path: str, expected: int) -> Outcome:
    """One request, which is wrong where it is late, or not what it should be."""
    began = time.monotonic()
    async with web.get(path) as answer:
        text = await answer.text()
    took = time.monotonic() - began
    is_right = answer.status == expected and (expected == 200 or SENTENCE in text)
    if not is_right or took > WITHIN:
        print(f"{path}: {answer.status} after {took:.2f} s: {text[:200]}")
    return Outcome(attempts=1, done=1, wrong=int(not is_right or took > WITHIN))
