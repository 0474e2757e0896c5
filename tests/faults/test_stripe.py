"""Stripe fails a tenth of all requests in every way, all of them for a minute, or is slow."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
import pytest

from shop.reports.record import Report
from tests.faults.conftest import OpenShop
from tests.faults.people import School, open_school
from tests.faults.reports import Desk, History, history_until, judged, open_desk, results_of
from tests.faults.stripe_lists import control, over
from tests.faults.tally import Tally
from tests.integration.conftest import Caller
from tests.stack import Stack

KINDS = (
    ("429",),
    ("lock_timeout",),
    ("409",),
    ("500",),
    ("502",),
    ("reset_before",),
    ("reset_after",),
    ("truncate",),
    ("slow_body",),
    ("timeout_before", "timeout_after"),
)
"""Every kind that the local Stripe knows. Silence takes the longest, so its two kinds share."""

SHARE = 0.1
LATENCY = {"base_ms": 60, "jitter": 0.4}
INSTRUCTORS = 6
TEACH = 4.0
"""Seconds for which instructors work at least."""

A_MINUTE = 60.0
PATIENCE = 300


@dataclass
class Busy:
    """A shop with everybody at work."""

    stack: Stack
    stripe: Caller
    desk: Desk
    web: aiohttp.ClientSession
    history: History

    @asynccontextmanager
    async def at_work(self, zone: str) -> AsyncIterator[tuple[School, Report]]:
        """Instructors, and a report that was asked for."""
        await asyncio.sleep(2)  # so that nobody else's lessons are counted with theirs
        school = await open_school([self.web], self.stripe, INSTRUCTORS)
        yield school, await self.desk.ask(self.history.window, zone)

    async def counts(self, tally: Tally, fault: str, school: School, report: Report) -> None:
        """Wait for the end of everything, and hold it against the truth."""
        done = await self.desk.over(report, PATIENCE)
        await school.close()
        await control(self.stripe, "faults", rules=[])
        print(f"{time.monotonic():.0f} {fault}", school.statuses, school.sentences, done.taken)
        tally.counts(f"{fault}: instructors' actions", await school.judged())
        tally.counts(f"{fault}: a report", judged(results_of(self.stack), done, self.history))


@pytest.fixture
async def busy(open_shop: OpenShop, stripe_of: Callable[[Stack], Caller]) -> AsyncIterator[Busy]:
    """Its account has a dozen pages of balance transactions."""
    stack = open_shop(students=100, payments=1_200)
    stripe = stripe_of(stack)
    history = await history_until(stripe, await over(stripe))
    for name in ("web", "worker", "prompt worker"):
        stack.start(name)
    async with aiohttp.ClientSession(stack.url) as web, open_desk(stack) as desk:
        yield Busy(stack, stripe, desk, web, history)


async def test_a_tenth_fails(busy: Busy, tally: Tally):
    """In every way there is; whoever asks again gets what is done, and it is done once."""
    await control(busy.stripe, "latency", **LATENCY)
    for seed, kinds in enumerate(KINDS):
        async with busy.at_work(f"Etc/GMT+{seed + 1}") as (school, report):
            rules = [{"kind": kind, "share": SHARE / len(kinds)} for kind in kinds]
            await control(busy.stripe, "faults", seed=seed, rules=rules)
            await asyncio.sleep(TEACH)
            name = " and ".join(kinds)
            await busy.counts(tally, f"Stripe fails 10 % with {name}", school, report)
            _, seen = await busy.stripe.get("/_sandbox/requests")
            assert set(kinds) <= seen["faults"].keys()


async def test_everything_fails_for_a_minute(busy: Busy, tally: Tally):
    """The report waits and says so; instructors are told that Stripe is away; then all goes on."""
    await control(busy.stripe, "latency", base_ms=800, jitter=0.4)  # it must not be ready yet
    async with busy.at_work("UTC") as (school, report):
        await asyncio.sleep(1)
        await control(busy.stripe, "faults", seed=1, rules=[{"kind": "502", "share": 1}])
        await control(busy.stripe, "latency", **LATENCY)
        began, waits = time.monotonic(), 0
        while time.monotonic() < began + A_MINUTE:
            await asyncio.sleep(1)
            waits += (await busy.desk.look(report)).waits_for_stripe
        await control(busy.stripe, "faults", rules=[])
        await busy.counts(tally, "Stripe fails 100 % for a minute", school, report)
        assert waits > A_MINUTE / 2
        assert school.sentences >= {
            "Stripe could not be reached just now. Please try again in a moment."
        }


async def test_stripe_is_slow(busy: Busy, tally: Tally):
    """Every answer takes three seconds: nobody is refused, and nothing is done twice."""
    async with busy.at_work("UTC") as (school, report):
        await control(busy.stripe, "latency", base_ms=3_000, jitter=0.4)
        await asyncio.sleep(2 * TEACH)
        await busy.counts(tally, "Stripe takes 3 s for each answer", school, report)
        assert set(school.statuses) == {200}
