"""`python -m worker.clock`: queues what is done every night and every hour, until told to stop.

RQ's cron keeps the time. Any number of machines may run a clock: what is due is queued under an id
that names its time, so it is queued once, and the nightly job itself does nothing twice. A night
that passed while no clock ran is made up for when one starts.
"""

import argparse
import logging
import sys
from contextlib import closing
from datetime import UTC, datetime, time
from types import FrameType
from zoneinfo import ZoneInfo

from redis import Redis
from redis.client import Pipeline
from redis.exceptions import RedisError
from rq.cron import CronJob, CronScheduler

from jobs.catalogue import LOOK_AT_HOLDS, NIGHTLY, Job
from jobs.queue import JobQueue
from shop import logs
from shop.errors import SettingsError
from shop.rules import daily
from shop.settings import load
from worker.redis_ready import wait_for_redis, wait_no_longer

NIGHTLY_AT = time(3, 10)
"""By the shop's clock. Nobody is at work, and clocks are never set at that time in America."""

log = logging.getLogger(__name__)


class EveryHour(CronJob):
    """A job without arguments, once an hour and when the clock starts."""

    def __init__(self, job: Job) -> None:
        super().__init__(queue_name=job.queue, func_name=job.function, interval=3600)
        self.job = job

    def put(self, queue: JobQueue) -> None:
        """Queue it, unless another clock did this hour and it still waits or runs."""
        queue.put_once(self.job, job_id=f"{_name(self.job)}-{datetime.now(UTC):%Y-%m-%dT%H}")


class EveryNight(CronJob):
    """A job that is told the night's date, once a night at a time of the shop's clock."""

    def __init__(self, job: Job, at: time, zone: ZoneInfo) -> None:
        self.job = job
        self._at = at
        self._zone = zone
        super().__init__(  # RQ shows the cron line, and would read it by this machine's clock
            queue_name=job.queue, func_name=job.function, cron=f"{at.minute} {at.hour} * * *"
        )

    def get_next_enqueue_time(self) -> datetime:
        """The last night at first, which may have been missed; then the next one."""
        if self.latest_enqueue_time is None:
            return daily.latest(self._at, self._zone, datetime.now(UTC))
        return daily.following(self._at, self._zone, self.latest_enqueue_time)

    def put(self, queue: JobQueue) -> None:
        """Queue the night that is due, unless another clock did."""
        due = self.next_enqueue_time or datetime.now(UTC)
        night = due.astimezone(self._zone).date().isoformat()
        queue.put_once(self.job, night, job_id=f"{_name(self.job)}-{night}")


class Clock(CronScheduler):
    """RQ's scheduler, which puts jobs into our queues, and outlasts a Redis that is away."""

    def __init__(self, redis: Redis, queue: JobQueue, jobs: list[EveryHour | EveryNight]) -> None:
        super().__init__(connection=redis)
        self._queue = queue
        self._timed = jobs
        self.get_jobs().extend(jobs)

    def enqueue_jobs(self) -> list[CronJob]:
        """Queue what is due. Without Redis it stays due; the heartbeat waits until it is back."""
        queued: list[CronJob] = []
        for timed in self._timed:
            if timed.should_run():
                try:
                    timed.put(self._queue)
                except RedisError as error:
                    log.warning("%s could not be queued: %s", timed.func_name, error)
                    continue
                timed.set_enqueue_time(datetime.now(UTC))
                queued.append(timed)
        return queued

    def register_death(self, pipeline: Pipeline | None = None) -> None:
        """Sign off, unless Redis is away: then the registration lapses by itself."""
        try:
            super().register_death(pipeline)
        except RedisError as error:
            log.warning("the clock could not sign off, as Redis is away: %s", error)

    def _request_stop(self, signum: int, frame: FrameType | None) -> None:
        wait_no_longer(self.connection)
        super()._request_stop(signum, frame)  # type: ignore[no-untyped-call]


def main() -> int:
    """Run one clock; answers with the exit code."""
    nightly_at = _parse_arguments().nightly_at
    try:
        settings = load()
        logs.set_up(settings.log_format)
        logging.getLogger("rq.cron").setLevel(logging.WARNING)
        redis = wait_for_redis(settings.redis_url)
    except SettingsError as error:
        print(error.message, file=sys.stderr)
        return 2
    except RedisError as error:
        print(f"Redis cannot be reached: {error}", file=sys.stderr)
        return 1
    night = EveryNight(NIGHTLY, nightly_at, settings.shop_zone)
    with closing(JobQueue(settings)) as queue:
        Clock(redis, queue, [EveryHour(LOOK_AT_HOLDS), night]).start()  # type: ignore[no-untyped-call]
    return 0


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m worker.clock", description=__doc__)
    parser.add_argument(
        "--nightly-at",
        type=time.fromisoformat,
        default=NIGHTLY_AT,
        metavar="HH:MM",
        help="when the nightly job is queued, by the shop's clock (default: 03:10)",
    )
    return parser.parse_args()


def _name(job: Job) -> str:
    return job.function.rpartition(".")[2].replace("_", "-")


if __name__ == "__main__":
    raise SystemExit(main())
