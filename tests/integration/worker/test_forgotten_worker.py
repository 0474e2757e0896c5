"""A worker whose Redis is emptied while it runs, and one whose machine is gone."""

from contextlib import closing
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue, Worker

from jobs.queue import JobQueue
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


def test_one_whose_machine_is_gone_is_missed_when_its_registration_lapses(tmp_path: Path):
    """Redis keeps its connection for minutes, and no other worker is there to clear it away."""
    settings = load(environment={"VAR_DIR": str(tmp_path)})
    with (
        own_redis(settings),
        Redis.from_url(settings.redis_url) as redis,
        redis.pubsub() as connection,
        closing(JobQueue(settings)) as queue,
    ):
        worker = RegisteredWorker([Queue("reports", connection=redis)], connection=redis)
        worker.register_birth()
        worker.heartbeat()
        connection.subscribe(worker.pubsub_channel_name)
        assert queue.workers_alive("reports") == {"reports": {worker.pubsub_channel_name}}

        redis.expire(worker.key, 0)
        assert queue.workers_alive("reports") == {"reports": set()}
