"""The accountant's figures, through the queue, against what the sandbox itself knows."""

import asyncio
import csv
import hashlib
import io
import json
import time
from decimal import Decimal

import pytest

from tests.integration.conftest import Caller
from tests.integration.students import confirm_card, hold, new_email, sign_up, start_signup
from tests.stack import Stack

HOUR = 3600


async def finished(shop: Caller, report_id: str) -> dict:
    """The report once it is ready or failed."""
    for _ in range(200):
        _, report = await shop.get(f"/reports/{report_id}")
        if report["state"] in ("ready", "failed"):
            return report
        await asyncio.sleep(0.05)
    raise AssertionError(f"still {report['state']}")


@pytest.mark.usefixtures("quiet_boundary")
async def test_the_lesson_total_of_the_last_36_hours(shop: Caller, stripe: Caller):
    """To the cent what the sandbox's own bookkeeping says, over many pages."""
    now = int(time.time())
    _, truth = await stripe.get(f"/_sandbox/truth?from={now - 36 * HOUR}&to={now}")
    status, total = await shop.get("/calculate-lesson-total")
    assert status == 200
    assert total["payment_total"] > 0
    assert {key: total[key] for key in ("payment_total", "fee_total", "net_total")} == {
        key: truth[key] for key in ("payment_total", "fee_total", "net_total")
    }
    assert total["payment_total"] == total["net_total"] + total["fee_total"]


@pytest.mark.usefixtures("quiet_boundary")
async def test_captures_and_refunds_move_the_total_at_once(shop: Caller, stripe: Caller):
    """123 cents captured are 123 more, less 34 of fees; a hold counts for nothing."""
    student = await sign_up(shop, stripe)
    _, before = await shop.get("/calculate-lesson-total")
    held = await hold(shop, student["id"], 123)
    await hold(shop, student["id"], 999)
    assert (await shop.get("/calculate-lesson-total"))[1] == before
    await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    _, captured = await shop.get("/calculate-lesson-total")
    assert captured["payment_total"] - before["payment_total"] == 123
    assert captured["fee_total"] - before["fee_total"] == 34
    assert captured["net_total"] - before["net_total"] == 89
    await shop.post("/refund-lesson", {"payment_intent_id": held["id"], "amount": 23})
    _, refunded = await shop.get("/calculate-lesson-total")
    assert refunded["payment_total"] == captured["payment_total"]
    assert refunded["fee_total"] - captured["fee_total"] == 23


@pytest.mark.usefixtures("quiet_boundary")
async def test_tickets_and_videos_never_count(shop: Caller, stripe: Caller):
    """They share the account; only the metadata tells them apart."""
    _, before = await shop.get("/calculate-lesson-total")
    status, ticket = await stripe.form(
        "/v1/payment_intents",
        **{
            "amount": "2500",
            "currency": "usd",
            "confirm": "true",
            "payment_method": "pm_card_visa",
            "allowed_payment_method_types[]": "card",
            "metadata[type]": "ticket",
        },
    )
    assert (status, ticket["status"]) == (200, "succeeded")
    assert (await shop.get("/calculate-lesson-total"))[1] == before


@pytest.mark.usefixtures("quiet_boundary")
async def test_students_whose_payment_failed(shop: Caller, stripe: Caller):
    """Listed as long as the failing card is on file, and no longer."""
    student = await sign_up(shop, stripe, card="pm_card_chargeCustomerFail")
    status, refused = await shop.post(
        "/schedule-lesson",
        {"customer_id": student["id"], "amount": 500, "description": "Piano lesson"},
    )
    assert status == 402
    status, listed = await shop.get("/find-customers-with-failed-payments")
    assert status == 200
    [entry] = [entry for entry in listed if entry["customer"]["id"] == student["id"]]
    _, payment = await stripe.get(f"/v1/payment_intents/{refused['payment_intent_id']}")
    assert entry == {
        "customer": {"id": student["id"], "email": student["email"], "name": "Jenny Rosen"},
        "payment_intent": {
            "id": payment["id"],
            "created": payment["created"],
            "description": "Piano lesson",
            "status": "failed",
            "error": "issuer_declined",
        },
        "payment_method": {"last4": "0341", "brand": "visa"},
    }
    now = int(time.time())
    _, truth = await stripe.get(f"/_sandbox/truth?from={now - 36 * HOUR}&to={now}")
    assert {entry["customer"]["id"] for entry in listed} == set(truth["failed_customers"])

    await shop.post(f"/delete-account/{student['id']}")
    _, listed = await shop.get("/find-customers-with-failed-payments")
    assert student["id"] not in {entry["customer"]["id"] for entry in listed}


