"""More and more people at once, with a report and Stripe's events, until something gives."""

import asyncio
import statistics
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from bench.tools.bars import Verdicts
from bench.tools.children import megabytes
from bench.tools.load import at_a_pace
from bench.tools.people import Crowd, Seen
from bench.tools.results import Results
from bench.tools.shop import Shop
from bench.tools.web_cases import new_student
from jobs.catalogue import HANDLE_EVENT
from jobs.queue import JobQueue
from shop.rules.window import Window

DAY = 24 * 3600

LATENCY = {"base_ms": 180, "jitter": 0.4, "per_object_ms": 0.5}
"""What Stripe takes."""

MOST_P95 = 2.0
"""Seconds. Where a route takes longer than that for one in twenty, the rate is not sustained."""


class Reports(threading.Thread):
    """An accountant who has one report after the other made."""

    def __init__(self, shop: Shop, window: Window) -> None:
        super().__init__(daemon=True)
        self._shop = shop
        self._window = window
        self._over = threading.Event()

    def run(self) -> None:
        """Until told to stop."""
        while not self._over.is_set():
            self._shop.forget(self._shop.report(self._window))

    def stop(self) -> None:
        """The last one is made to its end."""
        self._over.set()
        self.join()


def new_crowd(shop: Shop, students: int) -> Crowd:
    """So many students with a card, and everybody who works with them; Stripe told nobody yet."""
    shop.stripe.control("webhooks", {"outage": True, "retry_after": []})
    ids = [new_student(shop.stripe) for _ in range(students)]
    shop.stripe.control("webhooks", {})
    return Crowd(ids, shop.stack.settings.sandbox_port)


@contextmanager
def reports_made(shop: Shop, transactions: int) -> Iterator[None]:
    """One report after the other over so many payments, for the length of the context."""
    size = {"students": max(transactions // 20, 1), "payments": transactions, "days": 90}
    shop.stripe.control("history", {**size, "seed": 1, "shape": "even"})
    shop.stripe.control("latency", LATENCY)
    now = int(time.time())
    reports = Reports(shop, Window(now - 100 * DAY, now - 1))
    reports.start()
    try:
        yield
    finally:
        reports.stop()


def rise(
    shop: Shop, crowd: Crowd, rates: Sequence[int], seconds: float, verdicts: Verdicts
) -> None:
    """Each rate for so many seconds, up to the first that is not sustained."""
    processes = int(shop.stack.environment["WEB_WORKERS"])
    before, sustained = _megabytes(shop), 0
    for rate in rates:
        results = Results("load", web=processes, actions_a_second=rate)
        if not _step(shop, crowd, rate, seconds, results):
            break
        sustained = rate
    grown = (_megabytes(shop) - before) / processes
    figures = {"sustained": sustained, "errors": crowd.errors, "growth_mb_each": grown}
    verdicts.judge(f"{processes} web processes", figures)


def _step(shop: Shop, crowd: Crowd, rate: int, seconds: float, results: Results) -> bool:
    """Whether the rate was sustained."""
    crowd.begin()
    began = time.perf_counter()
    calls = [crowd.do_something] * int(rate * seconds)
    asyncio.run(at_a_pace(shop.stack.settings.port, calls, per_second=rate))
    took = time.perf_counter() - began
    for route, seen in sorted(crowd.seen.items()):
        results.add(route, **_figures(seen, took))
    results.add("all", **_of_the_shop(shop, crowd.seen, took))
    results.print_json()
    slowest = max(_percentile(seen.waits, 95) for seen in crowd.seen.values())
    refused = sum(seen.said + seen.errors for seen in crowd.seen.values())
    return slowest <= MOST_P95 and refused == 0


def _figures(seen: Seen, took: float) -> dict[str, float]:
    marks = {f"p{mark}_ms": _percentile(seen.waits, mark) * 1e3 for mark in (50, 95, 99)}
    return {"per_s": len(seen.waits) / took, **marks, "refused": seen.said + seen.errors}


def _of_the_shop(shop: Shop, seen: Mapping[str, Seen], took: float) -> dict[str, float]:
    queue = JobQueue(shop.stack.settings)
    waiting = len(queue.waiting(HANDLE_EVENT.queue))
    queue.close()
    return {
        "per_s": sum(len(each.waits) for each in seen.values()) / took,
        "web_mb": megabytes(shop.stack.processes["web"].pid, family=True),
        "workers_mb": sum(megabytes(pid, family=True) for pid in _workers(shop)),
        "events_wait": waiting,
    }


def _megabytes(shop: Shop) -> float:
    """What web has, with all its processes, and what the workers have without their jobs."""
    web = megabytes(shop.stack.processes["web"].pid, family=True)
    return web + sum(megabytes(pid) for pid in _workers(shop))


def _workers(shop: Shop) -> list[int]:
    return [shop.stack.processes[name].pid for name in ("worker", "prompt worker")]


def _percentile(waits: list[float], mark: int) -> float:
    if len(waits) < 2:
        return max(waits, default=0.0)
    return statistics.quantiles(waits, n=100, method="inclusive")[mark - 1]
