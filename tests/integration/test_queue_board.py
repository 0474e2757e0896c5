"""The queues as owners see them, and failed jobs that are run again or removed."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import datetime

import aiohttp
import pytest
from redis import Redis
from rq import Queue
from rq.job import Job, JobStatus
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from jobs.catalogue import HANDLE_EVENT, KEEP_FAILURE, SEND_ACCOUNT_LINK
from jobs.queue import JobQueue
from jobs.queue_board import SHOWN
from tests.integration.audit.kept import kept
from tests.integration.conftest import Caller
from tests.integration.promptness import promptly
from tests.stack import PATIENCE, Stack, open_stack

MANY = 200_000
ERROR = "Traceback (most recent call last):\nValueError: jenny@example.com is not there\n"


@pytest.fixture(scope="module")
def unmanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop that nobody works in."""
    with open_stack(tmp_path_factory.mktemp("board"), students=0, payments=0) as running:
        running.start("web")
        yield running


@pytest.fixture
def redis(unmanned: Stack) -> Iterator[Redis]:
    with Redis.from_url(unmanned.settings.redis_url) as opened:
        opened.flushdb()
        yield opened


@pytest.fixture
def jobs(unmanned: Stack, redis: Redis) -> Iterator[JobQueue]:
    redis.ping()
    with closing(JobQueue(unmanned.settings)) as queue:
        yield queue


@pytest.fixture
async def owner(unmanned: Stack) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession(unmanned.url) as session:
        yield Caller(session)


def fail(redis: Redis, jobs: JobQueue, name: str) -> None:
    """What a worker does with a job that raised for the last time."""
    jobs.put(SEND_ACCOUNT_LINK, "cus_1", job_id=name)
    queue = Queue(SEND_ACCOUNT_LINK.queue, connection=redis, serializer=JSONSerializer)
    assert queue.pop_job_id() == name
    job = Job.fetch(name, connection=redis, serializer=JSONSerializer)
    job.set_status(JobStatus.FAILED)
    with redis.pipeline() as pipe:
        FailedJobRegistry(queue=queue).add(job, KEEP_FAILURE, pipeline=pipe)
        job._handle_failure(ERROR, pipeline=pipe)
        pipe.execute()


@pytest.mark.usefixtures("redis")
async def test_nothing_goes_on(owner: Caller):
    """As in a new shop."""
    empty = {"depth": 0, "oldest": None, "failed": 0, "retries": 0, "running": 0, "workers": 0}
    assert await owner.get("/queue") == (
        200,
        {
            "queues": [{"name": name, **empty} for name in ("answers", "reports", "events")],
            "workers": [],
            "failed": [],
            "retries": [],
        },
    )


async def test_what_waits(jobs: JobQueue, owner: Caller):
    """How many, and since when the first."""
    before = time.time()
    for number in range(3):
        jobs.put(HANDLE_EVENT, "evt", "t", "x", "0", job_id=f"evt_{number}")
    _, board = await owner.get("/queue")
    events = board["queues"][2]
    assert (events["name"], events["depth"]) == ("events", 3)
    assert abs(datetime.fromisoformat(events["oldest"]).timestamp() - before) < 5


async def test_a_failed_job_is_run_again_once(
    unmanned: Stack, redis: Redis, jobs: JobQueue, owner: Caller
):
    """It shows with its error, without addresses; both presses are in the audit trail."""
    fail(redis, jobs, "link-1")
    _, board = await owner.get("/queue")
    (failed,) = board["failed"]
    assert (failed["id"], failed["queue"], failed["function"]) == (
        *("link-1", "events", "send_account_link"),
    )
    assert failed["error"] == "ValueError: … is not there"
    assert board["queues"][2]["failed"] == 1
    first = await owner.post("/queue/link-1/run-again")
    assert first == (200, {"job": "link-1", "queue": "events"})
    status, again = await owner.post("/queue/link-1/run-again")
    assert (status, again["error"]["code"]) == (404, "no_such_job")
    _, board = await owner.get("/queue")
    assert (board["failed"], board["queues"][2]["depth"]) == ([], 1)
    entries = kept(unmanned, action="run job again", job="link-1")
    assert [each.status for each in entries] == [200, 404]


