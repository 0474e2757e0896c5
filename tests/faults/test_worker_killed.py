"""Workers are killed without warning, twenty times, at moments drawn by chance."""

import asyncio
import random
import time
from collections.abc import Callable
from itertools import count

import psutil
from redis import Redis
from rq import Worker
from rq.serializers import JSONSerializer

from shop.reports.record import Report, State
from tests.faults.conftest import OpenShop
from tests.faults.reports import Desk, History, history_until, judged, open_desk, results_of
from tests.faults.stripe_lists import control, over
from tests.faults.tally import Outcome, Tally
from tests.integration.conftest import Caller
from tests.stack import COMMANDS, Stack

KILLS = 20
KILLS_OF_ONE = 4
"""After the fifth worker that dies over it a report counts as deadly, and fails."""

PAYMENTS = 24_000
"""They come to some 20,000 balance transactions."""

LATEST = 0.9
"""The last moment at which somebody is killed, as a share of what is read: none is missed."""

WORKERS = 5
PATIENCE = 300
SEED = 20_261_123

ZONES = ("UTC", "America/New_York", "Asia/Tokyo", "Europe/London", "Asia/Kolkata", "Europe/Paris")
"""Reports of one window are one report, unless they are for readers in different zones."""


class Killer:
    """Kills whoever makes a report: the process of the job, its worker, or both."""

    def __init__(self, stack: Stack, chance: random.Random) -> None:
        self._stack = stack
        self._chance = chance
        self._names = count()
        self._orphans: dict[str, psutil.Process] = {}
        """Processes of jobs whose worker was killed, by report: they go on by themselves."""

        self.kills = 0
        for _ in range(WORKERS):
            self._start_worker()

    def kill(self, report: Report) -> bool:
        """Whether somebody who made it was killed; a worker is started in a killed one's place."""
        orphan = self._orphans.pop(report.id, None)
        if orphan is not None and orphan.is_running():
            orphan.kill()
            self._note("the job's process, after its worker")
            return True
        return any(
            self._kill(report, name, horse)
            for name, worker in self._workers_at(report)
            for horse in psutil.Process(worker).children()
        )

    def _workers_at(self, report: Report) -> list[tuple[str, int]]:
        with Redis.from_url(self._stack.settings.redis_url) as redis:
            workers = Worker.all(redis, serializer=JSONSerializer)
            jobs = {worker.pid: worker.get_current_job_id() or "" for worker in workers}
        running = [(name, process.pid) for name, process in self._stack.processes.items()]
        return [(name, pid) for name, pid in running if jobs.get(pid, "").startswith(report.id)]

    def _kill(self, report: Report, name: str, horse: psutil.Process) -> bool:
        whom = self._chance.choice(["the job's process", "the worker", "both"])
        if whom != "the job's process":
            self._stack.kill(name)
            self._start_worker()
        if whom == "the worker":
            self._orphans[report.id] = horse
        else:
            horse.kill()
        self._note(whom)
        return True

    def _note(self, whom: str) -> None:
        self.kills += 1
        print(f"kill {self.kills}: {whom}")

    def _start_worker(self) -> None:
        name = f"worker {next(self._names)}"
        self._stack.commands[name] = COMMANDS["worker"]
        self._stack.start(name)


async def killed_on_the_way(
    desk: Desk, killer: Killer, moments: list[float], report: Report
) -> Report:
    """The report when it is over; whoever makes it is killed as it comes to each of the moments."""
    give_up = time.monotonic() + PATIENCE
    for moment in moments:
        killed = False
        while not killed and not report.state.is_final:
            assert time.monotonic() < give_up, report
            await asyncio.sleep(0.05)
            report = await desk.look(report)
            if report.state is State.RUNNING and report.progress >= moment:
                killed = await asyncio.to_thread(killer.kill, report)
    return await desk.over(report, PATIENCE)


async def test_twenty_kills(
    open_shop: OpenShop, stripe_of: Callable[[Stack], Caller], tally: Tally
):
    """Every report ends, exact to the cent and row by row, whoever died over it."""
    stack = open_shop(students=1_000, payments=PAYMENTS)
    stripe = stripe_of(stack)
    history = await history_until(stripe, await over(stripe))
    await control(stripe, "latency", profile="realistic")
    await control(stripe, "limits", per_endpoint=25, total=100, mode="live")
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    killer = Killer(stack, chance)
    outcome = Outcome(attempts=0, done=0)
    async with open_desk(stack) as desk:
        while killer.kills < KILLS:
            outcome += await reports_at_once(stack, desk, killer, history, chance)
    print(f"{killer.kills} kills, seed {SEED}: {outcome}")
    tally.counts(
        f"{killer.kills} kills (SIGKILL) of job processes, workers and both, during reports over"
        f" {len(history.rows):,} rows of lesson money",
        outcome,
    )


async def reports_at_once(
    stack: Stack, desk: Desk, killer: Killer, history: History, chance: random.Random
) -> Outcome:
    """Several reports side by side, for as many kills as are wanted yet."""
    left = KILLS - killer.kills
    portions = [min(KILLS_OF_ONE, left - n) for n in range(0, left, KILLS_OF_ONE)]
    moments = [sorted(chance.uniform(0, LATEST) for _ in range(portion)) for portion in portions]
    print("moments, as shares of the report:", moments)
    asked = [await desk.ask(history.window, zone) for zone in ZONES[: len(moments)]]
    done = await asyncio.gather(
        *(
            killed_on_the_way(desk, killer, each, report)
            for each, report in zip(moments, asked, strict=True)
        )
    )
    return sum((judged(results_of(stack), report, history) for report in done), Outcome(0, 0))
