"""The window and zone a report is asked for, from the request to the figures."""

import time
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.integration.conftest import Caller
from tests.integration.reports import ask, finished, ready
from tests.stack import Stack

HOUR = 3600


async def test_a_window_of_ones_own(shop: Caller, stripe: Caller):
    """Any window, in unix seconds or ISO 8601; the sandbox's truth agrees."""
    now = int(time.time())
    start, end = now - 20 * 24 * HOUR, now - 5 * 24 * HOUR
    report = await ready(shop, **{"from": str(start), "to": end})
    _, truth = await stripe.get(f"/_sandbox/truth?from={start}&to={end}")
    assert report["summary"]["payment_total"] == truth["payment_total"] > 0
    assert report["summary"]["net_total"] == truth["net_total"]
    assert report["summary"]["transactions"] == truth["transactions"]


async def test_days_of_a_zone(shop: Caller, stripe: Caller):
    """Whole days in Tokyo; the receipt says which seconds those were, in UTC and there."""
    tokyo = ZoneInfo("Asia/Tokyo")
    last = datetime.now(tokyo).date() - timedelta(days=2)
    first = last - timedelta(days=9)
    asked = {"from": first.isoformat(), "to": last.isoformat(), "timezone": "Asia/Tokyo"}
    report = await ready(shop, **asked)
    start = datetime(first.year, first.month, first.day, tzinfo=tokyo)
    end = start + timedelta(days=10, seconds=-1)
    window = {
        "from": start.astimezone(UTC).isoformat(),
        "to": end.astimezone(UTC).isoformat(),
        "timezone": "Asia/Tokyo",
        "from_local": start.isoformat(),
        "to_local": end.isoformat(),
    }
    assert report["window"] == window
    receipt = report["receipt"]
    assert {name: receipt[name] for name in window} == window
    assert receipt["cut_off"] == window["to"]
    _, truth = await stripe.get(
        f"/_sandbox/truth?from={int(start.timestamp())}&to={int(end.timestamp())}"
    )
    assert report["summary"]["net_total"] == truth["net_total"] != 0


async def test_an_end_that_is_left_out_is_when_the_report_begins(shop: Caller, stack: Stack):
    """Its beginning is known at once, its end only then."""
    start = int(time.time()) - 10 * 24 * HOUR
    with stack.frozen("worker"):
        queued = await ask(shop, **{"from": start})
        assert queued["window"] == {
            "from": datetime.fromtimestamp(start, UTC).isoformat(),
            "to": None,
            "timezone": "UTC",
            "from_local": datetime.fromtimestamp(start, UTC).isoformat(),
            "to_local": None,
        }
    report = await finished(shop, queued["id"])
    assert report["window"]["from"] == queued["window"]["from"]
    end = datetime.fromisoformat(report["window"]["to"])
    assert end.timestamp() == int(datetime.fromisoformat(report["started_at"]).timestamp())


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"from": "2026-01-02T00:00Z", "to": "2026-01-01T00:00Z"}, "window_invalid"),
        ({"to": "2999-01-01T00:00Z"}, "window_invalid"),
        ({"from": "2999-01-01T00:00Z"}, "window_invalid"),
        ({"from": 0}, "window_invalid"),
        ({"from": "yesterday"}, "window_invalid"),
        ({"from": "2026-01-01T00:00"}, "window_invalid"),
        ({"from": 10**18}, "window_invalid"),
        ({"to": -5}, "window_invalid"),
        ({"from": True}, "parameter_invalid"),
        ({"from": 1.5}, "parameter_invalid"),
        ({"timezone": "Mars/Olympus"}, "unknown_timezone"),
        ({"timezone": "../../etc/passwd"}, "unknown_timezone"),
        ({"timezone": ""}, "unknown_timezone"),
        ({"timezone": 5}, "parameter_invalid"),
        ({"kind": "everything"}, "unknown_report"),
        ({"kind": ""}, "parameter_missing"),
        ({"kind": "x" * 51}, "parameter_invalid"),
        ({"kind": 5}, "parameter_invalid"),
    ],
)
async def test_what_cannot_be_asked_for(shop: Caller, asked: dict, code: str):
    """A clear sentence, and nothing is queued."""
    _, before = await shop.get("/reports")
    status, answer = await shop.post("/reports", {"kind": "lesson-totals", **asked})
    assert (status, answer["error"]["code"]) == (400, code)
    assert answer["error"]["message"].endswith(".")
    assert (await shop.get("/reports"))[1] == before


async def test_a_form_does_as_well(shop: Caller):
    """As curl sends it."""
    status, report = await shop.form(
        "/reports", kind="failed-payments", timezone="America/New_York", to="2026-10-31"
    )
    assert (status, report["kind"]) == (202, "failed-payments")
    assert report["window"]["to_local"] == "2026-10-31T23:59:59-04:00"
