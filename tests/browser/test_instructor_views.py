"""What each of the instructor's five views shows."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.instructor import (
    EMPTY,
    CannedBook,
    InstructorPage,
    said,
    shown,
)
from tests.browser.lesson_book_documents import (
    Document,
    book,
    busy_book,
    lesson,
    payment,
)


def test_lessons_stand_by_day_in_the_shops_zone(staff: InstructorPage) -> None:
    """Today first, then tomorrow, then each day by its name; the zone is named."""
    shown(staff, busy_book())
    expect(staff.page.locator("#day")).to_have_text("Monday, Nov 23. All times are New York time.")
    expect(staff.page.locator(".section-title")).to_have_text(
        [
            "Today, Monday, Nov 23",
            "Tomorrow, Tuesday, Nov 24",
            "Wednesday, Nov 25",
            "Thursday, Nov 26",
            "Friday, Nov 27",
            "Thursday, Dec 3",
            "Friday, Dec 4",
        ]
    )
    expect(staff.page.locator("#compared")).to_have_text(
        "Compared with everything at Stripe on Nov 23, 2026, 3:10 AM EST; "
        "Stripe's events keep it up to date since."
    )


def test_each_lesson_says_its_payment_and_what_is_due(staff: InstructorPage) -> None:
    """The due action is the loud one; without a card there is none."""
    shown(staff, busy_book())
    by_name = {name: rest for _, name, *rest in said(staff)}
    assert by_name["Ada Marsh"][:2] == ["Held $65.00", "1 day 4 h left to capture."]
    assert by_name["Tomás Ferreira"][0] == "Captured $65.00"
    assert by_name["Ines Okafor"][:2] == ["Refunded in part $65.00", "$15.00 refunded."]
    assert by_name["Jenny Rosen"][0] == "Needs a hold"
    assert by_name["Walter Lindqvist"][:2] == [
        "Card declined $65.00",
        "Needs a hold. “Your card has insufficient funds.” Trying again later may work.",
    ]
    assert by_name["Sam Whitlock"] == ["Needs a card", "", ""]
    assert by_name["Cleo Duarte"][0] == "Hold from Nov 28"
    loud = staff.page.locator(".row[data-due] .row-actions > button:not(.quiet-button)")
    due = [button.get_attribute("data-action") for button in loud.all()]
    assert due == ["capture", "capture", "hold", "hold", "hold"]


def test_a_hold_that_lapses_before_its_lesson_stands_out(staff: InstructorPage) -> None:
    """Also on the day itself, when capturing it is what to do."""
    at = "2026-11-23T20:00:00Z"
    short = payment("Ada Marsh", capture_before="2026-11-23T19:59:59Z")
    long = payment("Ines Okafor", capture_before=at)
    lessons = [lesson("Ada Marsh", at, short), lesson("Ines Okafor", at, long)]
    shown(staff, book(lessons=lessons))
    expect(staff.row("Ada Marsh")).to_have_attribute("data-tone", "warn")
    expect(staff.row("Ada Marsh")).to_contain_text("Lapses before the lesson.")
    expect(staff.row("Ines Okafor")).to_have_attribute("data-tone", "held")


@pytest.mark.parametrize(
    ("changes", "state", "note"),
    [
        ({"refund_pending": 6500}, "Refund on its way", "A refund of $65.00 is on its way."),
        (
            {"refunded": 1000, "refund_pending": 500},
            "Refund on its way",
            "$10.00 refunded. A refund of $5.00 is on its way.",
        ),
        ({"refunded": 1000}, "Refunded in part", "$10.00 refunded."),
        ({"refunded": 6500}, "Refunded", "$65.00 refunded."),
    ],
)
def test_a_refund_is_told_apart_from_one_on_its_way(
    staff: InstructorPage, changes: Document, state: str, note: str
) -> None:
    """The bank may send it back yet."""
    at = "2026-11-23T20:00:00Z"
    shown(staff, book(lessons=[lesson("Jenny Rosen", at, payment(state="captured", **changes))]))
    assert said(staff)[0][2:4] == [f"{state} $65.00", note]


def test_open_holds_say_the_time_that_is_left(staff: InstructorPage) -> None:
    """The exact moment stands beside it; one that is about to lapse is held again first."""
    shown(staff, busy_book(), "holds")
    assert [row[:4] for row in said(staff)] == [
        [
            "Lapses Nov 23, 2026, 4:30 PM EST",
            "Noor Haddad",
            "About to lapse $65.00",
            "Lapses Nov 23, 2026, 4:30 PM EST. With Ruth Bell.",
        ],
        [
            "Lapses Nov 24, 2026, 2:14 PM EST",
            "Ada Marsh",
            "Held $65.00",
            "Lapses Nov 24, 2026, 2:14 PM EST.",
        ],
        [
            "Lapses Nov 27, 2026, 10:00 AM EST",
            "Ruben Vogt",
            "Held $90.01",
            "Lapses Nov 27, 2026, 10:00 AM EST.",
        ],
    ]
    expect(staff.page.locator(".row-when")).to_have_text(
        ["6 h 26 min left", "1 day 4 h left", "3 days 23 h left"]
    )
    first = staff.row("Noor Haddad").locator(".row-actions > button").first
    expect(first).to_have_accessible_name("Hold again for Noor Haddad")
    expect(staff.page.locator(".view-more")).to_have_text(
        "3 more rows not shown here. Find the student by name."
    )


def test_what_needs_attention_is_told_with_its_reason(staff: InstructorPage) -> None:
    """Holds, refunds that came back, and disputes with the day they are due."""
    shown(staff, busy_book(), "attention")
    assert [row[1:4] for row in said(staff)] == [
        [
            "Noor Haddad",
            "About to lapse $65.00",
            "Lapses Nov 23, 2026, 4:30 PM EST. With Ruth Bell.",
        ],
        [
            "Mia Castellanos",
            "Hold expired $65.00",
            "It lapsed before it was captured. Nothing was charged.",
        ],
        [
            "Greta Sommer",
            "Refund failed $65.00",
            "A refund of $65.00 failed: the card has expired or was cancelled.",
        ],
        [
            "Leo Brandt",
            "Disputed $65.00",
            "$65.00 disputed (product not received). Answer Stripe by Nov 29, 2026, 6:59 PM EST.",
        ],
    ]
    expect(staff.row("Leo Brandt").get_by_role("button")).to_have_count(0)  # Stripe refunds none


@pytest.mark.parametrize("view", EMPTY)
def test_an_empty_view_says_so(staff: InstructorPage, view: str) -> None:
    """A sentence instead of a blank."""
    shown(staff, book(compared_at=None), view)
    expect(staff.empty).to_have_text(EMPTY[view])
    expect(staff.page.locator(".tab-count")).to_have_text(["0"] * 5)
    expect(staff.page.locator("#compared")).to_contain_text("Not compared with everything")


def test_the_views_are_counted(staff: InstructorPage) -> None:
    """With what the shop left out of its lists."""
    shown(staff, busy_book())
    expect(staff.page.locator(".tab-count")).to_have_text(["11", "5", "6", "2", "4"])


def test_all_lessons_of_the_next_five_days_are_read(staff: InstructorPage) -> None:
    """However many there are: nobody who needs a hold is missed. Later ones are asked for."""
    soon, later, last = "2026-11-26T20:00:00Z", "2026-12-01T20:00:00Z", "2026-12-05T20:00:00Z"
    canned = CannedBook(
        staff.page, book(lessons=[lesson("Ada", soon, needs_hold=True)], more={"lessons": 400})
    )
    second = [lesson("Bea", soon, needs_hold=True), lesson("Cy", later)]
    canned.later = {
        "200": book(lessons=second, more={"lessons": 200}),
        "400": book(lessons=[lesson("Cy", later), lesson("Dora", last)]),
    }
    staff.open("today")
    expect(staff.page.locator(".row-name")).to_have_text(["Ada", "Bea", "Cy"])
    expect(staff.page.locator(".tab-count")).to_have_text(["203", "2", "0", "0", "0"])
    staff.page.get_by_role("button", name="Show later lessons").click()
    expect(staff.page.locator(".row-name")).to_have_text(["Ada", "Bea", "Cy", "Dora"])
    expect(staff.page.get_by_role("button", name="Show later lessons")).to_be_hidden()


def test_the_first_lessons_are_shown_before_the_others_are_read(staff: InstructorPage) -> None:
    """Where there are thousands, today's can be worked on at once."""
    soon = "2026-11-23T20:00:00Z"
    CannedBook(staff.page, book(lessons=[lesson("Ada", soon)], more={"lessons": 1}))
    asked: list[Route] = []
    staff.page.route("**/lesson-book?skip=200", lambda route: asked.append(route))
    with staff.page.expect_request("**/lesson-book?skip=200"):
        staff.open("today")
    expect(staff.page.locator(".row-name")).to_have_text(["Ada"])
    expect(staff.page.locator("#reading")).to_be_hidden()
    asked[0].fulfill(json=book(lessons=[lesson("Bea", soon)]))
    expect(staff.page.locator(".row-name")).to_have_text(["Ada", "Bea"])
