"""A student's own panel on the instructor's page."""

import pytest
from playwright.sync_api import Route, expect

from tests.browser.instructor import (
    InstructorPage,
    shown,
)
from tests.browser.lesson_book_documents import (
    book,
    busy_book,
    event,
    payment,
    student,
    timeline,
)


def test_the_panel_goes_back_to_the_row(staff: InstructorPage) -> None:
    """By its link or the browser's own button; the student's name has the focus."""
    who = student("Ada Marsh")
    told = timeline(who, payment("Ada Marsh"), events=[event("2026-11-20T15:00:00Z", "held", 6500)])
    staff.page.route("**/timeline/*", lambda route: route.fulfill(json=told))
    shown(staff, busy_book(), "holds")
    link = staff.row("Ada Marsh").get_by_role("link", name="Ada Marsh")
    for back in ("link", "browser"):
        link.click()
        expect(staff.student.locator(".event-line")).to_have_text("Held $65.00")
        expect(staff.student.locator(".event-at")).to_have_text("Nov 20, 2026, 10:00 AM EST")
        if back == "link":
            staff.page.get_by_role("link", name="Back to “Open holds”").click()
        else:
            staff.page.go_back()
        expect(staff.title).to_have_text("Open holds")
        expect(link).to_be_focused()


@pytest.mark.parametrize(
    ("month", "year", "words", "tone"),
    [
        (10, 2026, "expired 10/2026", "bad"),
        (11, 2026, "expires 11/2026, soon", "warn"),
        (1, 2027, "expires 01/2027", "plain"),
    ],
)
def test_a_card_that_ends_is_said(
    staff: InstructorPage, month: int, year: int, words: str, tone: str
) -> None:
    """Within sixty days, as in the report of expiring cards."""
    card = {"brand": "amex", "last4": "0005", "exp_month": month, "exp_year": year}
    told = timeline(student(card=card))
    staff.page.route("**/timeline/*", lambda route: route.fulfill(json=told))
    shown(staff, busy_book())
    staff.open_student("cus_jennyrosen")
    shown_card = staff.student.locator(".student-card")
    expect(shown_card).to_have_text(f"American Express ending in 0005, {words}")
    expect(shown_card).to_have_attribute("data-tone", tone)


def test_nobody_found_is_said(staff: InstructorPage) -> None:
    """Escape closes what was found and leaves the cursor in the field."""
    staff.page.route(
        "**/lesson-book/students?*", lambda route: route.fulfill(json={"students": []})
    )
    shown(staff, book())
    staff.search.fill("Zelda")
    expect(staff.page.locator("#found-news")).to_have_text("Nobody found for “Zelda”.")
    staff.page.keyboard.press("Escape")
    expect(staff.page.locator("#found-news")).to_be_empty()
    expect(staff.search).to_be_focused()


def test_whoever_chooses_keeps_what_was_found(staff: InstructorPage) -> None:
    """An answer to something typed before comes too late, and the focus stays."""
    late: list[Route] = []

    def answer(route: Route) -> None:
        if route.request.url.endswith("q=Ad"):
            route.fulfill(json={"students": [student("Ada Marsh"), student("Adam Price")]})
        else:
            late.append(route)

    staff.page.route("**/lesson-book/students?*", answer)
    shown(staff, book())
    staff.search.fill("Ad")
    expect(staff.page.locator("#found-news")).to_have_text("2 students found.")
    with staff.page.expect_request("**/lesson-book/students?q=Adam"):
        staff.search.fill("Adam")
    staff.page.keyboard.press("ArrowDown")
    first = staff.page.get_by_role("link", name="Ada Marsh")
    expect(first).to_be_focused()
    with staff.page.expect_response("**/lesson-book/students?q=Adam"):
        late[0].fulfill(json={"students": [student("Adam Price")]})
    expect(first).to_be_focused()
    expect(staff.page.locator("#found-news")).to_have_text("2 students found.")
