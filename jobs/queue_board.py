"""Who works, what failed and what is tried again, for those who run the shop: a few commands,
however many jobs there are.

RQ's registries are asked for their ends only, never for all that is in them.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from redis import Redis
from rq import Queue, Worker
from rq.command import PUBSUB_CHANNEL_TEMPLATE
from rq.exceptions import DeserializationError, InvalidJobOperation, NoSuchJobError
from rq.executions import ExecutionRegistry
from rq.job import Job
from rq.registry import FailedJobRegistry, ScheduledJobRegistry
from rq.results import Result
from rq.serializers import JSONSerializer

from jobs.catalogue import KEEP_FAILURE, QUEUES
from jobs.queue_states import Board, JobState, WorkerState, last_line

SHOWN = 50
"""Failed jobs, and retries, that are shown."""

Scored = Sequence[tuple[bytes, float]]


class QueueBoard:
    """Looks at the queues, and lets failed jobs be run again or removed. Blocking calls."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._queues = [Queue(name, connection=redis, serializer=JSONSerializer) for name in QUEUES]

    def look(self) -> Board:
        """How things are now."""
        with self._redis.pipeline(transaction=False) as pipe:
            for queue in self._queues:
                pipe.zrange(_failed(queue).key, 0, SHOWN - 1, desc=True, withscores=True)
                pipe.zrange(_retries(queue).key, 0, SHOWN - 1, withscores=True)
            found: list[Scored] = pipe.execute()
        failed = [(_text(name), at - KEEP_FAILURE) for each in found[::2] for name, at in each]
        retries = [(_text(name), at) for each in found[1::2] for name, at in each]
        failed.sort(key=lambda job: job[1], reverse=True)
        retries.sort(key=lambda job: job[1])
        return Board(
            workers=self._workers(),
            failed=self._states(failed[:SHOWN], with_errors=True),
            retries=self._states(retries[:SHOWN]),
        )

    def run_again(self, job_id: str) -> str | None:
        """Queue a failed job again; the queue's name, None where no such job has failed."""
        for queue in self._queues:
            registry = _failed(queue)
            if self._redis.zscore(registry.key, job_id) is None:
                continue
            try:
                registry.requeue(job_id)
            except (NoSuchJobError, InvalidJobOperation):  # somebody else was quicker
                return None
            return queue.name
        return None

    def remove(self, job_id: str) -> str | None:
        """Forget a failed job; the queue's name, None where no such job has failed.

        RQ's own way looks through the whole queue, and stumbles over jobs whose process was killed.
        """
        for queue in self._queues:
            if self._redis.zrem(_failed(queue).key, job_id):
                executions = ExecutionRegistry(job_id, connection=self._redis).key
                result = Result.get_key(job_id)  # type: ignore[no-untyped-call]
                self._redis.delete(Job.key_for(job_id), result, executions)
                return queue.name
        return None

    def _states(
        self, places: Sequence[tuple[str, float]], *, with_errors: bool = False
    ) -> tuple[JobState, ...]:
        jobs = self._jobs(name for name, _ in places)
        return tuple(
            JobState(
                id=name,
                queue=job.origin,
                function=_function(job),
                at=at,
                error=_error_of(job) if with_errors else "",
            )
            for name, at in places
            if (job := jobs.get(name)) is not None
        )

    def _jobs(self, job_ids: Iterable[str]) -> Mapping[str, Job]:
        ids = list(job_ids)
        if not ids:
            return {}
        found = Job.fetch_many(ids, connection=self._redis, serializer=JSONSerializer)
        return {job.id: job for job in found if job is not None}

    def _workers(self) -> tuple[WorkerState, ...]:
        keys = sorted(_text(key) for key in self._redis.smembers(Worker.redis_workers_keys))
        if not keys:
            return ()
        with self._redis.pipeline(transaction=False) as pipe:
            for key in keys:
                pipe.hgetall(key)
            hashes = pipe.execute()
        names = [key.removeprefix(Worker.redis_worker_namespace_prefix) for key in keys]
        heard = self._redis.pubsub_numsub(*[PUBSUB_CHANNEL_TEMPLATE % name for name in names])
        facts = [{_text(k): _text(v) for k, v in each.items()} for each in hashes]
        jobs = self._jobs(each["current_job"] for each in facts if each.get("current_job"))
        return tuple(
            _worker(each, bool(listeners), jobs)
            for each, (_, listeners) in zip(facts, heard, strict=True)
            if each
        )


def _error_of(job: Job) -> str:
    result = Result.fetch_latest(job, serializer=JSONSerializer)
    return last_line((result and result.exc_string) or "")


def _worker(facts: Mapping[str, str], is_alive: bool, jobs: Mapping[str, Job]) -> WorkerState:
    job = jobs.get(facts.get("current_job", ""))
    return WorkerState(
        name=f"{facts.get('hostname', '?')}:{facts.get('pid', '?')}",
        queues=tuple(facts.get("queues", "").split(",")),
        since=_seconds(facts.get("birth")),
        is_alive=is_alive,
        job=job.id if job else None,
        function=_function(job) if job else None,
        job_since=job.started_at.timestamp() if job and job.started_at else None,
    )


def _function(job: Job) -> str:
    """`send_letters` of `jobs.send_letters.send_letters`; "" of a job that is not one of ours."""
    try:
        return (job.func_name or "").rpartition(".")[2]
    except DeserializationError:
        return ""


def _failed(queue: Queue) -> FailedJobRegistry:
    return FailedJobRegistry(queue=queue)


def _retries(queue: Queue) -> ScheduledJobRegistry:
    return ScheduledJobRegistry(queue=queue)  # type: ignore[no-untyped-call]


def _seconds(text: str | None) -> float | None:
    if not text:
        return None
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
