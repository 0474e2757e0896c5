"""What Prometheus reads: right whoever is asked, whoever has died, however full the queue is."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import closing

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from jobs.catalogue import HANDLE_EVENT, LOOK_AT_HOLDS
from jobs.queue import JobQueue
from tests.integration.conftest import Caller
from tests.integration.promptness import promptly
from tests.integration.reports import ready
from tests.integration.students import hold, sign_up
from tests.stack import Stack, open_stack

Samples = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop whose figures nobody else changes."""
    with open_stack(tmp_path_factory.mktemp("metrics"), students=5, payments=20) as running:
        running.start("web")
        running.start("worker")
        yield running


@pytest.fixture
def unmanned(alone: Stack) -> Iterator[Stack]:
    """The same without its worker, for a while."""
    alone.kill("worker")
    yield alone
    alone.start("worker")


@pytest.fixture
async def caller(alone: Stack) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession(alone.url) as session:
        yield Caller(session)


@pytest.fixture
async def sandbox(alone: Stack) -> AsyncIterator[Caller]:
    headers = {"Authorization": f"Bearer {alone.settings.secret_key}"}
    async with aiohttp.ClientSession(alone.sandbox_url, headers=headers) as session:
        yield Caller(session)
        await Caller(session).post("/_sandbox/faults", {"rules": []})


async def scrape(caller: Caller) -> Samples:
    """Every sample of an answer that Prometheus could read; none is there twice."""
    answer = await caller.raw("GET", "/metrics")
    assert (answer.status, answer.headers["Content-Type"]) == (
        200,
        "text/plain; version=0.0.4; charset=utf-8",
    )
    families = list(text_string_to_metric_families(await answer.text()))
    assert len({family.name for family in families}) == len(families)
    samples = [sample for family in families for sample in family.samples]
    found = {(each.name, frozenset(each.labels.items())): each.value for each in samples}
    assert len(found) == len(samples)
    return found


def value(samples: Samples, name: str, **labels: str) -> float:
    """One sample; 0 where it is not there yet."""
    return samples.get((name, frozenset(labels.items())), 0)


