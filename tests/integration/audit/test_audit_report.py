"""The audit trail as a report, which owners alone ask for, see and download."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.integration.access.conftest import Shop
from tests.integration.access.conftest import guarded as guarded
from tests.integration.conftest import Caller
from tests.integration.reports import events, finished


@pytest.fixture
async def olga(guarded: Shop) -> AsyncIterator[Caller]:
    async with guarded.program("olga") as session:
        yield Caller(session)


@pytest.fixture
async def ada(guarded: Shop) -> AsyncIterator[Caller]:
    """The accountant."""
    async with guarded.program("ada") as session:
        yield Caller(session)


@pytest.fixture
async def report(olga: Caller) -> dict:
    """A report of the trail, in which a refused release is."""
    await olga.post("/release-lesson", {"payment_intent_id": "pi_reported"})
    status, queued = await olga.post("/reports", {"kind": "audit-trail"})
    assert status == 202
    return await finished(olga, queued["id"])


async def test_what_was_done_a_moment_before_is_in_it(olga: Caller, report: dict):
    """It waits until every machine has shipped what it wrote."""
    assert report["state"] == "ready"
    files = {file["format"]: file["url"] for file in report["files"]}
    assert sorted(files) == ["csv", "json", "xlsx"]
    answer = await olga.raw("GET", files["json"])
    rows = json.loads(await answer.read())["rows"]
    (released,) = [row for row in rows if row["payment_intent_id"] == "pi_reported"]
    facts = ("who", "action", "result", "code", "status", "client")
    assert [released[name] for name in facts] == [
        *("olga/tests", "release", "refused", "resource_missing", 404, "127.0.0.1"),
    ]
    assert rows[0]["action"] == "ask for report"
    assert report["summary"]["entries"] == len(rows) == report["rows"]


async def test_an_accountant_neither_sees_nor_gets_it(ada: Caller, olga: Caller, report: dict):
    """Not in any list, not by its id, not by asking for one; their own reports are as before."""
    _, kinds = await ada.get("/report-kinds")
    assert "audit-trail" not in [kind["kind"] for kind in kinds]
    assert "lesson-totals" in [kind["kind"] for kind in kinds]
    _, listed = await ada.get("/reports")
    assert report["id"] not in [each["id"] for each in listed["reports"]]
    path = f"/reports/{report['id']}"
    for method, address in (
        *(("GET", path), ("GET", f"{path}/events"), ("GET", f"{path}/letters")),
        *(("GET", f"{path}/files/csv"), ("POST", f"{path}/letters")),
        *(("POST", f"{path}/cancel"), ("DELETE", path)),
    ):
        answer = await ada.raw(method, address)
        assert (answer.status, (await answer.json())["error"]["code"]) == (404, "no_such_report")
    status, refused = await ada.post("/reports", {"kind": "audit-trail"})
    assert (status, refused["error"]["code"]) == (403, "not_allowed")
    assert (await olga.get(path))[1]["state"] == "ready"


async def test_an_accountant_who_listens_does_not_hear_of_it(guarded: Shop, olga: Caller):
    """Neither when the stream begins nor when it changes."""
    async with guarded.program("ada") as session:
        stream = await session.get("/reports/events", timeout=aiohttp.ClientTimeout(total=60))
        _, hidden = await olga.post("/reports", {"kind": "audit-trail"})
        _, seen = await olga.post("/reports", {"kind": "students"})
        heard = []
        async for _, data in events(stream):
            heard.append(data["id"])
            if data["id"] == seen["id"]:
                break
        stream.close()
    assert hidden["id"] not in heard
