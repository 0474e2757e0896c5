"""What all processes of all machines count together, read from Redis when it is asked for."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from jobs.queue import JobQueue, QueueState
from shop.figures.fields import ABOVE_ALL, Kept, read
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.budget import State

WITHIN = 1.5
"""Seconds that Redis has to answer."""


@dataclass(frozen=True)
class Shared:
    """One look at what is in Redis."""

    kept: Kept
    queues: list[QueueState]
    budget: State


async def look(storage: Storage, queue: JobQueue, gateway: StripeGateway) -> Shared | None:
    """Everything at once; None where Redis does not answer."""
    try:
        async with asyncio.timeout(WITHIN):
            await storage.redis.ping()
            fields = await storage.figures.kept()
            budget = await gateway.account.budget()
            queues = await asyncio.to_thread(queue.states)
    except (RedisError, TimeoutError):
        return None
    return Shared(read(fields), queues, budget)


class SharedCollector(Collector):
    """Shows one look to Prometheus."""

    def __init__(self, shared: Shared | None) -> None:
        self._shared = shared

    def collect(self) -> Iterator[Metric]:
        """Every figure; without Redis only that it is away."""
        yield GaugeMetricFamily(
            "ipsum_redis_up", "Whether Redis answers.", value=self._shared is not None
        )
        if self._shared is not None:
            yield from _counted(self._shared.kept)
            yield from _of_queues(self._shared.queues)
            yield from _of_budget(self._shared.budget)


def _counted(kept: Kept) -> Iterator[Metric]:
    for counter, counts in kept.counters.items():
        counted = CounterMetricFamily(counter.name, counter.about, labels=counter.labels)
        for labels, count in sorted(counts.items()):
            counted.add_metric(labels, count)
        yield counted
    for histogram, spreads in kept.histograms.items():
        timed = HistogramMetricFamily(histogram.name, histogram.about, labels=histogram.labels)
        bounds = (*map(str, histogram.bounds), ABOVE_ALL)
        for labels, spread in sorted(spreads.items()):
            buckets = list(zip(bounds, spread.up_to, strict=True))
            timed.add_metric(labels, buckets, sum_value=spread.seconds)
        yield timed


def _of_queues(queues: list[QueueState]) -> Iterator[Metric]:
    now = time.time()
    jobs = GaugeMetricFamily(
        "ipsum_queue_jobs", "Jobs in a queue, by what they wait for.", labels=("queue", "state")
    )
    workers = GaugeMetricFamily(
        "ipsum_queue_workers", "Workers that serve a queue.", labels=("queue",)
    )
    waits = GaugeMetricFamily(
        "ipsum_queue_oldest_job_age_seconds",
        "For how long the next job has waited; 0 without one.",
        labels=("queue",),
    )
    for queue in queues:
        jobs.add_metric((queue.name, "waiting"), queue.waiting)
        jobs.add_metric((queue.name, "running"), queue.running)
        jobs.add_metric((queue.name, "to_be_retried"), queue.to_be_retried)
        jobs.add_metric((queue.name, "failed"), queue.failed)
        workers.add_metric((queue.name,), queue.workers)
        waited = now - queue.oldest_since if queue.oldest_since is not None else 0
        waits.add_metric((queue.name,), max(0, waited))
    yield from (jobs, workers, waits)


def _of_budget(budget: State) -> Iterator[Metric]:
    yield GaugeMetricFamily(
        "ipsum_stripe_budget_limit",
        "Requests a second that Stripe allows the account.",
        value=budget.limit,
    )
    yield GaugeMetricFamily(
        "ipsum_stripe_budget_used_ratio",
        "Share of the requests at hand that is used; above 1 they are overdrawn.",
        value=budget.used,
    )
    yield GaugeMetricFamily(
        "ipsum_stripe_budget_pace_ratio",
        "Share of the limit that is used at most; below 1 for half a minute after a 429.",
        value=budget.pace,
    )
