"""Jobs that failed are run again, after pauses that grow."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest
from redis import Redis
from rq import Queue
from rq.job import Job
from rq.registry import ScheduledJobRegistry
from rq.serializers import JSONSerializer

from jobs.catalogue import HANDLE_EVENT
from jobs.queue import JobQueue
from tests.stack import Stack, open_stack
from worker.due_jobs import DueJobs


@pytest.fixture(scope="module")
def unmanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with open_stack(tmp_path_factory.mktemp("retries"), students=0, payments=0) as running:
        yield running


@pytest.fixture
def redis(unmanned: Stack) -> Iterator[Redis]:
    with Redis.from_url(unmanned.settings.redis_url) as opened:
        opened.flushdb()
        yield opened


@pytest.fixture
def events(redis: Redis) -> Queue:
    return Queue(HANDLE_EVENT.queue, connection=redis, serializer=JSONSerializer)


@pytest.fixture
def waiting(events: Queue) -> ScheduledJobRegistry:
    return ScheduledJobRegistry(queue=events)


@pytest.fixture
def job(unmanned: Stack, events: Queue) -> Job:
    """An event's job that a worker has taken."""
    with closing(JobQueue(unmanned.settings)) as queue:
        queue.put(HANDLE_EVENT, "evt_1", "refund.failed", "re_1", "0", job_id="evt_1")
    assert events.pop_job_id() == "evt_1"
    return Job.fetch("evt_1", connection=events.connection, serializer=JSONSerializer)


def fail(job: Job, events: Queue) -> None:
    """What RQ does with a job that raised."""
    with events.connection.pipeline() as pipeline:
        job.retry(events, pipeline)
        pipeline.execute()


def test_the_pauses_grow(job: Job, events: Queue, waiting: ScheduledJobRegistry):
    """From ten seconds to four hours, so that a mail server may be away for an evening."""
    pauses = []
    for _ in range(HANDLE_EVENT.retries):
        failed_at = time.time()
        fail(job, events)
        pauses.append(waiting.get_scheduled_time(job).timestamp() - failed_at)
    assert pauses == [pytest.approx(pause, abs=2) for pause in (10, 60, 600, 3600, 14400)]
    assert job.retries_left == 0


def test_a_worker_queues_what_is_due_and_nothing_else(
    job: Job, events: Queue, waiting: ScheduledJobRegistry
):
    """However often it looks, and a second worker beside it."""
    fail(job, events)
    one, other = (DueJobs([events], events.connection) for _ in range(2))
    one.put()
    assert (events.get_job_ids(), waiting.get_job_ids()) == ([], ["evt_1"])
    waiting.schedule(job, datetime.now(UTC))
    for worker in (one, other, one):
        worker.put()
    assert (events.get_job_ids(), waiting.get_job_ids()) == (["evt_1"], [])


def test_a_queue_is_looked_after_by_one_worker_at_a_time(
    job: Job, events: Queue, waiting: ScheduledJobRegistry
):
    """The other leaves it alone, and looks again once the first is done."""
    fail(job, events)
    waiting.schedule(job, datetime.now(UTC))
    one, other = (DueJobs([events], events.connection) for _ in range(2))
    one.acquire_locks()
    other.put()
    assert events.get_job_ids() == []
    one.release_locks()
    other.put()
    assert events.get_job_ids() == ["evt_1"]
