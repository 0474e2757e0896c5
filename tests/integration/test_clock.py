"""The process that queues what is done every night and every hour."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.cron import CronScheduler
from rq.serializers import JSONSerializer

from jobs.catalogue import LOOK_AT_HOLDS, NIGHTLY
from script.starter.redis_server import own_redis
from shop.settings import PROJECT, load
from tests.stack import Stack

PATIENCE = 20

SOON = 10
"""Seconds in which a clock starts, however busy the machine is, and sees what was missed."""


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Stack]:
    """A shop of which nothing runs."""
    environment = {
        **os.environ,
        "PYTHONPATH": f"{PROJECT / 'code'}{os.pathsep}{PROJECT}",
        "VAR_DIR": str(tmp_path),
        "REDIS_URL": "",
    }
    stack = Stack(load(environment=environment), environment)
    yield stack
    stack.stop()


@contextmanager
def redis_that_dies(stack: Stack) -> Iterator[Redis]:
    """A Redis that is killed at the end; what it has written is there for the next one."""
    with own_redis(stack.settings) as process:
        assert process is not None
        with Redis.from_url(stack.settings.redis_url) as redis:
            yield redis
        process.kill()
        process.wait(PATIENCE)


def start_clock(stack: Stack, name: str = "clock", at: str = "03:10") -> subprocess.Popen[bytes]:
    with (stack.settings.var_dir / f"{name}.log").open("wb") as log:
        clock = subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-m", "worker.clock", "--nightly-at", at],
            cwd=PROJECT,
            env=stack.environment,
            stdout=log,
            stderr=log,
        )
    stack.processes[name] = clock
    return clock


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def queued(redis: Redis) -> list[tuple[str, list[str]]]:
    """Ids and arguments of the jobs that wait."""
    queue = Queue(NIGHTLY.queue, connection=redis, serializer=JSONSerializer)
    return sorted((job.id, list(job.args)) for job in queue.get_jobs())


def nights(redis: Redis) -> list[str]:
    return [args[0] for job_id, args in queued(redis) if job_id.startswith("nightly-")]


def soon(stack: Stack) -> tuple[datetime, list[str]]:
    """A moment by the shop's clock, and the nights that are due once it has come."""
    moment = datetime.now(stack.settings.shop_zone) + timedelta(seconds=SOON)
    days = [moment.date() - timedelta(days=1), moment.date()]
    return moment, [day.isoformat() for day in days]


def wait_for_room_in_the_hour() -> None:
    """None begins while a test with two clocks lasts."""
    left = 3600 - time.time() % 3600
    if left < 2 * PATIENCE:
        time.sleep(left)


def wait_for(moment: datetime) -> None:
    time.sleep(max(0.0, moment.timestamp() - time.time()))


def test_what_was_missed_is_queued_at_the_start_and_once(alone: Stack):
    """Though two machines have a clock: a job's id names its night or hour."""
    wait_for_room_in_the_hour()
    with redis_that_dies(alone) as redis:
        clocks = [start_clock(alone, name) for name in ("clock", "another clock")]
        wait_until(lambda: len(CronScheduler.all(redis)) == 2)
        hour = f"{datetime.now(UTC):%Y-%m-%dT%H}"
        wait_until(lambda: len(queued(redis)) == 2)
        [(hourly, nothing), (nightly, [night])] = queued(redis)
        for clock in clocks:
            clock.send_signal(signal.SIGTERM)
        assert [clock.wait(PATIENCE) for clock in clocks] == [0, 0], alone.log("clock")
        assert len(queued(redis)) == 2
        assert CronScheduler.all(redis) == []
    assert (hourly, nothing) == (f"{name(LOOK_AT_HOLDS.function)}-{hour}", [])
    assert nightly == f"nightly-{night}"
    assert night <= datetime.now(alone.settings.shop_zone).date().isoformat()


def name(function: str) -> str:
    return function.rpartition(".")[2].replace("_", "-")


def test_a_night_is_queued_when_its_time_has_come(alone: Stack):
    """By the shop's clock, to the second."""
    with redis_that_dies(alone) as redis:
        moment, due = soon(alone)
        clock = start_clock(alone, at=f"{moment:%H:%M:%S}")
        wait_until(lambda: nights(redis) == due[:1])
        wait_until(lambda: nights(redis) == due)
        assert time.time() >= int(moment.timestamp())
        clock.send_signal(signal.SIGINT)
        assert clock.wait(PATIENCE) == 0, alone.log("clock")


def test_a_clock_goes_on_once_redis_is_back(alone: Stack):
    """What became due meanwhile is queued then."""
    with redis_that_dies(alone) as redis:
        moment, due = soon(alone)
        clock = start_clock(alone, at=f"{moment:%H:%M:%S}")
        wait_until(lambda: nights(redis) == due[:1])
    wait_for(moment + timedelta(seconds=1))
    assert clock.poll() is None, alone.log("clock")
    with redis_that_dies(alone) as redis:
        wait_until(lambda: nights(redis) == due)
        clock.send_signal(signal.SIGTERM)
        assert clock.wait(PATIENCE) == 0, alone.log("clock")


@pytest.mark.parametrize("waits_for_redis", [True, False])
def test_a_clock_stops_at_once_while_redis_is_away(alone: Stack, waits_for_redis: bool):
    """Whether it sleeps or waits for Redis."""
    with redis_that_dies(alone) as redis:
        moment, _ = soon(alone)
        later = moment if waits_for_redis else moment + timedelta(hours=1)
        clock = start_clock(alone, at=f"{later:%H:%M:%S}")
        wait_until(lambda: len(nights(redis)) == 1)
    if waits_for_redis:
        wait_for(moment + timedelta(seconds=1))
    clock.send_signal(signal.SIGTERM)
    assert clock.wait(PATIENCE / 2) == 0, alone.log("clock")
