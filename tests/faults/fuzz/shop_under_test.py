"""The shop that is fuzzed, and what must not be found in it afterwards."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.fernet import Fernet
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from jobs.catalogue import QUEUES
from shop.staff import passwords, staff_file
from shop.staff.accounts import Account, Role, Staff
from shop.staff.tokens import new_token
from tests.stack import Stack, open_stack

UNHURRIED = {"STRIPE_RATE_TOTAL": "5000", "STRIPE_RATE_PER_ENDPOINT": "5000"}
"""So many people at once would use up a test account's budget, and no report would be made."""


@contextmanager
def open_shop(folder: Path) -> Iterator[Stack]:
    """Everything is up, so nothing has a reason to answer 502 or 503."""
    with open_stack(folder, students=60, payments=240) as stack:
        stack.environment |= UNHURRIED
        for name in ("web", "worker", "prompt worker"):
            stack.start(name)
        yield stack


def close(stack: Stack) -> str:
    """Make the first staff account, an owner's, so that nothing is open any more; its token."""
    token, kept = new_token("fuzz")
    owner = Account(
        name="fuzz",
        roles=frozenset({Role.OWNER}),
        password=passwords.hashed(Fernet.generate_key().decode()),
        sessions_from=time.time(),
        tokens=(kept,),
    )
    staff = Staff(key=Fernet.generate_key().decode(), accounts={owner.name: owner})
    staff_file.write(stack.settings.staff_file, staff)
    return token


def failed_jobs(stack: Stack) -> list[str]:
    """Jobs that requests have queued and that no worker could do."""
    redis = Redis.from_url(stack.settings.redis_url)
    try:
        queues = [Queue(name, connection=redis, serializer=JSONSerializer) for name in QUEUES]
        return [
            f"job {job_id} failed: {queue.fetch_job(job_id).latest_result().exc_string}"
            for queue in queues
            for job_id in queue.failed_job_registry.get_job_ids()
        ]
    finally:
        redis.close()


def mistakes(stack: Stack) -> list[str]:
    """What the web process has logged as a mistake of ours."""
    log = stack.log("web")
    return [f"the web process logged:\n{log}"] if "Traceback" in log else []
