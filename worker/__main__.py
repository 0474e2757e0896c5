"""`python -m worker`: runs queued jobs until it is told to stop."""

import sys

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import import_attribute

from jobs.catalogue import INDEX_STUDENTS, JOBS, KEEP_RESULT, QUEUES, REPORT_KINDS
from jobs.queue import JobQueue
from jobs.report import report_module
from shop import logs
from shop.errors import SettingsError
from shop.settings import Settings, load
from worker.deaths import note_death
from worker.redis_ready import wait_for_redis

WORKER_TTL = 60
"""Seconds after which a worker that went silent is no longer counted."""

MAINTENANCE = 30
"""Seconds between two looks for jobs whose worker died."""

MONITORING = 10
"""Seconds between two signs of life while a job runs."""


def main() -> int:
    """Start one worker; answers with the exit code."""
    logs.set_up()
    try:
        settings = load()
    except SettingsError as error:
        print(error.message, file=sys.stderr)
        return 2
    _import_every_job()
    try:
        redis = wait_for_redis(settings.redis_url)
    except RedisError as error:
        print(f"Redis cannot be reached: {error}", file=sys.stderr)
        return 1
    _queue_index(settings)
    _worker(redis).work(logging_level="WARNING")
    return 0


def _import_every_job() -> None:
    """A job or report whose path is misspelt stops the worker here, with its name."""
    for job in JOBS:
        import_attribute(job.function)
    for kind in REPORT_KINDS:
        report_module(kind)


def _queue_index(settings: Settings) -> None:
    queue = JobQueue(settings)
    queue.put(INDEX_STUDENTS, job_id="index-students")
    queue.close()


def _worker(redis: Redis) -> Worker:
    return Worker(
        [Queue(name, connection=redis, serializer=JSONSerializer) for name in QUEUES],
        connection=redis,
        serializer=JSONSerializer,
        default_result_ttl=KEEP_RESULT,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE,
        job_monitoring_interval=MONITORING,
        work_horse_killed_handler=_on_death,
        exception_handlers=[_on_failure],
    )


def _on_death(job: Job, _pid: int, _status: int, _usage: object) -> None:
    note_death(job)


def _on_failure(job: Job, *_: object) -> None:
    """RQ calls this too when it finds a job whose whole worker died."""
    note_death(job)


if __name__ == "__main__":
    raise SystemExit(main())
