"""A worker whose Redis goes away while it runs, and what it says when it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from redis import Redis
from rq import Queue, Retry, Worker
from rq.job import JobStatus
from rq.serializers import JSONSerializer

from jobs.catalogue import RUN_REPORT
from script.starter.redis_server import own_redis
from shop.settings import PROJECT, load
from tests.stack import Stack, worker_is_alive

PATIENCE = 20
LONG_JOB = "long-job"

PROGRAM = """
from worker import __main__ as program, our_jobs, redis_ready
redis_ready.PATIENCE = 0.5
program._queue_rebuild = lambda settings: None
our_jobs.FUNCTIONS |= {"time.sleep"}
raise SystemExit(program.main())
"""
"""A worker that begins without a job, as there is no Stripe, waits less for Redis to start,
and runs a job that takes as long as a test wants."""


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Stack]:
    """A shop of which nothing runs, with the environment of one worker."""
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


def start_worker(stack: Stack) -> subprocess.Popen[bytes]:
    """A worker that serves the queues."""
    with (stack.settings.var_dir / "worker.log").open("wb") as log:
        worker = subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-c", PROGRAM],
            cwd=PROJECT,
            env=stack.environment,
            stdout=log,
            stderr=log,
        )
    stack.processes["worker"] = worker
    wait_until(lambda: worker_is_alive(stack.settings))
    with Redis.from_url(stack.settings.redis_url) as redis:
        wait_until(lambda: [each.get_state() for each in Worker.all(redis)] == ["idle"])
    return worker


def run_a_long_job(
    redis: Redis,
    worker: subprocess.Popen[bytes],
    seconds: float = PATIENCE,
    retry: Retry | None = None,
) -> psutil.Process:
    """The process in which the worker runs it."""
    queue = Queue(RUN_REPORT.queue, connection=redis, serializer=JSONSerializer)
    job = queue.enqueue("time.sleep", seconds, job_id=LONG_JOB, retry=retry)
    wait_until(lambda: job.get_status(refresh=True) == "started")
    [horse] = psutil.Process(worker.pid).children()
    return horse


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def test_a_worker_goes_on_once_redis_is_back(alone: Stack):
    """It had a job whose process died meanwhile, which it must write down; it says why it waits."""
    with redis_that_dies(alone) as redis:
        worker = start_worker(alone)
        horse = run_a_long_job(redis, worker)
    horse.kill()
    time.sleep(2)
    assert worker.poll() is None, alone.log("worker")
    with redis_that_dies(alone):
        wait_until(lambda: worker_is_alive(alone.settings))
        wait_until(lambda: "Work-horse terminated unexpectedly" in alone.log("worker"))
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0, alone.log("worker")
    assert "Redis is away; the worker waits until it is back." in alone.log("worker")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_worker_stops_at_once_while_redis_is_away(alone: Stack, number: signal.Signals):
    """It was told to, so the exit code is 0."""
    with redis_that_dies(alone):
        worker = start_worker(alone)
    worker.send_signal(number)
    assert worker.wait(PATIENCE) == 0, alone.log("worker")


def test_a_busy_worker_stops_at_once_while_redis_is_away(alone: Stack):
    """Its job cannot be finished without Redis, so it leaves no process that tries."""
    with redis_that_dies(alone) as redis:
        worker = start_worker(alone)
        horse = run_a_long_job(redis, worker)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(PATIENCE) == 0, alone.log("worker")
    assert not horse.is_running()


def test_a_short_job_is_finished_before_the_worker_stops(alone: Stack):
    """What takes longer than four seconds is cut off, and the queue runs it again."""
    with redis_that_dies(alone) as redis:
        for seconds, left in ((2.5, JobStatus.FINISHED), (PATIENCE, JobStatus.QUEUED)):
            worker = start_worker(alone)
            horse = run_a_long_job(redis, worker, seconds, retry=Retry(1))
            told = time.monotonic()
            worker.send_signal(signal.SIGTERM)
            assert worker.wait(PATIENCE) == 0, alone.log("worker")
            assert time.monotonic() - told < PATIENCE / 2
            assert not horse.is_running()
            queue = Queue(RUN_REPORT.queue, connection=redis, serializer=JSONSerializer)
            assert queue.fetch_job(LONG_JOB).get_status() == left


def test_the_job_of_a_killed_worker_does_not_wait_for_redis_for_ever(alone: Stack):
    """It can't write down that it is over, and nobody would be there to know."""
    with redis_that_dies(alone) as redis:
        worker = start_worker(alone)
        horse = run_a_long_job(redis, worker, seconds=3)
    time.sleep(4)
    assert horse.is_running()
    worker.kill()
    worker.wait(PATIENCE)
    wait_until(lambda: not horse.is_running() or horse.status() == psutil.STATUS_ZOMBIE)


def test_a_worker_that_gives_up_ends_with_another_code_than_0(alone: Stack):
    """Something else is the matter with Redis; whoever watches over the worker starts it again."""
    with redis_that_dies(alone) as redis:
        worker = start_worker(alone)
        horse = run_a_long_job(redis, worker)
        redis.set(f"rq:queue:{RUN_REPORT.queue}", "not a list")
        horse.kill()
        assert worker.wait(PATIENCE) == 1
    assert "it should be started again" in alone.log("worker")
