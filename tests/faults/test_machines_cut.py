"""Two machines: the one with the worker loses the link to Redis, Stripe and the result store."""

import asyncio
from collections.abc import Iterator

import aiohttp
import pytest

from tests.faults.people import open_school
from tests.faults.reports import History, compared, history_until
from tests.faults.stripe_lists import control, over
from tests.faults.tally import Outcome, Tally
from tests.faults.within import connector_within
from tests.integration.conftest import Caller
from tests.two_machines import TwoMachines, open_two_machines

CUTS = (3.0, 20.0)
"""Seconds: shorter and longer than the leases of 15."""

BETWEEN = 3.0
SENTENCE = "The shop's memory is away. Please try again soon."
INSTRUCTORS = 8
PATIENCE = 150


@pytest.fixture
def machines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoMachines]:
    """Both serve pages; b alone has workers."""
    folder = tmp_path_factory.mktemp("machines")
    with open_two_machines(folder, students=200, payments=4_000) as two:
        two.b.start("worker")
        two.b.start("prompt worker")
        yield two


async def test_the_link_is_cut(machines: TwoMachines, tally: Tally):
    """Nobody is charged twice, the report ends exact, and whoever is cut off is told so."""
    headers = {"Authorization": f"Bearer {machines.a.settings.secret_key}"}
    async with (
        machines.session(machines.a) as a,
        machines.session(machines.b) as b,
        aiohttp.ClientSession(
            machines.a.sandbox_url,
            headers=headers,
            connector=connector_within(machines.a.namespace),
        ) as sandbox,
    ):
        stripe = Caller(sandbox)
        history = await history_until(stripe, await over(stripe))
        school = await open_school([a, b], stripe, INSTRUCTORS)
        await control(stripe, "latency", base_ms=400, jitter=0.4)
        report = await asked(Caller(a), history)
        for seconds in CUTS:
            await asyncio.sleep(BETWEEN)
            machines.cut()
            try:
                told = await Caller(b).get("/lesson-book")
                await asyncio.sleep(seconds)
            finally:
                machines.mend()
            assert (told[0], told[1]["error"]["message"]) == (503, SENTENCE)
        outcome = await judged(Caller(a), report, history)
        await school.close()
        print(school.statuses, school.sentences)
        cut = f"the link between two machines cut for {CUTS[0]:.0f} s and {CUTS[1]:.0f} s"
        tally.counts(
            f"{cut}, while {INSTRUCTORS} instructors hold, capture, release and refund on both",
            await school.judged(),
        )
        tally.counts(
            f"{cut}, during a report over {len(history.rows):,} rows of lesson money", outcome
        )


async def asked(shop: Caller, history: History) -> dict:
    """A report over the history's window, queued."""
    window = {"from": history.window.start, "to": history.window.end}
    status, report = await shop.post("/reports", {"kind": "lesson-totals", **window})
    assert status == 202, report
    return report


async def judged(shop: Caller, report: dict, history: History) -> Outcome:
    """The report once it is over, held against the history."""
    async with asyncio.timeout(PATIENCE):
        while report["state"] in ("queued", "running"):
            await asyncio.sleep(0.2)
            _, report = await shop.get(f"/reports/{report['id']}")
    assert report["state"] == "ready", report
    file = await shop.raw("GET", f"/reports/{report['id']}/files/json")
    return compared(await file.read(), report["summary"], history)
