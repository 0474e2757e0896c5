"""The same report asked for twice, who may see it, and who only asked for figures."""

import asyncio

import pytest

from shop.reports.record import KEPT, REMEMBERED
from shop.reports.store import UNLISTED
from shop.storage import open_storage
from tests.integration.conftest import Caller
from tests.integration.reports import ask, finished, ready
from tests.stack import Stack


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"timezone": "America/New_York"},
        {"from": "2026-10-01T00:00:00Z"},
        {"from": "2026-10-01", "to": "2026-10-31", "timezone": "Asia/Tokyo"},
    ],
)
async def test_the_same_request_while_one_is_queued_is_that_one(
    shop: Caller, stack: Stack, asked: dict
):
    """Asked for one after the other or all at once; each answer is 202 and names the same."""
    with stack.frozen("worker"):
        first = await ask(shop, **asked)
        again = await asyncio.gather(*(ask(shop, **asked) for _ in range(10)))
        assert {report["id"] for report in again} == {first["id"]}
        other = await ask(shop, **asked | {"kind": "students"})
        elsewhere = await ask(shop, **asked | {"timezone": "Europe/Paris"})
        assert len({first["id"], other["id"], elsewhere["id"]}) == 3
    for report in (first, other, elsewhere):
        await finished(shop, report["id"])


async def test_ten_at_once_are_one_report(shop: Caller, stack: Stack):
    """Nobody was first."""
    with stack.frozen("worker"):
        asked = {"from": "2026-10-02T00:00:00Z", "to": "2026-10-02T01:00:00Z"}
        answers = await asyncio.gather(*(ask(shop, **asked) for _ in range(10)))
        assert len({report["id"] for report in answers}) == 1
    await finished(shop, answers[0]["id"])


async def test_a_report_that_is_over_is_made_again(shop: Caller):
    """Only a queued one is shared."""
    asked = {"from": "2026-10-03T00:00:00Z", "to": "2026-10-03T01:00:00Z"}
    first = await ask(shop, **asked)
    await finished(shop, first["id"])
    second = await ask(shop, **asked)
    assert second["id"] != first["id"]
    await finished(shop, second["id"])


async def test_only_what_the_accountant_asked_for_is_listed(shop: Caller):
    """Reports that answer a request come and go unseen."""
    _, before = await shop.get("/reports")
    await shop.get("/calculate-lesson-total")
    assert (await shop.get("/reports"))[1] == before
    queued = await ask(shop, "failed-payments")
    _, after = await shop.get("/reports")
    assert [report["id"] for report in after["reports"]] == [
        queued["id"],
        *(report["id"] for report in before["reports"]),
    ]
    await finished(shop, queued["id"])


async def test_the_list_leaves_out_what_grows(shop: Caller):
    """No first rows, no tables, no chart; else it is what the report itself says."""
    queued = await ask(shop)
    whole = await finished(shop, queued["id"])
    _, listed = await shop.get("/reports")
    short = {
        name: value for name, value in whole["summary"].items() if name not in ("tables", "chart")
    }
    expected = {**whole, "summary": short}
    del expected["preview"]
    assert listed["reports"][0] == expected
    assert whole["preview"]["rows"]
    assert whole["summary"]["chart"]["times"]


@pytest.mark.usefixtures("quiet_boundary")
async def test_callers_at_the_same_moment_get_the_same_figures(shop: Caller):
    """Those who come before a run begins share it."""
    answers = await asyncio.gather(*(shop.get("/calculate-lesson-total") for _ in range(8)))
    assert all(answer == answers[0] for answer in answers)


async def test_figures_come_although_somebody_cancels_the_report_they_share(
    shop: Caller, stack: Stack
):
    """Whoever waits for an answer gets one of a report of their own."""
    with stack.frozen("worker"):
        listed = await ask(shop)
        figures = asyncio.create_task(shop.get("/calculate-lesson-total"))
        await asyncio.sleep(0.3)
        assert (await shop.post(f"/reports/{listed['id']}/cancel"))[0] == 200
        await asyncio.sleep(0.3)
    status, answer = await figures
    assert (status, "net_total" in answer) == (200, True)


NO_SUCH_REPORT = {
    "error": {"code": "no_such_report", "message": "There is no report with this id."}
}


@pytest.mark.parametrize("report_id", ["nope", "a%2fb", "..%2f..", "%00", "x" * 3000, "*"])
async def test_reports_that_nobody_knows(shop: Caller, report_id: str):
    """Unknown, forgotten or another account's: it is the same answer on every route."""
    address = f"/reports/{report_id}"
    for method, path in [
        ("GET", address),
        ("DELETE", address),
        ("POST", f"{address}/cancel"),
        ("GET", f"{address}/events"),
        ("GET", f"{address}/files/csv"),
    ]:
        answer = await shop.raw(method, path, headers={"Accept": "text/html"})
        assert (answer.status, await answer.json()) == (404, NO_SUCH_REPORT)


async def test_methods_that_an_address_does_not_know(shop: Caller):
    """Streams are for GET alone."""
    for method, path in [
        ("HEAD", "/reports/nope/events"),
        ("POST", "/reports/events"),
        ("PUT", "/reports/nope"),
        ("GET", "/reports/nope/cancel"),
    ]:
        assert (await shop.raw(method, path)).status == 405


async def test_the_kinds_there_are(shop: Caller):
    """What each is called and what it shows."""
    _, kinds = await shop.get("/report-kinds")
    assert [kind["kind"] for kind in kinds] == [
        "lesson-totals",
        "failed-payments",
        "open-holds",
        "refunds-and-disputes",
        "students",
        "reconciliation",
        "audit-trail",
    ]
    for kind in kinds:
        assert (kind.keys(), kind["about"][-1]) == ({"kind", "title", "about"}, ".")


async def test_a_report_that_only_answered_a_request_is_soon_forgotten(shop: Caller, stack: Stack):
    """However often figures are asked for, Redis does not fill up."""
    async with open_storage(stack.settings) as storage:

        async def kept() -> dict[str, int]:
            names = await storage.redis.keys(storage.key("report*"))
            return {
                name: await storage.redis.ttl(name)
                for name in names
                if name.startswith((storage.key("report:"), storage.key("report-details:")))
            }

        before = await kept()
        await shop.get("/calculate-lesson-total")
        unlisted = {name: left for name, left in (await kept()).items() if name not in before}
        assert len(unlisted) == 2
        assert all(0 < left <= UNLISTED for left in unlisted.values())
        listed = await ready(shop)
        ages = await kept()
        assert ages[storage.key("report", listed["id"])] > REMEMBERED - 60
        assert KEPT - 60 < ages[storage.key("report-details", listed["id"])] <= KEPT
