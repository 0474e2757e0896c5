"""Whether this process can serve, and what is missing if not.

What is `failed` keeps a load balancer from sending anybody here, so it is only what no request
can do without: Redis, and a key that Stripe takes. Everything else is `degraded`: without a worker
students are served as ever, and a Stripe that is silent is silent to the machine next door as well.
"""

import asyncio
from dataclasses import dataclass
from enum import IntEnum

from redis.exceptions import RedisError

from jobs.catalogue import ANSWER_REPORT, HANDLE_EVENT, RUN_REPORT
from jobs.queue import JobQueue
from server.stripe_key import Opinion, StripeKey
from shop.storage import Storage

WITHIN = 1.5
"""Seconds in which a probe has its answer, whoever is silent."""


class Status(IntEnum):
    """How well something is; the greater, the worse."""

    OK = 0
    DEGRADED = 1
    FAILED = 2

    @property
    def word(self) -> str:
        """As the answer has it."""
        return self.name.lower()


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and a sentence for whoever operates the shop."""

    status: Status
    message: str


Checks = dict[str, Check]

OF_STRIPE = {
    Opinion.ACCEPTED: Check(Status.OK, "Stripe takes the shop's key."),
    Opinion.REFUSED: Check(Status.FAILED, "Stripe does not take the key in code/server/.env."),
    Opinion.SILENT: Check(Status.DEGRADED, "Stripe does not answer."),
    Opinion.UNKNOWN: Check(Status.DEGRADED, "Stripe has not answered yet."),
}


def overall(checks: Checks) -> Status:
    """As bad as the worst of them."""
    return max(check.status for check in checks.values())


async def look(storage: Storage, queue: JobQueue, stripe_key: StripeKey) -> Checks:
    """Look at everything at once; answers within `WITHIN` seconds."""
    ours, opinion = await asyncio.gather(
        _redis_and_workers(storage, queue), stripe_key.opinion(WITHIN)
    )
    return {**ours, "stripe_key": OF_STRIPE[opinion]}


async def _redis_and_workers(storage: Storage, queue: JobQueue) -> Checks:
    try:
        async with asyncio.timeout(WITHIN):
            await storage.redis.ping()
            names = (RUN_REPORT.queue, HANDLE_EVENT.queue, ANSWER_REPORT.queue)
            alive = await asyncio.to_thread(queue.workers_alive, *names)
    except (RedisError, TimeoutError):
        unknown = Check(Status.DEGRADED, "Nobody can tell while Redis is away.")
        away = Check(Status.FAILED, "Redis does not answer.")
        return {"redis": away, "report_worker": unknown, "prompt_worker": unknown}
    for_reports, for_events, for_answers = (alive[name] for name in names)
    return {
        "redis": Check(Status.OK, "Redis answers."),
        "report_worker": of_report_workers(for_reports),
        "prompt_worker": of_prompt_workers((for_events & for_answers) - for_reports),
    }


def of_report_workers(alive: set[str]) -> Check:
    """Whether anybody makes reports."""
    if alive:
        return Check(Status.OK, "A worker makes reports.")
    return Check(Status.DEGRADED, "No worker makes reports, so none can be asked for.")


def of_prompt_workers(alive: set[str]) -> Check:
    """Whether somebody is there for events and answers who is never busy with a long report."""
    if alive:
        return Check(Status.OK, "A worker is there for events and answers alone.")
    return Check(
        Status.DEGRADED,
        "No worker is there for events and answers alone, so they may wait for long reports.",
    )
