"""Waiting for a Redis that is just being started."""

from redis import Redis
from redis.backoff import ConstantBackoff
from redis.exceptions import BusyLoadingError, ConnectionError, TimeoutError
from redis.retry import Retry

PATIENCE = 10.0
"""Seconds. Loading a large append-only file takes a while."""

PAUSE = 0.1


def wait_for_redis(url: str) -> Redis:
    """A client of a Redis that answers.

    Raises:
        RedisError: it did not answer within `PATIENCE`.
    """
    patient = Retry(
        ConstantBackoff(PAUSE),
        retries=int(PATIENCE / PAUSE),
        supported_errors=(ConnectionError, TimeoutError, BusyLoadingError),
    )
    redis = Redis.from_url(url, retry=patient)
    redis.ping()
    return redis