async def test_a_student_with_another_card_is_not_listed_any_more(shop: Caller, stripe: Caller):
    """The card on file must still be the one that failed."""
    student = await sign_up(shop, stripe, card="pm_card_chargeCustomerFail")
    body = {"customer_id": student["id"], "amount": 500, "description": "x"}
    assert (await shop.post("/schedule-lesson", body))[0] == 402
    _, listed = await shop.get("/find-customers-with-failed-payments")
    assert student["id"] in {entry["customer"]["id"] for entry in listed}
    _, update = await shop.post(f"/account-update/{student['id']}", {})
    setup_intent = await confirm_card(stripe, update["client_secret"], "pm_card_mastercard")
    path = f"/update-payment-details/{student['id']}"
    assert (await shop.post(path, {"setup_intent_id": setup_intent}))[0] == 200
    _, listed = await shop.get("/find-customers-with-failed-payments")
    assert student["id"] not in {entry["customer"]["id"] for entry in listed}


async def test_a_card_that_wants_authentication_has_no_charge(shop: Caller, stripe: Caller):
    """Then the PaymentIntent's status and the decline code say what is wrong."""
    started = await start_signup(shop, new_email())
    customer_id = started["customer_id"]
    await stripe.form(
        "/v1/payment_methods/pm_card_threeDSecure2Required/attach", customer=customer_id
    )
    status, refused = await shop.post(
        "/schedule-lesson", {"customer_id": customer_id, "amount": 500, "description": "x"}
    )
    assert (status, refused["error"]["code"]) == (402, "authentication_required")
    _, listed = await shop.get("/find-customers-with-failed-payments")
    [entry] = [entry for entry in listed if entry["customer"]["id"] == customer_id]
    assert entry["payment_intent"]["id"] == refused["payment_intent_id"]
    assert entry["payment_intent"]["status"] == "requires_payment_method"
    assert entry["payment_intent"]["error"] == "authentication_required"


async def test_only_what_the_accountant_asked_for_is_listed(shop: Caller):
    """Reports that answer a request come and go unseen."""
    _, before = await shop.get("/reports")
    await shop.get("/calculate-lesson-total")
    assert (await shop.get("/reports"))[1] == before
    _, queued = await shop.post("/reports", {"kind": "failed-payments"})
    _, after = await shop.get("/reports")
    assert [report["id"] for report in after["reports"]] == [
        queued["id"],
        *(report["id"] for report in before["reports"]),
    ]


@pytest.mark.parametrize("kind", ["lesson-totals", "failed-payments"])
async def test_a_queued_report_ends_in_two_files(shop: Caller, kind: str):
    """Whole, checksummed, and saying the same as the figures."""
    status, queued = await shop.post("/reports", {"kind": kind})
    assert status == 202
    assert (queued["kind"], queued["state"] in ("queued", "running")) == (kind, True)
    report = await finished(shop, queued["id"])
    assert (report["state"], report["progress"], report["error"]) == ("ready", 1.0, None)
    assert report["calls"] >= 1
    assert [file["format"] for file in report["files"]] == ["csv", "json"]
    bodies = {}
    for file in report["files"]:
        answer = await shop.raw("GET", file["url"])
        bodies[file["format"]] = body = await answer.read()
        assert answer.status == 200
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{file["name"]}"'
        assert (len(body), hashlib.sha256(body).hexdigest()) == (file["bytes"], file["sha256"])
    table = list(csv.DictReader(io.StringIO(bodies["csv"].decode())))
    document = json.loads(bodies["json"])
    assert len(table) == len(document["rows"])
    assert document["summary"] == report["summary"]
    if kind == "lesson-totals":
        net = sum(row["net"] for row in document["rows"])
        assert net == report["summary"]["net_total"]
        assert sum(Decimal(row["net"]) for row in table) == Decimal(net).scaleb(-2)