async def until(caller: Caller, name: str, at_least: float, **labels: str) -> Samples:
    """The samples once this one is there: jobs and events take their time."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        samples = await scrape(caller)
        if value(samples, name, **labels) >= at_least:
            return samples
        await asyncio.sleep(0.1)
    raise AssertionError(f"{name} stays below {at_least}")


HTTP = "ipsum_http_requests_total"


async def test_requests_are_counted_by_route(caller: Caller):
    """By template, status and method, whatever strangers send as one."""
    before = await scrape(caller)
    for _ in range(3):
        await caller.raw("GET", "/payment-method/cus_nobody?x=1")
    await caller.raw("GET", "/wp-login.php")
    await caller.raw("PROPFIND", "/")
    after = await scrape(caller)
    added = {key: after[key] - before.get(key, 0) for key in after if key[0] == HTTP}
    assert {key[1]: n for key, n in added.items() if n} == {
        frozenset(labels.items()): n
        for n, labels in (
            (3, {"method": "GET", "route": "/payment-method/{customer_id}", "status": "404"}),
            (1, {"method": "GET", "route": "", "status": "404"}),
            (1, {"method": "other", "route": "", "status": "405"}),
            (1, {"method": "GET", "route": "/metrics", "status": "200"}),
        )
    }
    timed = {"method": "GET", "route": "/payment-method/{customer_id}"}
    name = "ipsum_http_request_duration_seconds"
    assert value(after, f"{name}_count", **timed) == value(
        after, f"{name}_bucket", le="+Inf", **timed
    )
    assert value(after, f"{name}_sum", **timed) > 0
    assert value(after, "ipsum_http_requests_in_progress") == 1  # this one


async def test_streams_are_counted_and_not_timed(alone: Stack, caller: Caller):
    """A reader who stays for an hour is not a slow answer."""
    async with aiohttp.ClientSession(alone.url) as session:
        stream = await session.get("/reports/events")
        assert value(await scrape(caller), "ipsum_http_requests_in_progress") == 2
        stream.close()
    await ready(caller, "students")  # news, by which the server notices that nobody reads them
    route = {"method": "GET", "route": "/reports/events"}
    samples = await until(caller, HTTP, 1, status="200", **route)
    assert value(samples, "ipsum_http_request_duration_seconds_count", **route) == 0


async def test_any_web_process_shows_all_of_its_machine(alone: Stack, caller: Caller):
    """Also what one did that was killed, but nothing that it was doing."""
    home = {"method": "GET", "route": "/", "status": "200"}
    before = value(await scrape(caller), HTTP, **home)
    with alone.second_web() as other:
        async with aiohttp.ClientSession(other.url) as session:
            for _ in range(5):
                await (await session.get("/")).read()
            seen_there = value(await scrape(Caller(session)), HTTP, **home)
            stream = await session.get("/reports/events")
            seen_here = await scrape(caller)
            assert value(seen_here, "ipsum_http_requests_in_progress") == 2
            other.kill("web")
            stream.close()
    after = await scrape(caller)
    assert value(after, HTTP, **home) == value(seen_here, HTTP, **home) == seen_there
    assert seen_there >= before + 5
    assert value(after, "ipsum_http_requests_in_progress") == 1


async def test_several_web_processes_behind_one_port(alone: Stack):
    """Whichever of them answers shows the requests of all."""
    home = {"method": "GET", "route": "/", "status": "200"}
    with alone.second_web(WEB_WORKERS="3") as several:
        for n in range(1, 25):
            async with aiohttp.ClientSession(several.url) as session:  # a connection of its own
                before = value(await scrape(Caller(session)), HTTP, **home)
                await (await session.get("/")).read()
            async with aiohttp.ClientSession(several.url) as session:
                assert value(await scrape(Caller(session)), HTTP, **home) == before + 1, n


async def test_calls_jobs_reports_and_events(caller: Caller, sandbox: Caller):
    """What web and worker did comes together, and the names of people do not."""
    before = await scrape(caller)
    student = await sign_up(caller, sandbox)
    payment = await hold(caller, student["id"])
    await ready(caller, "open-holds")
    held = {"type": "payment_intent.amount_capturable_updated"}
    samples = await until(caller, "ipsum_stripe_events_handled_total", 1, **held)
    assert value(samples, "ipsum_stripe_events_received_total", **held) == 1
    of_hold = {"endpoint": "POST /v1/payment_intents"}
    calls = value(samples, "ipsum_stripe_requests_total", outcome="200", **of_hold)
    assert calls - value(before, "ipsum_stripe_requests_total", outcome="200", **of_hold) == 1
    assert value(samples, "ipsum_stripe_request_duration_seconds_count", **of_hold) == calls
    made = {"kind": "open-holds", "result": "ready"}
    assert value(samples, "ipsum_report_duration_seconds_count", **made) == 1
    assert value(samples, "ipsum_report_duration_seconds_sum", **made) > 0
    await until(caller, "ipsum_jobs_total", 1, job="run_report", outcome="succeeded")
    text = await (await caller.raw("GET", "/metrics")).text()
    assert [word for word in (student["id"], payment["id"], student["email"]) if word in text] == []


async def test_retries_and_refusals_of_stripe(caller: Caller, sandbox: Caller):
    """A 429 that was answered by another try shows as both."""
    student = await sign_up(caller, sandbox)
    rule = {"kind": "429", "share": 1, "path": "/v1/payment_intents", "times": 1}
    status, answer = await sandbox.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    assert status == 200, answer
    before = await scrape(caller)
    await hold(caller, student["id"])
    after = await scrape(caller)
    refused = {"endpoint": "POST /v1/payment_intents", "outcome": "429"}
    for name, labels in (
        ("ipsum_stripe_requests_total", refused),
        ("ipsum_stripe_retries_total", {"reason": "429"}),
    ):
        assert value(after, name, **labels) == value(before, name, **labels) + 1


async def test_jobs_that_fail(alone: Stack, caller: Caller):
    """One that is run again is no failure yet; one that is given up stays to be looked at."""
    before = await scrape(caller)
    with closing(JobQueue(alone.settings)) as queue:
        no_such_refund = ("evt_x", "refund.failed", "re_nobody", str(int(time.time())))
        queue.put(HANDLE_EVENT, *no_such_refund, job_id="evt_x")
        queue.put(LOOK_AT_HOLDS, "an argument too many", job_id="wrong")
    await until(caller, "ipsum_jobs_total", 1, job="handle_event", outcome="retried")
    after = await until(caller, "ipsum_jobs_total", 1, job="look_at_holds", outcome="failed")
    for queue_name, state in (("events", "to_be_retried"), ("reports", "failed")):
        labels = {"queue": queue_name, "state": state}
        added = value(after, "ipsum_queue_jobs", **labels) - value(
            before, "ipsum_queue_jobs", **labels
        )
        assert added == 1


async def test_queues_workers_and_budget(alone: Stack, caller: Caller):
    """Each queue by what its jobs wait for; Stripe's limit as the settings have it."""
    samples = await scrape(caller)
    assert value(samples, "ipsum_redis_up") == 1
    assert value(samples, "ipsum_stripe_budget_limit") == alone.settings.stripe_rate_total
    assert value(samples, "ipsum_stripe_budget_used_ratio") >= 0
    assert 0 < value(samples, "ipsum_stripe_budget_pace_ratio") <= 1
    workers = {
        queue: value(samples, "ipsum_queue_workers", queue=queue)
        for queue in ("answers", "reports", "events")
    }
    assert workers == {"answers": 1, "reports": 1, "events": 1}
    states = {"waiting", "running", "to_be_retried", "failed"}
    shown = {dict(labels)["state"] for name, labels in samples if name == "ipsum_queue_jobs"}
    assert shown == states


