"""A shop's Redis, which tests kill, stop in its tracks and start again."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from redis import Redis

from script.starter.redis_server import own_redis
from tests.stack import Stack


def redis_process(stack: Stack) -> psutil.Process:
    """The process of the shop's Redis."""
    with Redis.from_url(stack.settings.redis_url) as redis:
        return psutil.Process(int(redis.info("server")["process_id"]))


def kill(process: psutil.Process) -> None:
    """SIGKILL, and wait until it is gone."""
    process.kill()
    process.wait()


@contextmanager
def hanging(process: psutil.Process) -> Iterator[None]:
    """It accepts connections and says nothing; afterwards it goes on as if nothing had been."""
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)


@contextmanager
def restarted(stack: Stack) -> Iterator[psutil.Process]:
    """Start it again over its append-only file, for the length of the context."""
    with own_redis(stack.settings) as process:
        assert process is not None
        yield psutil.Process(process.pid)


def written(stack: Stack) -> tuple[Path, int]:
    """The append-only file that grows, and its size in bytes."""
    folder = stack.settings.var_dir / "redis"
    several = [*(folder / "appendonlydir").glob("*.incr.aof")]  # from Redis 7 on
    growing = several[0] if several else folder / "appendonly.aof"
    return growing, growing.stat().st_size