async def test_a_window_of_ones_own(shop: Caller, stripe: Caller):
    """Any window, in unix seconds or ISO 8601; the sandbox's truth agrees."""
    now = int(time.time())
    start, end = now - 20 * 24 * HOUR, now - 5 * 24 * HOUR
    _, queued = await shop.post(
        "/reports", {"kind": "lesson-totals", "from": str(start), "to": end}
    )
    report = await finished(shop, queued["id"])
    _, truth = await stripe.get(f"/_sandbox/truth?from={start}&to={end}")
    assert report["summary"]["payment_total"] == truth["payment_total"] > 0
    assert report["summary"]["net_total"] == truth["net_total"]
    assert report["summary"]["transactions"] == truth["transactions"]


@pytest.mark.parametrize(
    "window",
    [
        {"from": "2026-01-02T00:00Z", "to": "2026-01-01T00:00Z"},
        {"to": "2999-01-01T00:00Z"},
        {"from": "2999-01-01T00:00Z"},
        {"from": "yesterday"},
        {"from": "2026-01-01T00:00"},
        {"from": 10**30},
        {"to": -5},
        {"from": True},
        {"from": 1.5},
    ],
)
async def test_windows_that_are_none(shop: Caller, window: dict):
    """A clear sentence, and nothing is queued."""
    _, before = await shop.get("/reports")
    status, answer = await shop.post("/reports", {"kind": "lesson-totals", **window})
    assert (status, answer["error"]["message"][-1]) == (400, ".")
    assert (await shop.get("/reports"))[1] == before


async def test_unknown_reports_kinds_and_formats(shop: Caller):
    """404 for what is not there, 400 for what cannot be asked for."""
    status, answer = await shop.post("/reports", {"kind": "everything"})
    assert (status, answer["error"]["code"]) == (400, "unknown_report")
    assert (await shop.get("/reports/nope"))[0] == 404
    assert (await shop.get("/reports/nope/files/csv"))[0] == 404
    _, queued = await shop.post("/reports", {"kind": "lesson-totals"})
    await finished(shop, queued["id"])
    assert (await shop.get(f"/reports/{queued['id']}/files/exe"))[0] == 404


@pytest.mark.usefixtures("quiet_boundary")
async def test_callers_at_the_same_moment_get_the_same_figures(shop: Caller):
    """Those who come before a run begins share it."""
    answers = await asyncio.gather(*(shop.get("/calculate-lesson-total") for _ in range(8)))
    assert all(answer == answers[0] for answer in answers)


async def test_no_worker_is_said_within_two_seconds(shop: Caller, stack: Stack):
    """By the API with 503, and by the list of reports; a new worker makes it work again."""
    stack.kill("worker")
    try:
        for path in ("/calculate-lesson-total", "/find-customers-with-failed-payments"):
            began = time.monotonic()
            status, answer = await shop.get(path)
            assert (status, answer["error"]["code"]) == (503, "no_worker")
            assert time.monotonic() - began < 2
        assert (await shop.post("/reports", {"kind": "lesson-totals"}))[0] == 503
        _, listed = await shop.get("/reports")
        assert listed["worker"] is False
    finally:
        stack.start("worker")
    assert (await shop.get("/calculate-lesson-total"))[0] == 200