async def test_a_failed_job_is_removed(redis: Redis, jobs: JobQueue, owner: Caller):
    """Nothing of it is left."""
    fail(redis, jobs, "link-2")
    assert (await owner.post("/queue/link-2/remove"))[0] == 200
    assert (await owner.post("/queue/link-2/remove"))[0] == 404
    _, board = await owner.get("/queue")
    assert (board["failed"], board["queues"][2]["failed"]) == ([], 0)
    assert redis.keys("rq:*link-2*") == []


async def test_a_job_that_cannot_be_read_is_listed_all_the_same(
    redis: Redis, jobs: JobQueue, owner: Caller
):
    """Whoever put it there, it can be removed."""
    fail(redis, jobs, "odd")
    redis.hset(Job.key_for("odd"), "data", b"\x80 not ours")
    _, board = await owner.get("/queue")
    assert [(job["id"], job["function"]) for job in board["failed"]] == [("odd", "")]
    assert (await owner.post("/queue/odd/remove"))[0] == 200


async def test_jobs_that_only_wait_are_left_alone(jobs: JobQueue, owner: Caller):
    """Failed ones alone can be seen to."""
    jobs.put(HANDLE_EVENT, "evt", "t", "x", "0", job_id="evt_1")
    for name in ("evt_1", "unknown", "H3%C3%93%F2%9F%A1%BF%23%1D%1C", "a%3Ab"):
        for action in ("run-again", "remove"):
            assert (await owner.post(f"/queue/{name}/{action}"))[0] == 404
    _, board = await owner.get("/queue")
    assert board["queues"][2]["depth"] == 1


async def test_the_latest_failures_are_shown(redis: Redis, jobs: JobQueue, owner: Caller):
    """The others are counted."""
    for number in range(SHOWN + 5):
        fail(redis, jobs, f"link-{number:03}")
    registry = FailedJobRegistry("events", connection=redis, serializer=JSONSerializer)
    for number in range(SHOWN + 5):
        redis.zadd(registry.key, {f"link-{number:03}": time.time() + KEEP_FAILURE + number})
    _, board = await owner.get("/queue")
    assert board["queues"][2]["failed"] == SHOWN + 5
    assert [job["id"] for job in board["failed"]] == [
        f"link-{number:03}" for number in range(SHOWN + 4, 4, -1)
    ]


async def test_two_hundred_thousand_jobs_take_no_longer(
    redis: Redis, jobs: JobQueue, owner: Caller
):
    """Lengths and ends are asked for, never all of it."""
    jobs.put(HANDLE_EVENT, "evt", "t", "x", "0", job_id="evt_first")
    for part in range(20):
        redis.rpush("rq:queue:events", *[f"evt_{part}_{n}" for n in range(MANY // 20)])
    _, board = await promptly(owner.get, "/queue", within=0.1)
    assert board["queues"][2]["depth"] == MANY + 1
    assert board["queues"][2]["oldest"] is not None


@pytest.mark.usefixtures("redis")
async def test_workers_and_what_they_do(unmanned: Stack, owner: Caller):
    """One that is killed is missed as soon as its connection is."""
    unmanned.start("worker")
    _, board = await owner.get("/queue")
    (worker,) = board["workers"]
    assert (worker["alive"], worker["queues"]) == (True, ["answers", "reports", "events"])
    unmanned.kill("worker")
    deadline = time.monotonic() + PATIENCE
    while any(each["alive"] for each in board["workers"]):
        assert time.monotonic() < deadline
        _, board = await owner.get("/queue")
    assert len(board["workers"]) == 1


async def test_retries_that_are_due_later(jobs: JobQueue, redis: Redis, owner: Caller):
    """The next one first."""
    queue = Queue(HANDLE_EVENT.queue, connection=redis, serializer=JSONSerializer)
    for name in ("evt_later", "evt_sooner"):
        jobs.put(HANDLE_EVENT, "evt", "t", "x", "0", job_id=name)
        assert queue.pop_job_id() == name
        redis.zadd("rq:scheduled:events", {name: time.time() + (60 if "soon" in name else 600)})
    _, board = await owner.get("/queue")
    assert [(job["id"], job["function"]) for job in board["retries"]] == [
        ("evt_sooner", "handle_event"),
        ("evt_later", "handle_event"),
    ]
    assert board["queues"][2]["retries"] == 2