async def test_a_worker_is_missed_once_it_is_gone(unmanned: Stack, caller: Caller):
    """At once, and not when its registration expires."""
    assert unmanned.processes.keys() == {"sandbox", "web"}
    samples = await scrape(caller)
    while value(samples, "ipsum_queue_workers", queue="reports"):  # a job's process ends by itself
        await asyncio.sleep(0.1)
        samples = await scrape(caller)
    assert value(samples, "ipsum_queue_workers", queue="events") == 0


async def test_a_scrape_does_not_depend_on_how_full_the_queue_is(unmanned: Stack, caller: Caller):
    """With 200,000 jobs it takes less than a tenth of a second."""
    queue = f"rq:queue:{HANDLE_EVENT.queue}"
    with Redis.from_url(unmanned.settings.redis_url) as redis:
        for begin in range(0, 200_000, 10_000):
            redis.rpush(queue, *(f"evt_{begin + n}" for n in range(10_000)))
        samples = await promptly(scrape, caller, within=0.1)
        redis.delete(queue)
    assert value(samples, "ipsum_queue_jobs", queue="events", state="waiting") >= 200_000


async def test_how_long_the_next_job_has_waited(unmanned: Stack, caller: Caller):
    """The figure to watch: a queue may be long and quick."""
    with closing(JobQueue(unmanned.settings)) as queue:
        for event in ("evt_1", "evt_2"):
            queue.put(HANDLE_EVENT, event, "refund.failed", "re_1", "0", job_id=event)
            await asyncio.sleep(0.3)
    samples = await scrape(caller)
    age = value(samples, "ipsum_queue_oldest_job_age_seconds", queue="events")
    assert 0.6 <= age < 10
    assert value(samples, "ipsum_queue_jobs", queue="events", state="waiting") >= 2


async def test_without_redis_a_process_shows_what_it_knows(alone: Stack, caller: Caller):
    """Within two seconds, so that Prometheus does not give up."""
    with Redis.from_url(alone.settings.redis_url) as redis:
        pid = redis.info("server")["process_id"]
    os.kill(pid, signal.SIGSTOP)
    try:
        samples = await promptly(scrape, caller, within=2)
    finally:
        os.kill(pid, signal.SIGCONT)
    names = {name for name, _ in samples}
    assert value(samples, "ipsum_redis_up") == 0
    assert HTTP in names
    assert [name for name in names if name.startswith(("ipsum_queue", "ipsum_stripe"))] == []
