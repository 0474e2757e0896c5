"""What a version has left in Redis is run and shown by the one that comes after it."""

import asyncio
import re
import time
import zlib
from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis
from rq.utils import import_attribute

from jobs.catalogue import QUEUES
from shop.storage import Storage, open_storage
from tests.integration import version_0_1_0 as old
from tests.integration.conftest import Caller
from tests.integration.reports import finished
from tests.stack import Stack


@pytest.fixture
async def storage(stack: Stack) -> AsyncIterator[Storage]:
    async with open_storage(stack.settings) as opened:
        yield opened
        for kind in ("report", "report-details"):
            await opened.redis.delete(opened.key(kind, old.REPORT))
        await opened.redis.zrem(opened.key("reports"), old.REPORT)
        await opened.redis.srem(opened.key("reports-open"), old.REPORT)


def now_of(document: str) -> str:
    """The document with its moments as far back as if it had been written a minute ago."""
    later = int(time.time()) - 60 - old.WRITTEN_AT
    return re.sub(r"\b1795\d{6}(\.\d+)?", lambda found: repr(_number(found[0]) + later), document)


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


async def leave(storage: Storage, record: str) -> None:
    """A listed report as the old version had it."""
    redis = storage.redis
    await redis.set(storage.key("report", old.REPORT), now_of(record), ex=2592000)
    await redis.zadd(storage.key("reports"), {old.REPORT: time.time()})
    if '"ready"' not in record:
        await redis.sadd(storage.key("reports-open"), old.REPORT)


async def put_job(redis: Redis, job_id: str, job: dict[str, str]) -> None:
    """A job that waits in its queue."""
    packed = job | {"data": zlib.compress(job["data"].encode())}
    await redis.hset(f"rq:job:{job_id}", mapping=packed)
    await redis.rpush(f"rq:queue:{job['origin']}", job_id)


async def test_a_queued_report_runs(storage: Storage, shop: Caller):
    """Whoever asked for it before the upgrade gets it after."""
    await leave(storage, old.QUEUED)
    await put_job(storage.redis, f"{old.REPORT}-reports", old.JOB)
    report = await finished(shop, old.REPORT)
    assert (report["state"], report["error"]) == ("ready", None)
    assert [file["format"] for file in report["files"]] == ["csv", "json", "xlsx"]


async def test_a_running_report_goes_on(storage: Storage, shop: Caller):
    """Its worker ended with the old version; the window stays as it was fixed then."""
    await leave(storage, old.RUNNING)
    _, before = await shop.get(f"/reports/{old.REPORT}")
    report = await finished(shop, old.REPORT)
    assert (report["state"], report["error"]) == ("ready", None)
    assert (report["window"], report["started_at"]) == (before["window"], before["started_at"])


async def test_a_ready_report_is_shown(storage: Storage, shop: Caller):
    """With its figures, tables, files and receipt."""
    await leave(storage, old.READY)
    await storage.redis.set(storage.key("report-details", old.REPORT), old.DETAILS, ex=60)
    status, report = await shop.get(f"/reports/{old.REPORT}")
    assert (status, report["state"], report["rows"], report["calls"]) == (200, "ready", 148, 2)
    assert report["summary"]["tables"][0]["rows"] == [[8400]]
    assert report["preview"]["rows"] == [["tomorrow"]]
    assert report["receipt"]["report"] == "open-holds.1"
    assert [file["bytes"] for file in report["files"]] == [7339]
    _, listed = await shop.get("/reports")
    assert old.REPORT in [each["id"] for each in listed["reports"]]


async def test_a_queued_event_is_handled(storage: Storage, stripe: Caller):
    """The job takes what the old version has given it."""
    _, payments = await stripe.get("/v1/payment_intents?limit=1")
    event = (
        f'"evt_old", "payment_intent.succeeded", "{payments["data"][0]["id"]}", "{time.time():.0f}"'
    )
    job = old.EVENT_JOB | {"data": old.EVENT_JOB["data"].replace('"EVENT"', event)}
    await put_job(storage.redis, "evt_old", job)
    async with asyncio.timeout(20):
        while True:
            if await storage.redis.hget("rq:job:evt_old", "status") == "finished":
                return
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(("path", "queue"), old.JOBS)
def test_no_job_has_moved(path: str, queue: str):
    """One that waits is found, and its queue is still read."""
    assert callable(import_attribute(path))
    assert queue in QUEUES
