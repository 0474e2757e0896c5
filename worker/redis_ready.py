"""Redis as the worker uses it: it may just be starting, and it may go away for a while."""

import logging
import os
import time

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import BusyLoadingError, ConnectionError, TimeoutError
from redis.retry import Retry

PATIENCE = 10.0
"""Seconds at the start. Loading a large append-only file takes a while."""

PAUSE = 0.1
"""Seconds between two tries."""

CONNECT_WITHIN = 1.0
"""Seconds: a machine that is gone refuses no connection, it answers nothing."""

TRIES_UNTIL_SAID = 10
"""A Redis that is merely restarted quickly is not worth a line in the log."""

FOR_EVER = -1

PASSING = (ConnectionError, TimeoutError, BusyLoadingError)

log = logging.getLogger(__name__)


def wait_for_redis(url: str) -> Redis:
    """A client of a Redis that answers. If it goes away, each command waits until it is back.

    Raises:
        RedisError: it did not answer within `PATIENCE`.
    """
    redis = Redis.from_url(
        url, socket_connect_timeout=CONNECT_WITHIN, retry=_retry(ConstantBackoff(PAUSE), 0)
    )
    give_up_at = time.monotonic() + PATIENCE
    while not _answers(redis, last_try=time.monotonic() >= give_up_at):
        time.sleep(PAUSE)
    redis.set_retry(_retry(_SaysSo(PAUSE), FOR_EVER))
    return redis


def wait_no_longer(redis: Redis) -> None:
    """From now on a command fails soon if Redis is away."""
    redis.set_retry(_retry(ConstantBackoff(PAUSE), 1))


def wait_with(redis: Redis, parent: int) -> None:
    """From now on each command of this process waits until its parent is gone.

    Then nobody is there to take its job's end: another worker runs the job again.
    """
    redis.set_retry(_retry(_WithParent(PAUSE, parent), FOR_EVER))


class _WithParent(ConstantBackoff):
    """Ends this process once its parent, by its process id, is gone."""

    def __init__(self, backoff: float, parent: int) -> None:
        super().__init__(backoff)
        self._parent = parent

    def compute(self, failures: int) -> float:
        if os.getppid() != self._parent:
            raise SystemExit(1)
        return super().compute(failures)


class _SaysSo(ConstantBackoff):
    """Says in the log that Redis is away, once for each command that waits."""

    def compute(self, failures: int) -> float:
        if failures == TRIES_UNTIL_SAID:
            log.warning("Redis is away; the worker waits until it is back.")
        return super().compute(failures)


def _answers(redis: Redis, *, last_try: bool) -> bool:
    try:
        redis.ping()
    except PASSING:
        if last_try:
            raise
        return False
    return True


def _retry(backoff: ConstantBackoff, retries: int) -> Retry:
    return Retry(backoff, retries, PASSING)
