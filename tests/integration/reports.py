"""Reports for tests: asking, waiting, following, and processes that stand still meanwhile."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import aiohttp

from tests.integration.conftest import Caller

FINAL = ("ready", "failed", "cancelled", "expired")

PATIENCE = 60.0
"""Seconds that a report may take on a busy machine."""


async def ask(shop: Caller, kind: str = "lesson-totals", **options: object) -> dict:
    """A report that is queued."""
    status, report = await shop.post("/reports", {"kind": kind, **options})
    assert status == 202, report
    return report


async def finished(shop: Caller, report_id: str) -> dict:
    """The report once it is over."""
    return await until(shop, report_id, *FINAL)


async def until(shop: Caller, report_id: str, *states: str) -> dict:
    """The report once it is in one of these states."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        _, report = await shop.get(f"/reports/{report_id}")
        if report["state"] in states:
            return report
        await asyncio.sleep(0.05)
    raise AssertionError(f"{report['state']}, not {' or '.join(states)}")


async def ready(shop: Caller, kind: str = "lesson-totals", **options: object) -> dict:
    """A report that was asked for and is ready."""
    report = await finished(shop, (await ask(shop, kind, **options))["id"])
    assert report["state"] == "ready", report
    return report


async def events(stream: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, dict]]:
    """Type and data of each event until the stream ends; comments are left out."""
    while block := await stream.content.readuntil(b"\r\n\r\n"):
        if not block.startswith(b":"):
            fields = dict(line.split(": ", 1) for line in block.decode().strip().split("\r\n"))
            assert fields["id"]
            yield fields["event"], json.loads(fields["data"])


async def book_is_made(shop: Caller) -> None:
    """Wait until the lesson book was compared with Stripe, which a worker begins with."""
    async with asyncio.timeout(PATIENCE):
        while (await shop.get("/lesson-book"))[1]["compared_at"] is None:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
