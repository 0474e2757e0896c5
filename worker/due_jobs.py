"""Queueing jobs again whose pause before a retry is over.

RQ keeps a job that waits for its retry in a registry, and leaves it to a scheduler to queue it when
its time has come. RQ would fork one from each worker. Here the workers themselves look, between
two jobs and while idle: a forked scheduler outlives a worker that is killed, and would neither
wait for a Redis that is away nor stop meanwhile as the worker does.
"""

from collections.abc import Sequence

from redis import Redis
from rq import Queue
from rq.scheduler import RQScheduler
from rq.serializers import JSONSerializer


class DueJobs(RQScheduler):
    """RQ's scheduler, on its worker's own connection and in its worker's own process."""

    def __init__(self, queues: Sequence[Queue], connection: Redis) -> None:
        super().__init__(
            [queue.name for queue in queues],
            connection=connection,
            logging_level="WARNING",
            serializer=JSONSerializer,
        )
        self._of_worker = connection

    @property
    def connection(self) -> Redis:
        """The worker's, which has the worker's patience (`worker.redis_ready`)."""
        return self._of_worker

    def put(self) -> None:
        """Queue what is due. A queue that another worker looks after this moment is left to it."""
        self.acquire_locks()  # type: ignore[no-untyped-call]
        try:
            self.enqueue_scheduled_jobs()  # type: ignore[no-untyped-call]
        finally:
            self.release_locks()  # type: ignore[no-untyped-call]
