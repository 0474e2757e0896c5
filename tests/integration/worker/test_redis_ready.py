"""The beginning of a worker: Redis may be starting, and it may be nowhere."""

import socket
import time
from collections.abc import Iterator

import pytest
from redis.exceptions import RedisError

from worker import redis_ready


@pytest.fixture
def in_haste(monkeypatch: pytest.MonkeyPatch) -> None:
    """Less patience than a start has."""
    monkeypatch.setattr(redis_ready, "PATIENCE", 1.0)
    monkeypatch.setattr(redis_ready, "CONNECT_WITHIN", 0.2)


@pytest.fixture
def unanswered() -> Iterator[int]:
    """A port that answers no more connections, as a machine that is gone does."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = int(listener.getsockname()[1])
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
        yield port
        for caller in callers:
            caller.close()


@pytest.mark.usefixtures("in_haste")
def test_a_redis_that_is_nowhere_is_given_up(unanswered: int):
    """Its packets are lost, and no connection is refused."""
    began = time.monotonic()
    with pytest.raises(RedisError):
        redis_ready.wait_for_redis(f"redis://127.0.0.1:{unanswered}")
    assert time.monotonic() - began >= redis_ready.PATIENCE


@pytest.mark.usefixtures("in_haste")
def test_a_redis_that_nobody_runs_is_given_up():
    """Nor is it asked without a pause."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(RedisError):
        redis_ready.wait_for_redis(f"redis://127.0.0.1:{port}")
