"""A worker runs the jobs of the catalogue, and no other function that somebody puts into Redis."""

from pathlib import Path

from redis import Redis
from rq import Callback, Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from jobs.catalogue import HANDLE_EVENT, SEND_ACCOUNT_LINK
from tests.integration.copies import wait_until
from tests.stack import Stack


def is_over(redis: Redis, job_id: str) -> bool:
    job = Job.fetch(job_id, connection=redis, serializer=JSONSerializer)
    return job.is_failed or job.is_finished


def test_another_function_is_not_run(stack: Stack, tmp_path: Path):
    """It counts as failed, and the worker goes on with the next job."""
    target = tmp_path / "made-by-a-stranger"
    with Redis.from_url(stack.settings.redis_url) as redis:
        queue = Queue(HANDLE_EVENT.queue, connection=redis, serializer=JSONSerializer)
        strange = queue.enqueue("os.mkdir", str(target), job_id="strange")
        ours = queue.enqueue(SEND_ACCOUNT_LINK.function, "cus_nobody", job_id="ours")
        wait_until(lambda: is_over(redis, strange.id) and is_over(redis, ours.id))
        assert (strange.get_status(), ours.get_status()) == ("failed", "finished")
    assert not target.exists()
    assert "names a function that is not in the catalogue" in stack.log("worker")


def test_callbacks_of_a_job_are_not_called(stack: Stack):
    """Ours have none; this one would fail, and with it the job."""
    with Redis.from_url(stack.settings.redis_url) as redis:
        queue = Queue(HANDLE_EVENT.queue, connection=redis, serializer=JSONSerializer)
        called = queue.enqueue(
            SEND_ACCOUNT_LINK.function,
            "cus_nobody",
            job_id="called-back",
            on_success=Callback("os.mkdir"),
        )
        wait_until(lambda: is_over(redis, called.id))
        assert called.get_status() == "finished"
