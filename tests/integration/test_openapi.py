"""What the shop answers is what its own description says."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from jsonschema import Draft202012Validator, FormatChecker

from jobs.catalogue import REPORT_KINDS
from shop.storage import open_storage
from tests.integration.conftest import Caller
from tests.integration.reports import ask, events, finished, ready
from tests.integration.students import hold, sign_up
from tests.stack import Stack


class Described:
    """Speaks to the shop and holds every answer against the description."""

    def __init__(self, shop: Caller, openapi: dict[str, Any]) -> None:
        self._shop = shop
        self._openapi = openapi

    async def ask(
        self, method: str, route: str, body: object = None, status: int = 200, **names: str
    ) -> Any:
        """The answer; it has the status that is expected, and that status is described."""
        options = {} if body is None else {"json": body}
        answer = await self._shop.raw(method, route.format(**names), **options)
        text = await answer.text()
        assert answer.status == status, text
        described = self._responses(route.partition("?")[0], method)[str(status)]
        if not text:
            assert "content" not in described
            return None
        found = json.loads(text)
        self.fits(described["content"][answer.content_type]["schema"], found)
        return found

    def fits(self, schema: dict[str, Any], found: object) -> None:
        """Whether something is as a schema says."""
        whole = {"components": self._openapi["components"], "allOf": [schema]}
        check = Draft202012Validator(whole, format_checker=FormatChecker())
        assert [error.message for error in check.iter_errors(found)] == []

    def _responses(self, route: str, method: str) -> dict[str, Any]:
        described = self._openapi["paths"][route][method.lower()]["responses"]
        return {status: self._resolved(response) for status, response in described.items()}

    def _resolved(self, response: dict[str, Any]) -> dict[str, Any]:
        name = response.get("$ref", "").rpartition("/")[2]
        return self._openapi["components"]["responses"][name] if name else response


@pytest.fixture
async def described(shop: Caller) -> Described:
    """The shop, with the description it serves itself."""
    _, openapi = await shop.get("/openapi.json")
    return Described(shop, openapi)


@pytest.fixture
async def browser(stack: Stack) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(stack.url) as session:
        yield session


@pytest.mark.parametrize("kind", REPORT_KINDS)
async def test_reports_of_every_kind(described: Described, shop: Caller, kind: str):
    """Asked for, ready, listed and as a file."""
    body = {"kind": kind, "from": "2026-10-01", "timezone": "America/New_York"}
    queued = await described.ask("POST", "/reports", body, status=202)
    assert (await finished(shop, queued["id"]))["state"] == "ready"
    report = await described.ask("GET", "/reports/{report_id}", report_id=queued["id"])
    assert report["preview"] is not None
    listed = await described.ask("GET", "/reports")
    assert listed["reports"][0]["id"] == queued["id"]
    await described.ask(
        "GET", "/reports/{report_id}/files/{format}", report_id=queued["id"], format="json"
    )


async def test_the_audit_trail(described: Described, shop: Caller, stripe: Caller):
    """What was done, what was refused, and a question that cannot be asked."""
    student = await sign_up(shop, stripe)
    await hold(shop, student["id"], 6500)
    await shop.post("/release-lesson", {"payment_intent_id": "pi_unknown"})
    trail = await described.ask("GET", "/audit")
    assert [entry["result"] for entry in trail["entries"][:2]] == ["refused", "ok"]
    page = await described.ask("GET", "/audit?limit=1")
    assert page["older"] is not None
    await described.ask("GET", "/audit?action=steal", status=400)


async def test_the_rest_of_a_reports_life(described: Described, shop: Caller, stack: Stack):
    """Running, cancelled, over, deleted."""
    with stack.frozen("sandbox"):
        report_id = (await ask(shop, **{"from": "2026-10-01", "timezone": "Asia/Tokyo"}))["id"]
        running = {"state": ""}
        while running["state"] != "running":
            running = await described.ask("GET", "/reports/{report_id}", report_id=report_id)
            await asyncio.sleep(0.02)
        cancel = ("POST", "/reports/{report_id}/cancel")
        await described.ask(*cancel, report_id=report_id)
    await described.ask(*cancel, report_id=report_id, status=409)
    download = ("GET", "/reports/{report_id}/files/{format}")
    await described.ask(*download, report_id=report_id, format="csv", status=409)
    await described.ask(*download, report_id=report_id, format="exe", status=404)
    await described.ask("DELETE", "/reports/{report_id}", report_id=report_id, status=204)
    for method in ("GET", "DELETE"):
        await described.ask(method, "/reports/{report_id}", report_id=report_id, status=404)


async def test_events_carry_what_is_described(
    described: Described, shop: Caller, browser: aiohttp.ClientSession
):
    """Of one report and of the list."""
    report = await ready(shop)
    stream = await browser.get(f"/reports/{report['id']}/events")
    async for _, data in events(stream):
        described.fits({"$ref": "#/components/schemas/ShownReport"}, data)
    stream = await browser.get("/reports/events")
    async for _, data in events(stream):
        described.fits({"$ref": "#/components/schemas/ListedReport"}, data)
        if data["id"] == report["id"]:
            break
    stream.close()


async def test_what_is_answered_at_once(described: Described):
    """The figures, the kinds, the key, and what is refused."""
    await described.ask("GET", "/calculate-lesson-total")
    await described.ask("GET", "/find-customers-with-failed-payments")
    await described.ask("GET", "/report-kinds")
    await described.ask("GET", "/config")
    await described.ask("GET", "/healthz")
    await described.ask("GET", "/readyz")
    for body in ({}, {"kind": "x"}, {"kind": "students", "timezone": "Mars/Olympus"}):
        await described.ask("POST", "/reports", body, status=400)


async def test_a_students_life(described: Described, shop: Caller, stripe: Caller):
    """Signed up, charged, refunded, changed, deleted, and what each may be refused."""
    student = await sign_up(shop, stripe)
    of_student = {"customer_id": student["id"]}
    taken = {"name": "A", "email": student["email"], "first_lesson": "01 Dec 3:00 p.m."}
    await described.ask("POST", "/lessons", taken, status=409)
    await described.ask("POST", "/lessons", {}, status=400)
    await described.ask("GET", "/payment-method/{customer_id}", **of_student)
    await described.ask("GET", "/payment-method/{customer_id}", customer_id="x", status=404)
    lesson = {**of_student, "amount": "500", "description": "Guitar lesson"}
    held = (await described.ask("POST", "/schedule-lesson", lesson))["payment"]
    payment = {"payment_intent_id": held["id"]}
    confirmation = ("GET", "/payment-confirmation/{payment_intent_id}")
    await described.ask(*confirmation, **payment)
    await described.ask(*confirmation, payment_intent_id="pi_x", status=404)
    account = "/delete-account/{customer_id}"
    await described.ask("POST", account, **of_student, status=409)
    await described.ask("POST", "/complete-lesson-payment", payment)
    await described.ask("POST", "/complete-lesson-payment", payment, status=400)
    await described.ask("POST", "/refund-lesson", payment | {"amount": 100})
    released = {"payment_intent_id": (await hold(shop, student["id"], 100))["id"]}
    await described.ask("POST", "/release-lesson", released)
    await described.ask("POST", "/release-lesson", released, status=400)
    again = await described.ask("POST", "/hold-lesson-again", released)
    await described.ask("POST", "/hold-lesson-again", released, status=409)
    await described.ask("POST", "/hold-lesson-again", payment, status=400)
    refunded = {"payment_intent_id": again["payment"]["id"]}
    await described.ask("POST", "/refund-lesson", refunded)
    await described.ask("POST", "/refund-lesson", {"payment_intent_id": "pi_x"}, status=404)
    await described.ask("POST", "/account-update", {**of_student, "name": "B"})
    await described.ask("POST", account, **of_student)
    await described.ask("POST", account, **of_student, status=404)


async def test_the_lesson_book(described: Described, shop: Caller, stripe: Caller):
    """A payment of each state, in the diary and in its student's timeline."""
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    student = await sign_up(shop, stripe, first_lesson_at=tomorrow)
    disputed = await sign_up(shop, stripe, card="pm_card_createDispute")
    declined = await sign_up(shop, stripe, card="pm_card_chargeCustomerFail")
    one = "/lesson-book/payments/{payment_intent_id}"
    held, refunded, contested = [
        (await hold(shop, each["id"]))["id"] for each in (student, student, disputed)
    ]
    for payment in (refunded, contested):
        await shop.post("/complete-lesson-payment", {"payment_intent_id": payment})
    await shop.post("/refund-lesson", {"payment_intent_id": refunded, "amount": 100})
    body = {"customer_id": declined["id"], "amount": 6500, "description": "Guitar lesson"}
    failed = (await shop.post("/schedule-lesson", body))[1]["payment_intent_id"]
    for payment in (held, refunded, contested, failed):
        await described.ask("GET", one, payment_intent_id=payment)
    await described.ask("GET", one, payment_intent_id="pi_x", status=404)
    diary = await described.ask("GET", "/lesson-book")
    assert all(diary[part] for part in ("lessons", "holds", "failed", "attention"))
    found = await described.ask("GET", "/lesson-book/students?q={q}", q=student["email"])
    assert [each["id"] for each in found["students"]] == [student["id"]]
    for each in (student, disputed, declined):
        await described.ask("GET", "/timeline/{customer_id}", customer_id=each["id"])
    await described.ask("GET", "/timeline/{customer_id}", customer_id="cus_x", status=404)


async def test_a_report_whose_details_cannot_be_read(
    described: Described, shop: Caller, stack: Stack
):
    """It is ready all the same, with its figures and files, and a stream of its events ends."""
    report = await ready(shop)
    async with open_storage(stack.settings) as storage:
        await storage.redis.set(storage.key("report-details", report["id"]), b'{"summary": 7}')
    found = await described.ask("GET", "/reports/{report_id}", report_id=report["id"])
    assert (found["state"], found["preview"], "tables" in found["summary"]) == (
        "ready",
        None,
        False,
    )
    assert found["summary"]["net_total"] == report["summary"]["net_total"]
    assert found["files"] == report["files"]
    text = await (await shop.raw("GET", f"/reports/{report['id']}/events")).text()
    assert text.count("event: report") == 1
