"""The open holds, by when they lapse."""

from typing import Any

from shop.rules.window import Window
from tests.unit.reports.objects import LESSON, Json, at, charge, payment, student
from tests.unit.reports.reading import LiteralReading, made

NOON = "2026-11-22T12:00:00-05:00"
WINDOW = Window(at("2026-11-21T00:00:00-05:00"), at(NOON))
ADA = student("cus_ada")


def hold(id: str, created: str, capture_before: str | None, **others: Any) -> Json:
    before = {"capture_before": at(capture_before)} if capture_before else {}
    details = {"type": "card", "card": {"brand": "visa", "last4": "4242"} | before}
    held = charge(f"ch_{id}", created, 6500, payment_method_details=details)
    return payment(
        f"pi_{id}",
        created,
        "requires_capture",
        ADA,
        **{"amount_capturable": 6500, "latest_charge": held} | others,
    )


HOLDS = [
    hold("later", "2026-11-22T10:00:00-05:00", "2026-11-29T10:00:00-05:00", currency="cad"),
    hold("unknown", "2026-11-22T09:00:00-05:00", None),
    hold("ticket", "2026-11-22T08:00:00-05:00", NOON, metadata={"type": "ticket"}),
    payment("pi_done", "2026-11-22T07:00:00-05:00", "succeeded", ADA),
    hold("today", "2026-11-18T04:00:00-05:00", "2026-11-22T22:00:00-05:00"),
    hold(
        "tomorrow",
        "2026-11-18T03:00:00-05:00",
        "2026-11-23T01:00:00-05:00",
        metadata=LESSON | {"instructor": "Ms. Eze"},
        amount_capturable=4000,
    ),
    hold("overdue", "2026-10-20T12:00:00-04:00", "2026-11-22T11:59:59-05:00"),
    hold("ancient", "2026-10-01T12:00:00-04:00", "2026-10-08T12:00:00-04:00"),
]


def test_holds_are_listed_by_when_they_lapse_and_summed_up():
    """However old, up to 40 days before the window's end; tickets are only counted."""
    rows, outcome = made("open-holds", LiteralReading(WINDOW, {"payments": HOLDS}))
    assert [(row["payment_intent_id"], row["expires"]) for row in rows] == [
        ("pi_overdue", "overdue"),
        ("pi_today", "today"),
        ("pi_tomorrow", "tomorrow"),
        ("pi_later", "later"),
        ("pi_unknown", "unknown"),
    ]
    summary = dict(outcome.summary)
    figures, tables = summary.pop("figures"), summary.pop("tables")
    assert summary == {
        "held_total": 23500,
        "currency": "usd",
        "holds": 5,
        "expires_overdue": 1,
        "expires_today": 1,
        "expires_tomorrow": 1,
        "expires_later": 1,
        "expires_unknown": 1,
        "other_holds": 1,
        "other_currencies": [{"held_total": 6500, "currency": "cad"}],
        "checks": [],
        "notes": [
            "A lapsed hold can't be captured any more; the student has to be charged again.",
            "Shown are holds placed up to the window's end and open when the report was made.",
        ],
    }
    assert figures[:3] == [
        {
            "name": "held_total",
            "label": "Held",
            "amount": 23500,
            "currency": "usd",
            "role": "other",
        },
        {
            "name": "held_total_cad",
            "label": "Held",
            "amount": 6500,
            "currency": "cad",
            "role": "other",
        },
        {"name": "holds", "label": "Open holds", "count": 5},
    ]
    assert [(table["name"], table["rows"]) for table in tables] == [
        (
            "expires_overdue",
            [["2026-11-22 11:59:59", 6500, "usd", "Guitar lesson", "Ada", "pi_overdue"]],
        ),
        (
            "expires_today",
            [["2026-11-22 22:00:00", 6500, "usd", "Guitar lesson", "Ada", "pi_today"]],
        ),
        (
            "expires_tomorrow",
            [["2026-11-23 01:00:00", 4000, "usd", "Guitar lesson", "Ada", "pi_tomorrow"]],
        ),
    ]


def test_a_row_says_all_that_staff_need():
    """What is still held, of whom, and until when."""
    rows, _ = made("open-holds", LiteralReading(WINDOW, {"payments": HOLDS}))
    assert rows[2] == {
        "expires": "tomorrow",
        "capture_before_utc": "2026-11-23 06:00:00",
        "capture_before": "2026-11-23 01:00:00",
        "amount": 4000,
        "currency": "usd",
        "description": "Guitar lesson",
        "instructor": "Ms. Eze",
        "customer_id": "cus_ada",
        "customer_name": "Ada",
        "customer_email": "ada@example.com",
        "payment_intent_id": "pi_tomorrow",
        "charge_id": "ch_tomorrow",
        "created_utc": "2026-11-18 08:00:00",
        "created": "2026-11-18 03:00:00",
        "card_brand": "visa",
        "card_last4": "4242",
    }


def test_a_charge_that_was_not_expanded_is_asked_for():
    """And where Stripe knows none, the hold is still listed."""
    held = hold("one", "2026-11-22T10:00:00-05:00", "2026-11-29T10:00:00-05:00")
    reading = LiteralReading(
        WINDOW,
        {"payments": [held | {"latest_charge": "ch_one"}, held | {"latest_charge": None}]},
        charges={"ch_one": held["latest_charge"]},
    )
    rows, _ = made("open-holds", reading)
    assert reading.asked == ["ch_one"]
    assert [row["capture_before"] for row in rows] == ["2026-11-29 10:00:00", None]


def test_without_holds_the_figures_are_zeros():
    """In the shop's currency."""
    rows, outcome = made("open-holds", LiteralReading(WINDOW, {"payments": []}))
    assert rows == []
    assert (outcome.summary["held_total"], outcome.summary["currency"]) == (0, "usd")
    assert outcome.summary["tables"] == []
