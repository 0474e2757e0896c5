"""Reading the lesson book again disturbs nobody."""

from playwright.sync_api import Page, expect

from tests.browser.instructor import (
    CannedBook,
    InstructorPage,
    shown,
)
from tests.browser.lesson_book_documents import (
    book,
    busy_book,
)


def test_a_refresh_keeps_focus_selection_and_menu(staff: InstructorPage) -> None:
    """A row that has not changed stays; one that has is renewed around the focus."""
    canned = shown(staff, busy_book())
    row = staff.row("Ada Marsh")
    row.get_by_role("checkbox").check()
    row.get_by_role("button", name="More").click()
    release = row.get_by_role("button", name="Release")
    release.focus()
    untouched = staff.row("Cleo Duarte").element_handle()
    canned.document["lessons"][1]["payment"]["amount"] = 7000
    again(staff)
    expect(row.locator(".row-amount")).to_have_text("$70.00")
    expect(release).to_be_visible()
    expect(release).to_be_focused()
    expect(row.get_by_role("checkbox")).to_be_checked()
    assert untouched is not None
    assert untouched.evaluate("(row) => row.isConnected")


def test_a_refresh_keeps_an_open_dialog(staff: InstructorPage) -> None:
    """What is typed stays, though the row behind it has changed."""
    canned = shown(staff, busy_book())
    staff.begin(staff.row("Ada Marsh"), "Capture")
    staff.amount.fill("12.34")
    canned.document["lessons"].pop(0)
    again(staff)
    expect(staff.row("Tomás Ferreira")).to_have_count(0)
    expect(staff.dialog).to_be_visible()
    expect(staff.amount).to_have_value("12.34")


def test_a_book_that_cannot_be_read_is_said_and_the_last_one_stays(staff: InstructorPage) -> None:
    """It is marked as old until the book can be read again."""
    canned = shown(staff, busy_book())
    canned.is_away = True
    again(staff)
    expect(staff.problem.locator("p")).to_have_text(
        "The lesson book can't be read. The shop's memory is away. What you see is from 10:04 AM."
    )
    expect(staff.page.locator("#as-of")).to_have_text("Old: as of 10:04 AM")
    expect(staff.rows).to_have_count(11)
    canned.is_away = False
    staff.problem.get_by_role("button", name="Try again").click()
    expect(staff.problem).to_be_hidden()
    expect(staff.page.locator("#as-of")).to_have_text("As of 10:04 AM")


def test_a_book_that_was_never_read_is_said(staff: InstructorPage) -> None:
    """Nothing pretends to be an empty day."""
    canned = CannedBook(staff.page, book())
    canned.is_away = True
    staff.page.goto("/instructor")
    expect(staff.problem.locator("p")).to_have_text(
        "The lesson book can't be read. The shop's memory is away."
    )
    expect(staff.empty).to_be_hidden()
    expect(staff.rows).to_have_count(0)


def test_the_book_is_read_every_twenty_seconds_while_somebody_looks(staff: InstructorPage) -> None:
    """Not while the tab is hidden, and at once on the return to it."""
    staff.page.clock.install()
    canned = shown(staff, book())
    assert canned.readings == 1
    with staff.page.expect_response("**/lesson-book"):
        staff.page.clock.fast_forward(20_001)
    set_hidden(staff.page, hidden=True)
    staff.page.clock.fast_forward(120_000)
    assert canned.readings == 2
    with staff.page.expect_response("**/lesson-book"):
        set_hidden(staff.page, hidden=False)
    assert canned.readings == 3


def again(staff: InstructorPage) -> None:
    """Read the book again, without a click that would move the focus."""
    with staff.page.expect_response("**/lesson-book"):
        staff.page.locator(".freshness .refresh").dispatch_event("click")


def set_hidden(page: Page, *, hidden: bool) -> None:
    """What the browser says when the tab is left or come back to."""
    page.evaluate(
        """(hidden) => {
            Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
            document.dispatchEvent(new Event('visibilitychange'));
        }""",
        hidden,
    )
