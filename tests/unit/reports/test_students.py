"""The students and their cards."""

from shop.rules.window import Window
from tests.unit.reports.objects import at, card, student
from tests.unit.reports.reading import LiteralReading, made

WINDOW = Window(at("2026-11-22T00:00:00-05:00"), at("2026-11-22T12:00:00-05:00"))
STUDENTS = [
    student("cus_new", "2026-11-23T00:00:00Z", card("pm_new")),
    student("cus_ok", "2026-11-22T10:00:00Z", card("pm_ok", exp=(2, 2027))),
    student("cus_soon", "2026-10-01T10:00:00Z", card("pm_soon", exp=(12, 2026))),
    student("cus_expired", "2026-01-01T10:00:00Z", card("pm_expired", exp=(10, 2026))),
    student("cus_found", "2025-01-01T10:00:00Z"),
    student("cus_bare", "2024-01-01T10:00:00Z"),
]


def reading() -> LiteralReading:
    return LiteralReading(
        WINDOW,
        {"customers-with-cards": STUDENTS},
        cards={"cus_found": card("pm_found", last4="1111")},
    )


def test_everybody_up_to_the_windows_end_is_listed_with_the_state_of_their_card():
    """Whoever came after it is not; only who has no default card is looked up."""
    this = reading()
    rows, _ = made("students", this)
    assert [(row["name"], row["card_state"], row["card_last_day"]) for row in rows] == [
        ("Ok", "ok", "2027-02-28"),
        ("Soon", "expires within 60 days", "2026-12-31"),
        ("Expired", "expired", "2026-10-31"),
        ("Found", "ok", "2029-07-31"),
        ("Bare", "no card", None),
    ]
    assert this.asked == ["cus_found", "cus_bare"]


def test_a_row_and_the_summary_are_written_out_in_full():
    """With whom to remind."""
    rows, outcome = made("students", reading())
    assert rows[1] == {
        "customer_id": "cus_soon",
        "name": "Soon",
        "email": "soon@example.com",
        "created_utc": "2026-10-01 10:00:00",
        "created": "2026-10-01 06:00:00",
        "first_lesson": "01 Dec 3:00 p.m.",
        "card_state": "expires within 60 days",
        "card_brand": "visa",
        "card_last4": "4242",
        "card_exp_month": 12,
        "card_exp_year": 2026,
        "card_last_day": "2026-12-31",
        "account_link": "https://shop.example/account-update/cus_soon",
    }
    summary = dict(outcome.summary)
    [reminders] = summary.pop("tables")
    assert summary == {
        "students": 5,
        "cards_ok": 2,
        "cards_expires_soon": 1,
        "cards_expired": 1,
        "cards_no_card": 1,
        "figures": [
            {"name": "students", "label": "Students", "count": 5},
            {"name": "cards_ok", "label": "Card: ok", "count": 2},
            {"name": "cards_expires_soon", "label": "Card: expires within 60 days", "count": 1},
            {"name": "cards_expired", "label": "Card: expired", "count": 1},
            {"name": "cards_no_card", "label": "Card: no card", "count": 1},
        ],
        "checks": [],
        "notes": ["Students and cards are shown as they were when the report was made."],
    }
    link = "https://shop.example/account-update/"
    assert reminders["rows"] == [
        [
            "Soon",
            "soon@example.com",
            "expires within 60 days",
            "visa",
            "4242",
            "2026-12-31",
            f"{link}cus_soon",
        ],
        [
            "Expired",
            "expired@example.com",
            "expired",
            "visa",
            "4242",
            "2026-10-31",
            f"{link}cus_expired",
        ],
    ]


def test_more_students_than_are_looked_up_at_once_come_in_order_and_complete():
    """250 of them, every third without a default card."""
    many = [
        student(f"cus_n{n:03}", "2026-01-01T00:00:00Z", None if n % 3 == 0 else card(f"pm_{n}"))
        for n in range(250)
    ]
    rows, outcome = made("students", LiteralReading(WINDOW, {"customers-with-cards": many}))
    assert [row["customer_id"] for row in rows] == [each["id"] for each in many]
    assert (outcome.summary["cards_ok"], outcome.summary["cards_no_card"]) == (166, 84)
