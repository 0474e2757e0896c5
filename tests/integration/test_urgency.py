"""What is urgent while the worker that serves every queue is busy with a long report."""

import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from redis import Redis
from rq import Queue
from rq.job import Job as QueuedJob
from rq.serializers import JSONSerializer

from jobs.catalogue import HANDLE_EVENT, SEND_ACCOUNT_LINK
from shop.settings import PROJECT
from tests.integration.conftest import Caller
from tests.integration.copies import wait_until
from tests.integration.reports import ask, book_is_made, finished, until
from tests.stack import Stack, open_stack

ROUTES = ("/calculate-lesson-total", "/find-customers-with-failed-payments")


@pytest.fixture(scope="module")
def manned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop with the two workers of script/server, over an account of some pages."""
    with open_stack(tmp_path_factory.mktemp("manned"), students=60, payments=2000) as running:
        running.start("web")
        running.start("prompt worker")
        running.start("worker")
        yield running


@pytest.fixture
async def caller(manned: Stack) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession(manned.url) as session:
        yield Caller(session)


@pytest.fixture
async def long_report(manned: Stack, caller: Caller) -> AsyncIterator[str]:
    """The id of a report that is being made until the test ends; Stripe keeps one list waiting."""
    await book_is_made(caller)  # the worker begins with that, and reads the same list
    async with aiohttp.ClientSession(manned.sandbox_url) as session:
        sandbox = Caller(session)
        stuck = {"kind": "500", "path": "/v1/refunds", "share": 1}
        status, answer = await sandbox.post("/_sandbox/faults", {"seed": 1, "rules": [stuck]})
        assert status == 200, answer
        report = await ask(caller, "refunds-and-disputes")
        await until(caller, report["id"], "running")
        yield report["id"]
        assert (await caller.get(f"/reports/{report['id']}"))[1]["state"] == "running"
        await caller.raw("DELETE", f"/reports/{report['id']}")
        await sandbox.post("/_sandbox/faults", {"rules": []})


@pytest.mark.usefixtures("long_report")
@pytest.mark.parametrize("path", ROUTES)
async def test_a_route_that_waits_is_answered_meanwhile(caller: Caller, path: str):
    """The accountant's report goes on; nobody waits for it."""
    status, _ = await caller.get(path)
    assert status == 200


@pytest.mark.usefixtures("long_report")
async def test_an_event_is_handled_meanwhile(manned: Stack):
    """By the prompt worker, which reads its queue first."""
    with Redis.from_url(manned.settings.redis_url) as redis:
        queue = Queue(HANDLE_EVENT.queue, connection=redis, serializer=JSONSerializer)
        job: QueuedJob = queue.enqueue(SEND_ACCOUNT_LINK.function, "cus_nobody")
        wait_until(lambda: job.is_finished)


@pytest.mark.usefixtures("long_report")
async def test_an_answer_does_not_wait_behind_the_report_that_it_shares(caller: Caller):
    """The accountant asked for the same and waits for a turn, which the caller brings forward."""
    queued = await ask(caller, "lesson-totals")
    other = await ask(caller, "students")
    status, figures = await caller.get("/calculate-lesson-total")
    shared = await finished(caller, queued["id"])
    assert (status, shared["state"]) == (200, "ready")
    assert shared["summary"]["net_total"] == figures["net_total"]
    _, waiting = await caller.get(f"/reports/{other['id']}")
    assert waiting["state"] == "queued"
    await caller.raw("DELETE", f"/reports/{other['id']}")


async def test_a_prompt_worker_makes_answers_and_no_reports(tmp_path: Path):
    """Without another one, whoever asks for a report is told so."""
    with open_stack(tmp_path, students=2, payments=4) as half_manned:
        half_manned.start("web")
        half_manned.start("prompt worker")
        async with aiohttp.ClientSession(half_manned.url) as session:
            caller = Caller(session)
            status, refused = await caller.post("/reports", {"kind": "students"})
            assert (status, refused["error"]["code"]) == (503, "no_worker")
            assert (await caller.get("/reports"))[1]["worker"] is False
            assert (await caller.get("/calculate-lesson-total"))[0] == 200


def test_a_queue_that_does_not_exist_is_named():
    """A worker that serves a misspelt queue would leave its jobs waiting for ever."""
    ended = subprocess.run(
        [sys.executable, "-m", "worker", "--queues", "events,anwsers"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 2
    assert ended.stderr.endswith("'anwsers' is none of answers, reports, events\n")
