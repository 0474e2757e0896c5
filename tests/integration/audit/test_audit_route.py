"""Reading the trail of a running shop: `GET /audit`."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.integration.access.conftest import Shop
from tests.integration.access.conftest import guarded as guarded
from tests.integration.conftest import Caller
from tests.stack import open_stack

SOON = 15.0
"""Seconds within which every machine knows what was done on another."""


@pytest.fixture
async def olga(guarded: Shop) -> AsyncIterator[Caller]:
    """The owner's program."""
    async with guarded.program("olga") as session:
        yield Caller(session)


async def refused(caller: Caller, payment: str) -> None:
    """Something that is done quickly and leaves an entry."""
    await caller.post("/release-lesson", {"payment_intent_id": payment})


async def test_what_was_done_can_be_read_at_once(olga: Caller):
    """In words, with the parts that programs need."""
    await refused(olga, "pi_atonce")
    _, trail = await olga.get("/audit?subject=pi_atonce")
    (entry,) = trail["entries"]
    assert (trail["older"], trail["older_than"], trail["troubles"]) == (None, None, [])
    assert entry["sentence"] == (
        "olga, by the token “tests”, tried to let go of what pi_atonce holds, but was refused "
        "(resource missing)."
    )
    facts = ("action", "who", "via", "client", "payment", "result", "code", "status", "amount")
    assert [entry[name] for name in facts] == [
        *("release", "olga/tests", "token", "127.0.0.1", "pi_atonce"),
        *("refused", "resource_missing", 404, None),
    ]


async def test_pages_follow_each_other(olga: Caller):
    """`older` is what the next page begins after."""
    for _ in range(5):
        await refused(olga, "pi_pages")
    pages, older = [], ""
    while older is not None:
        _, page = await olga.get(f"/audit?subject=pi_pages&limit=2&before={older}")
        pages.append([entry["id"] for entry in page["entries"]])
        older = page["older"]
    _, whole = await olga.get("/audit?subject=pi_pages")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [name for page in pages for name in page] == [entry["id"] for entry in whole["entries"]]


async def test_what_cannot_be_asked_is_refused(olga: Caller):
    """With the names of what can."""
    status, answer = await olga.get("/audit?result=fine")
    assert (status, answer["error"]["message"]) == (
        400,
        "result must be one of: ok, refused, unknown.",
    )


async def test_every_machine_reads_one_trail(guarded: Shop, olga: Caller, tmp_path: Path):
    """One with a disk of its own, and the same result store: what it did shows here soon."""
    results = str(guarded.stack.settings.var_dir / "results")
    headers = {"Authorization": f"Bearer {guarded.tokens['olga']}"}
    with guarded.stack.second_web(VAR_DIR=str(tmp_path), RESULTS_URL=results) as other:
        async with aiohttp.ClientSession(other.url, headers=headers) as session:
            await refused(Caller(session), "pi_elsewhere")
        deadline = time.monotonic() + SOON
        found: list[dict] = []
        while not found:
            assert time.monotonic() < deadline
            found = (await olga.get("/audit?subject=pi_elsewhere"))[1]["entries"]
            await asyncio.sleep(0.2)
    assert [entry["who"] for entry in found] == ["olga/tests"]


async def test_a_disk_that_takes_nothing_stops_nobody_and_is_told(tmp_path: Path):
    """Actions go on; the trail says that it is not whole, and is whole again once it can be."""
    journal = tmp_path / "audit"
    journal.touch()  # where the folder should be
    with open_stack(tmp_path, students=0, payments=0) as stack:
        stack.start("web")
        async with aiohttp.ClientSession(stack.url) as session:
            shop = Caller(session)
            await refused(shop, "pi_1")
            _, trail = await shop.get("/audit")
            assert trail["entries"] == []
            assert [trouble["message"] for trouble in trail["troubles"]] == [
                "A web server cannot write the trail, as its disk takes nothing: 2 entries in its "
                "memory would go with it if it stopped now. Please make room on that disk."
            ]
            journal.unlink()
            await refused(shop, "pi_2")
            _, trail = await shop.get("/audit")
            assert [entry["payment"] for entry in trail["entries"]] == ["pi_2", "pi_1"]
            assert trail["troubles"] == []
        assert stack.log("web").count("the audit trail cannot be written") == 1
