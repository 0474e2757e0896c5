"""Redis is killed without warning, and starts again with what its append-only file holds."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

import aiohttp
import pytest
from redis import Redis

from tests.faults import redis_server
from tests.faults.conftest import OpenShop
from tests.faults.people import open_school
from tests.faults.reports import history_until, judged, open_desk, results_of
from tests.faults.stripe_lists import control, over
from tests.faults.tally import Outcome, Tally
from tests.integration.conftest import Caller
from tests.integration.reliability.test_retries import actions, send
from tests.integration.students import change_card, sign_up
from tests.stack import Stack

KILLS = 8
INSTRUCTORS = 8
STUDENTS = 10
PATIENCE = 120
SEED = 43

Lose = Callable[[Stack, ExitStack], Awaitable[None]]


async def test_redis_killed_during_everything(
    open_shop: OpenShop, stripe_of: Callable[[Stack], Caller], tally: Tally
):
    """Instructors and a report go on where they were; whoever was refused was told why."""
    stack = open_shop(students=500, payments=12_000)
    stripe = stripe_of(stack)
    history = await history_until(stripe, await over(stripe))
    for name in ("web", "worker", "second worker"):
        stack.start(name)
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    with ExitStack() as restarts:
        async with aiohttp.ClientSession(stack.url) as web, open_desk(stack) as desk:
            school = await open_school([web], stripe, INSTRUCTORS)
            await control(stripe, "latency", profile="realistic")
            report = await desk.ask(history.window)
            for _ in range(KILLS):
                await asyncio.sleep(chance.uniform(0.5, 2))
                redis_server.kill(redis_server.redis_process(stack))
                await asyncio.sleep(chance.uniform(0.2, 2))
                await asyncio.to_thread(restarts.enter_context, redis_server.restarted(stack))
            report = await desk.over(report, PATIENCE)
            await school.close()
        print(school.statuses, school.sentences, report.state)
        assert school.statuses[None] == 0
        assert "The shop's memory is away. Please try again soon." in school.sentences
        tally.counts(
            f"{KILLS} kills (SIGKILL) of Redis, started again over its file, while {INSTRUCTORS}"
            " instructors hold, capture, release and refund",
            await school.judged(),
        )
        tally.counts(
            f"the same, a report over {len(history.rows):,} rows of lesson money meanwhile",
            judged(results_of(stack), report, history),
        )
        stack.stop()


async def cut_back(stack: Stack, size: int, restarts: ExitStack) -> None:
    """Lose what the append-only file has grown by, as when the machine loses its power."""
    redis_server.kill(redis_server.redis_process(stack))
    file, _ = redis_server.written(stack)
    with file.open("r+b") as cut:
        cut.truncate(size)
    await asyncio.to_thread(restarts.enter_context, redis_server.restarted(stack))


@pytest.mark.parametrize("lost", ["what it wrote since", "everything"])
async def test_redis_forgets_answers(
    open_shop: OpenShop, stripe_of: Callable[[Stack], Caller], tally: Tally, lost: str
):
    """The same request again gets what was done at first, also where the student has another card.

    Stripe remembers the keys, and who made which payment.
    """
    stack = open_shop()
    stack.start("web")
    stripe = stripe_of(stack)
    with ExitStack() as restarts:
        async with aiohttp.ClientSession(stack.url) as web:
            shop = Caller(web)
            students = [await sign_up(shop, stripe) for _ in range(STUDENTS)]
            asked = [each for student in students for each in await actions(shop, stripe, student)]
            _, size = redis_server.written(stack)
            first = await asyncio.gather(*(send(shop, action) for action in asked))
            if lost == "everything":
                with Redis.from_url(stack.settings.redis_url) as redis:
                    redis.flushall()
            else:
                await cut_back(stack, size, restarts)
            for student in students[::2]:
                await change_card(shop, stripe, student, "pm_card_mastercard")
            again = await asyncio.gather(*(send(shop, action) for action in asked))
        done = [await action.count() for action in asked]
        tally.counts(
            f"holds, captures, releases and refunds asked for again after Redis lost {lost},"
            " every other student with another card by then",
            Outcome(
                attempts=2 * len(asked),
                done=sum(done),
                duplicates=sum(max(0, times - 1) for times in done),
                lost=sum(status != 200 for status, _ in (*first, *again)),
                wrong=sum(_identity(a) != _identity(b) for a, b in zip(first, again, strict=True)),
            ),
        )
        stack.stop()


def _identity(answer: tuple[int, dict]) -> tuple[object, object]:
    return answer[1].get("payment", {}).get("id"), answer[1].get("refund")
