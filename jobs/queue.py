"""Putting jobs into the queue, and knowing whether anybody is there to run them."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry as RedisRetry
from rq import Queue, Retry
from rq.command import PUBSUB_CHANNEL_TEMPLATE
from rq.exceptions import DuplicateJobError
from rq.job import Job as RqJob
from rq.serializers import JSONSerializer
from rq.utils import as_text, utcparse
from rq.worker import BaseWorker
from structlog.contextvars import get_contextvars

from jobs.catalogue import KEEP_FAILURE, KEEP_RESULT, QUEUES, Job
from jobs.queue_board import QueueBoard
from shop.settings import Settings
from shop.storage import ANSWER_WITHIN


@dataclass(frozen=True, kw_only=True)
class QueueState:
    """How full a queue is.

    Attributes:
        waiting, running: jobs.
        to_be_retried: jobs that failed and wait for their pause to be over.
        failed: jobs that are given up; each is kept for `KEEP_FAILURE` seconds.
        workers: those who serve it and are connected.
        oldest_since: since when the job that is next has waited, unix seconds; None without one.
    """

    name: str
    waiting: int
    running: int
    to_be_retried: int
    failed: int
    workers: int
    oldest_since: float | None


class JobQueue:
    """RQ, with every limit set explicitly. Blocking calls; use a thread from async code."""

    def __init__(self, settings: Settings) -> None:
        self._redis = Redis.from_url(
            settings.redis_url,
            socket_connect_timeout=ANSWER_WITHIN,
            socket_timeout=ANSWER_WITHIN,
            retry=RedisRetry(ConstantBackoff(0.1), retries=1),
        )

    def put(self, job: Job, *args: str, job_id: str) -> None:
        """Queue one job. The same id queued twice is run twice."""
        self._put(job, args, job_id, unique=False)

    def put_once(self, job: Job, *args: str, job_id: str) -> None:
        """Queue one job, unless the queue still knows one with this id."""
        with suppress(DuplicateJobError):
            self._put(job, args, job_id, unique=True)

    def _put(self, job: Job, args: tuple[str, ...], job_id: str, *, unique: bool) -> None:
        queue = Queue(job.queue, connection=self._redis, serializer=JSONSerializer)
        queue.enqueue(
            job.function,
            args=args,
            job_id=job_id,
            job_timeout=job.timeout,
            result_ttl=KEEP_RESULT,
            failure_ttl=KEEP_FAILURE,
            retry=Retry(max=job.retries, interval=job.pauses) if job.retries else None,
            unique=unique,
            meta=_asked_by(),
        )

    def waiting(self, *queues: str) -> set[str]:
        """Ids of the jobs that wait for their turn in these queues."""
        return {
            job_id
            for name in queues
            for job_id in Queue(name, connection=self._redis).get_job_ids()
        }

    def worker_is_alive(self, queue: str) -> bool:
        """Whether a worker that serves the queue is connected at this moment."""
        return bool(self.workers_alive(queue)[queue])

    def workers_alive(self, *queues: str) -> dict[str, set[str]]:
        """For each queue the workers that serve it and are connected at this moment.

        A worker listens to a channel of its own for as long as its process lives, so one that
        was killed is missed at once and not only when its registration expires. One whose machine
        is gone is missed then: Redis keeps its connection for longer.
        """
        signed_on = {
            queue: BaseWorker.all_keys(queue=Queue(queue, connection=self._redis))
            for queue in queues
        }
        alive = self._alive({key for keys in signed_on.values() for key in keys})
        return {
            queue: {alive[key] for key in keys if key in alive} for queue, keys in signed_on.items()
        }

    def states(self) -> list[QueueState]:
        """How full each queue is, in a time that does not depend on that."""
        alive = self.workers_alive(*QUEUES)
        return [self._state(name, len(alive[name])) for name in QUEUES]

    def _state(self, name: str, workers: int) -> QueueState:
        queue = Queue(name, connection=self._redis)
        return QueueState(
            name=name,
            waiting=queue.count,
            running=queue.started_job_registry.get_job_count(cleanup=False),
            to_be_retried=queue.scheduled_job_registry.get_job_count(cleanup=False),
            failed=queue.failed_job_registry.get_job_count(cleanup=False),
            workers=workers,
            oldest_since=self._oldest_since(queue),
        )

    def _oldest_since(self, queue: Queue) -> float | None:
        first = queue.get_job_ids(offset=0, length=1)
        since = self._redis.hget(RqJob.key_for(first[0]), "enqueued_at") if first else None
        return utcparse(as_text(since)).timestamp() if since else None

    def _alive(self, keys: Collection[str]) -> dict[str, str]:
        """Those of the workers whose registration stands and who listen, each with its channel."""
        if not keys:
            return {}
        prefix = BaseWorker.redis_worker_namespace_prefix
        channels = {key: PUBSUB_CHANNEL_TEMPLATE % key.removeprefix(prefix) for key in keys}
        with self._redis.pipeline(transaction=False) as pipe:
            for key in channels:
                pipe.exists(key)
            pipe.pubsub_numsub(*channels.values())
            *registered, heard = pipe.execute()
        listeners = [number for _, number in heard]
        return {
            key: channel
            for (key, channel), *signs in zip(channels.items(), registered, listeners, strict=True)
            if all(signs)
        }

    @property
    def board(self) -> QueueBoard:
        """What goes on in the queues."""
        return QueueBoard(self._redis)

    def close(self) -> None:
        """Let the connections go."""
        self._redis.close()


def _asked_by() -> dict[str, str]:
    """The request that is being answered, so that the log of its job names it as well."""
    bound = get_contextvars()
    return {"request_id": bound["request_id"]} if "request_id" in bound else {}
