"""`python -m worker`: runs queued jobs until it is told to stop."""

import argparse
import sys
from collections.abc import Sequence

from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer
from rq.utils import import_attribute

from jobs.catalogue import JOBS, KEEP_RESULT, QUEUES, REBUILD_LESSON_BOOK, REPORT_KINDS
from jobs.queue import JobQueue
from jobs.report import report_module
from shop import logs
from shop.errors import SettingsError
from shop.settings import Settings, load
from worker.lookout import LookoutWorker
from worker.our_jobs import OurJob
from worker.redis_ready import wait_for_redis

WORKER_TTL = 30
"""Seconds after which a worker that went silent is no longer counted. An idle one looks up from
its queues after half of it."""

MAINTENANCE = 5
"""Seconds between two looks for jobs and reports whose worker died, at least."""

MONITORING = 10
"""Seconds between two signs of life while a job runs."""


def main() -> int:
    """Run one worker; answers with the exit code, which is 0 only where it was told to stop."""
    queues = _parse_arguments().queues
    try:
        settings = load()
    except SettingsError as error:
        print(error.message, file=sys.stderr)
        return 2
    logs.set_up(settings.log_format)
    _import_every_job()
    try:
        redis = wait_for_redis(settings.redis_url)
    except RedisError as error:
        print(f"Redis cannot be reached: {error}", file=sys.stderr)
        return 1
    if REBUILD_LESSON_BOOK.queue in queues:
        _queue_rebuild(settings)
    worker = _worker(redis, queues)
    worker.work(logging_level="WARNING")
    if worker.is_told_to_stop:
        return 0
    print("The worker gave up, for the reason above; it should be started again.", file=sys.stderr)
    return 1


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m worker", description=__doc__)
    parser.add_argument(
        "--queues",
        type=_queues,
        default=QUEUES,
        metavar="NAME,NAME",
        help=f"serve only these of {', '.join(QUEUES)}, the first one first",
    )
    return parser.parse_args()


def _queues(names: str) -> list[str]:
    named = names.split(",")
    unknown = [name for name in named if name not in QUEUES]
    if unknown:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(QUEUES)}")
    return named


def _import_every_job() -> None:
    """A job or report whose path is misspelt stops the worker here, with its name."""
    for job in JOBS:
        import_attribute(job.function)
    for kind in REPORT_KINDS:
        report_module(kind)


def _queue_rebuild(settings: Settings) -> None:
    queue = JobQueue(settings)
    queue.put(REBUILD_LESSON_BOOK, "new", job_id="lesson-book")
    queue.close()


def _worker(redis: Redis, queues: Sequence[str]) -> LookoutWorker:
    return LookoutWorker(
        [
            Queue(name, connection=redis, job_class=OurJob, serializer=JSONSerializer)
            for name in queues
        ],
        connection=redis,
        job_class=OurJob,
        serializer=JSONSerializer,
        default_result_ttl=KEEP_RESULT,
        worker_ttl=WORKER_TTL,
        maintenance_interval=MAINTENANCE,
        job_monitoring_interval=MONITORING,
    )


if __name__ == "__main__":
    raise SystemExit(main())
