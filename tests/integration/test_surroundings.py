"""When what the shop stands on is away or is another's: said quickly, and nothing mixed up."""

import asyncio
import dataclasses
import time
from pathlib import Path
from types import SimpleNamespace

import aiohttp
import pytest

from jobs.catalogue import RUN_REPORT
from shop.errors import StripeKeyRefused
from shop.reports.record import Report, State
from shop.reports.store import ReportStore
from shop.settings import load
from shop.storage import namespace, open_storage
from shop.stripe_gateway import open_gateway
from tests.integration.conftest import Caller
from tests.stack import Stack, free_port
from worker.deaths import note_death


async def test_without_redis_pages_work_and_writes_say_so(stack: Stack, tmp_path: Path):
    """A write that needs a lock does nothing and answers within two seconds."""
    environment = {
        **stack.environment,
        "PORT": str(free_port()),
        "VAR_DIR": str(tmp_path),
        "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
    }
    alone = Stack(load(environment=environment), environment)
    alone.start("web")
    try:
        async with aiohttp.ClientSession(alone.url) as session:
            shop = Caller(session)
            assert (await shop.get("/config"))[0] == 200
            assert (await shop.raw("GET", "/")).status == 200
            began = time.monotonic()
            status, answer = await shop.post(
                "/lessons", {"name": "A", "email": "a@example.com", "first_lesson": "x"}
            )
            assert (status, answer["error"]["code"]) == (503, "unavailable")
            assert time.monotonic() - began < 2
    finally:
        alone.stop()


async def test_a_key_that_stripe_refuses_is_our_fault(stack: Stack):
    """The caller learns that the shop's key is wrong, never which key."""
    wrong = dataclasses.replace(stack.settings, secret_key="sk_of_nobody")
    async with open_gateway(wrong) as gateway:
        with pytest.raises(StripeKeyRefused, match=r"^Stripe does not accept the shop's key\.$"):
            await gateway.students.get("cus_x")


def test_another_accounts_keys_see_nothing_of_this_one(stack: Stack):
    """Everything in Redis is kept apart by the key, which cannot be read back."""
    other = dataclasses.replace(stack.settings, secret_key="sk_test_sandbox_other")
    assert namespace(other) != namespace(stack.settings)
    assert "sk_test" not in namespace(other)


async def test_a_queued_report_is_shared_until_it_begins(stack: Stack):
    """Its window is fixed only then, so it ends after every one of its callers came."""
    async with open_storage(stack.settings) as storage:
        store = ReportStore(storage)
        first, is_new = await store.queue("nothing-runs-this", None)
        assert is_new is True
        assert await store.queue("nothing-runs-this", None) == (first, False)
        await store.close_to_newcomers(first)
        second, is_new = await store.queue("nothing-runs-this", None)
        assert (is_new, second.id != first.id) == (True, True)
        await store.fail(second, code=None, message="Not a report.")


@pytest.mark.parametrize(("tries_left", "state"), [(1, State.QUEUED), (0, State.FAILED)])
def test_a_report_whose_worker_died_for_good_says_so(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, tries_left: int, state: State
):
    """As long as it will be run again nothing is said; after that nobody waits for ever."""
    monkeypatch.setattr("worker.deaths.load", lambda: stack.settings)

    async def queued() -> Report:
        async with open_storage(stack.settings) as storage:
            return (await ReportStore(storage).queue(f"dies-with-{tries_left}-left", None))[0]

    async def now(report: Report) -> Report | None:
        async with open_storage(stack.settings) as storage:
            return await ReportStore(storage).get(report.id)

    report = asyncio.run(queued())
    note_death(
        SimpleNamespace(
            id=report.id,
            func_name=RUN_REPORT.function,
            args=[report.id],
            retries_left=tries_left,
        )
    )
    left = asyncio.run(now(report))
    assert left is not None
    assert left.state is state
    assert (left.error is not None) == (state is State.FAILED)
