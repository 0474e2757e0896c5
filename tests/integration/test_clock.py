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


def in_a_moment(stack: Stack, seconds: int) -> tuple[str, list[str]]:
    """A time of the shop's clock, and the nights that are due once it has come."""
    due = datetime.now(stack.settings.shop_zone) + timedelta(seconds=seconds)
    days = [due.date() - timedelta(days=1), due.date()]
    return f"{due:%H:%M:%S}", [day.isoformat() for day in days]


def test_what_was_missed_is_queued_at_the_start_and_once(alone: Stack):
    """Though two machines have a clock: a job's id names its night or hour."""
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
        at, due = in_a_moment(alone, 3)
        clock = start_clock(alone, at=at)
        wait_until(lambda: nights(redis) == due[:1])
        wait_until(lambda: nights(redis) == due)
        assert f"{datetime.now(alone.settings.shop_zone):%H:%M:%S}" >= at
        clock.send_signal(signal.SIGINT)
        assert clock.wait(PATIENCE) == 0, alone.log("clock")


def test_a_clock_goes_on_once_redis_is_back(alone: Stack):
    """What became due meanwhile is queued then."""
    with redis_that_dies(alone) as redis:
        at, due = in_a_moment(alone, 4)
        clock = start_clock(alone, at=at)
        wait_until(lambda: nights(redis) == due[:1])
    time.sleep(5)
    assert clock.poll() is None, alone.log("clock")
    with redis_that_dies(alone) as redis:
        wait_until(lambda: nights(redis) == due)
        clock.send_signal(signal.SIGTERM)
        assert clock.wait(PATIENCE) == 0, alone.log("clock")


@pytest.mark.parametrize("due_in", [1, 3600])
def test_a_clock_stops_at_once_while_redis_is_away(alone: Stack, due_in: int):
    """Whether it sleeps or waits for Redis."""
    with redis_that_dies(alone) as redis:
        at, due = in_a_moment(alone, 2 + due_in)
        clock = start_clock(alone, at=at)
        wait_until(lambda: nights(redis) == due[:1])
    time.sleep(4)
    asked = time.monotonic()
    clock.send_signal(signal.SIGTERM)
    assert clock.wait(PATIENCE) == 0, alone.log("clock")
    assert time.monotonic() - asked < 3
