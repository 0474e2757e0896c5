"""Stopping reports and deleting them: at once, and nothing is left."""

import asyncio
import os
import time
from collections.abc import Iterator

import pytest

from tests.integration.conftest import Caller
from tests.integration.promptness import CHANCES
from tests.integration.reports import PATIENCE, ask, finished, ready, until
from tests.stack import Stack

LONG = {"from": "2026-08-01T00:00:00Z"}


def left_of(stack: Stack, report_id: str) -> list[str]:
    """Every file on the disk that belongs to the report. Workers remove folders meanwhile."""
    walked = os.walk(stack.settings.var_dir)  # which passes over a folder that is gone
    paths = [f"{folder}/{name}" for folder, _, names in walked for name in names]
    return [path for path in paths if report_id in path]


async def nothing_left(stack: Stack, report_id: str) -> float:
    """Seconds until no file of the report is left."""
    began = time.monotonic()
    while left := left_of(stack, report_id):
        assert time.monotonic() - began < PATIENCE, left
        await asyncio.sleep(0.05)
    return time.monotonic() - began


async def test_a_queued_report_is_cancelled(shop: Caller, stack: Stack):
    """No worker ever begins with it; the same request is a new report."""
    with stack.frozen("worker"):
        queued = await ask(shop, **LONG)
        status, cancelled = await shop.post(f"/reports/{queued['id']}/cancel")
        assert (status, cancelled["state"], cancelled["error"]) == (200, "cancelled", None)
        assert cancelled["finished_at"] is not None
        again = await ask(shop, **LONG)
        assert again["id"] != queued["id"]
    await finished(shop, again["id"])
    _, still = await shop.get(f"/reports/{queued['id']}")
    assert still == cancelled
    assert left_of(stack, queued["id"]) == []


async def test_a_running_report_stops_within_two_seconds(shop: Caller, stack: Stack):
    """And leaves no file; the worker goes on with the next report."""
    with stack.frozen("sandbox"):  # Stripe does not answer, so it gets no further
        for _ in range(CHANCES):
            report = await ask(shop, **LONG)
            await until(shop, report["id"], "running")
            status, cancelled = await shop.post(f"/reports/{report['id']}/cancel")
            assert (status, cancelled["state"]) == (200, "cancelled")
            if (seconds := await nothing_left(stack, report["id"])) < 2:
                break
        assert seconds < 2
        next_one = await ask(shop)
        await until(shop, next_one["id"], "running")
    assert (await finished(shop, next_one["id"]))["state"] == "ready"
    assert (await shop.get(f"/reports/{report['id']}"))[1] == cancelled


async def test_what_is_over_cannot_be_cancelled(shop: Caller):
    """It says so and changes nothing."""
    report = await ready(shop)
    status, answer = await shop.post(f"/reports/{report['id']}/cancel")
    assert (status, answer["error"]["code"]) == (409, "already_final")
    assert (await shop.get(f"/reports/{report['id']}"))[1] == report


async def test_a_deleted_report_is_gone_with_its_files(shop: Caller, stack: Stack):
    """From its address, from the list, from the disk."""
    report = await ready(shop)
    assert left_of(stack, report["id"]) != []
    answer = await shop.raw("DELETE", f"/reports/{report['id']}")
    assert (answer.status, await answer.read()) == (204, b"")
    assert left_of(stack, report["id"]) == []
    for path in ("", "/files/csv"):
        assert (await shop.get(f"/reports/{report['id']}{path}"))[0] == 404
    _, listed = await shop.get("/reports")
    assert report["id"] not in {other["id"] for other in listed["reports"]}
    assert (await shop.delete(f"/reports/{report['id']}"))[0] == 404


async def test_a_running_report_is_stopped_and_deleted(shop: Caller, stack: Stack):
    """Its worker leaves nothing behind either."""
    with stack.frozen("sandbox"):  # Stripe does not answer, so it gets no further
        report = await ask(shop, **LONG)
        await until(shop, report["id"], "running")
        assert (await shop.raw("DELETE", f"/reports/{report['id']}")).status == 204
        await nothing_left(stack, report["id"])
    assert (await shop.get(f"/reports/{report['id']}"))[0] == 404


@pytest.fixture
def closed_results(stack: Stack) -> Iterator[None]:
    """The folder of results is a file for a while, so that it cannot be used."""
    folder = stack.settings.var_dir / "results"
    aside = folder.rename(folder.with_name("results-aside"))
    folder.write_bytes(b"")
    yield
    folder.unlink(missing_ok=True)
    aside.rename(folder)


@pytest.mark.usefixtures("closed_results")
async def test_a_store_that_is_away_keeps_nothing_from_being_cancelled(shop: Caller, stack: Stack):
    """A delete that could not remove the files says so and can be repeated."""
    with stack.frozen("worker"):
        queued = await ask(shop, **LONG)
        status, answer = await shop.delete(f"/reports/{queued['id']}")
        assert (status, answer["error"]["code"]) == (503, "results_unavailable")
        _, there = await shop.get(f"/reports/{queued['id']}")
        assert there["state"] == "cancelled"
        other = await ask(shop, **LONG)
        status, cancelled = await shop.post(f"/reports/{other['id']}/cancel")
        assert (status, cancelled["state"]) == (200, "cancelled")
