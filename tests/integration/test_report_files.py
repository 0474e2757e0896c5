"""Downloading a report's files, and why there may be none."""

import csv
import hashlib
import io
import json
import os
import time
from decimal import Decimal

import msgspec
import pytest

from jobs.tidying import tidy
from shop.reports.kept_parts import parts_of
from shop.reports.record import KEPT, Report
from shop.reports.results import open_results
from shop.reports.store import ReportStore
from shop.storage import open_storage
from tests.integration.conftest import Caller
from tests.integration.reports import ask, finished, ready
from tests.stack import Stack

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


async def code_of(shop: Caller, path: str) -> tuple[int, str]:
    """Status and error code of an answer that is an error."""
    status, answer = await shop.get(path)
    assert answer["error"]["message"].endswith(".")
    return status, answer["error"]["code"]


def a_week_older(found: Report) -> Report:
    assert found.finished_at is not None
    return msgspec.structs.replace(found, finished_at=found.finished_at - KEPT)


@pytest.mark.parametrize("kind", ["lesson-totals", "failed-payments"])
async def test_a_report_ends_in_three_files(shop: Caller, kind: str):
    """Whole, checksummed, and saying the same as the figures."""
    report = await ready(shop, kind)
    assert (report["progress"], report["error"], report["calls"] >= 1) == (1.0, None, True)
    assert sorted(file["format"] for file in report["files"]) == sorted(TYPES)
    bodies = {}
    for file in report["files"]:
        answer = await shop.raw("GET", file["url"])
        bodies[file["format"]] = body = await answer.read()
        headers = {
            "Content-Type": TYPES[file["format"]],
            "Content-Disposition": f'attachment; filename="{file["name"]}"',
            "Content-Length": str(len(body)),
            "Cache-Control": "private, no-store",
            "ETag": f'"{file["sha256"]}"',
        }
        assert {name: answer.headers[name] for name in headers} == headers
        assert (len(body), hashlib.sha256(body).hexdigest()) == (file["bytes"], file["sha256"])
    table = list(csv.DictReader(io.StringIO(bodies["csv"].decode("utf-8-sig"))))
    document = json.loads(bodies["json"])
    assert len(table) == len(document["rows"])
    assert document["summary"] == report["summary"]
    if kind == "lesson-totals":
        net = sum(row["net"] for row in document["rows"])
        assert net == report["summary"]["net_total"]
        assert sum(Decimal(row["net"]) for row in table) == Decimal(net).scaleb(-2)


async def test_a_file_that_the_caller_has_is_not_sent_again(shop: Caller):
    """Its checksum is its ETag; asking for the head sends none of it."""
    [file, *_] = (await ready(shop))["files"]
    for tag in (f'"{file["sha256"]}"', f'"old", "{file["sha256"]}"'):
        same = await shop.raw("GET", file["url"], headers={"If-None-Match": tag})
        assert (same.status, await same.read()) == (304, b"")
    other = await shop.raw("GET", file["url"], headers={"If-None-Match": '"old"'})
    assert (other.status, len(await other.read())) == (200, file["bytes"])
    head = await shop.raw("HEAD", file["url"])
    assert (head.status, await head.read()) == (200, b"")
    assert head.headers["Content-Length"] == str(file["bytes"])


@pytest.mark.parametrize("wanted", ["exe", "CSV", "pdf", "..", "csv%00", "x" * 3000])
async def test_formats_that_do_not_exist(shop: Caller, wanted: str):
    """The sentence says which do."""
    report = await ready(shop)
    answer = await shop.raw("GET", f"/reports/{report['id']}/files/{wanted}")
    assert answer.status == 404
    if wanted != "..":  # a client folds that into another address
        assert (await answer.json())["error"] == {
            "code": "unknown_format",
            "message": "A report has no such file; there are csv, json, xlsx.",
        }


async def test_a_report_that_is_not_ready_has_no_files(shop: Caller, stack: Stack):
    """Neither while it waits nor when it was cancelled."""
    with stack.frozen("worker"):
        queued = await ask(shop)
        path = f"/reports/{queued['id']}/files/csv"
        assert await code_of(shop, path) == (409, "not_ready")
        await shop.post(f"/reports/{queued['id']}/cancel")
        assert await code_of(shop, path) == (409, "not_ready")


async def test_files_that_expired_are_gone(shop: Caller, stack: Stack):
    """The report still shows its figures and its checksums, and can be run again."""
    report = await ready(shop)
    async with open_storage(stack.settings) as storage:
        await ReportStore(storage).change(report["id"], a_week_older)
    assert await code_of(shop, report["files"][0]["url"]) == (410, "report_expired")
    _, expired = await shop.get(f"/reports/{report['id']}")
    assert (expired["state"], expired["files"]) == ("expired", [])
    assert expired["receipt"] == report["receipt"]
    assert expired["summary"]["net_total"] == report["summary"]["net_total"]
    status, answer = await shop.post(f"/reports/{report['id']}/cancel")
    assert (status, answer["error"]["code"]) == (409, "already_final")


async def test_the_night_removes_what_expired(shop: Caller, stack: Stack):
    """Files and parts, also where no other report was made since; those of newer ones stay."""
    old, new = await ready(shop), await ready(shop)
    results = open_results(stack.settings)
    await results.put(f"{parts_of(old['id'])}/payments/1-2", b"rows")
    folder = stack.settings.var_dir / "results"
    for place in (folder / old["id"], folder / new["id"]):
        for file in place.iterdir():
            os.utime(file, (time.time() - KEPT,) * 2)
    async with open_storage(stack.settings) as storage:
        await ReportStore(storage).change(old["id"], a_week_older)
        await tidy(stack.settings, storage)
    assert not (folder / old["id"]).exists()
    assert not (folder / parts_of(old["id"])).exists()
    assert await code_of(shop, old["files"][0]["url"]) == (410, "report_expired")
    assert (await shop.raw("GET", new["files"][0]["url"])).status == 200


async def test_a_file_that_somebody_removed_is_said_to_be_gone(shop: Caller, stack: Stack):
    """Tidied away on the disk, though the report is ready."""
    report = await ready(shop)
    file = report["files"][0]
    (stack.settings.var_dir / "results" / report["id"] / file["name"]).unlink()
    assert await code_of(shop, file["url"]) == (410, "report_expired")
    assert (await shop.raw("GET", report["files"][1]["url"])).status == 200


async def test_the_same_window_gives_the_same_bytes(shop: Caller):
    """Whenever and however often it is made."""
    asked = {"from": "2026-10-01", "to": "2026-11-15", "timezone": "America/New_York"}
    runs = [await finished(shop, (await ask(shop, **asked))["id"]) for _ in range(2)]
    first, second = (run["receipt"]["files"] for run in runs)
    assert runs[0]["id"] != runs[1]["id"]
    assert first == second
