"""Reports for tests: asking, waiting, following, and processes that stand still meanwhile."""

import asyncio
import json
from collections.abc import AsyncIterator

import aiohttp

from tests.integration.conftest import Caller

FINAL = ("ready", "failed", "cancelled", "expired")


async def ask(shop: Caller, kind: str = "lesson-totals", **options: object) -> dict:
    """A report that is queued."""
    status, report = await shop.post("/reports", {"kind": kind, **options})
    assert status == 202, report
    return report


async def finished(shop: Caller, report_id: str) -> dict:
    """The report once it is over."""
    for _ in range(400):
        _, report = await shop.get(f"/reports/{report_id}")
        if report["state"] in FINAL:
            return report
        await asyncio.sleep(0.05)
    raise AssertionError(f"still {report['state']}")


async def until(shop: Caller, report_id: str, state: str) -> dict:
    """The report once it is in this state."""
    for _ in range(200):
        _, report = await shop.get(f"/reports/{report_id}")
        if report["state"] == state:
            return report
        await asyncio.sleep(0.05)
    raise AssertionError(f"{report['state']}, not {state}")


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
    for _ in range(400):
        _, book = await shop.get("/lesson-book")
        if book["compared_at"] is not None:
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the lesson book was not made")
