"""A worker whose Redis is emptied while it runs."""

from pathlib import Path

import pytest
from redis import Redis
from rq import Queue, Worker

from script.starter.redis_server import own_redis
from shop.settings import load
from worker.registered import RegisteredWorker


@pytest.mark.parametrize("sent_before", [False, True])
def test_it_is_known_again_with_its_next_sign_of_life(tmp_path: Path, sent_before: bool):
    """With all of its queues, also where a sign of life without a registration is there."""
    settings = load(environment={"VAR_DIR": str(tmp_path)})
    with own_redis(settings), Redis.from_url(settings.redis_url) as redis:
        queues = [Queue(name, connection=redis) for name in ("answers", "events")]
        worker = RegisteredWorker(queues, connection=redis)
        worker.register_birth()
        worker.heartbeat()
        redis.flushall()
        if sent_before:
            Worker.heartbeat(worker)
        assert Worker.all(connection=redis) == []

        worker.heartbeat()
        for queue in queues:
            [known] = Worker.all(queue=queue)
            assert (known.name, known.queue_names()) == (worker.name, ["answers", "events"])
