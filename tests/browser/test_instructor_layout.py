"""The instructor's page at every width, with long names and many words."""

import pytest
from playwright.sync_api import expect

from tests.browser.instructor import (
    EMPTY,
    InstructorPage,
    intent,
    shown,
)
from tests.browser.lesson_book_documents import (
    book,
    busy_book,
    lesson,
    payment,
)


@pytest.mark.parametrize("view", EMPTY)
def test_a_phone_shows_it_all(staff: InstructorPage, view: str) -> None:
    """Nothing scrolls sideways, and whatever can be touched is large enough for a finger."""
    staff.page.set_viewport_size({"width": 390, "height": 844})
    shown(staff, busy_book(), view)
    assert staff.page.evaluate("document.documentElement.scrollWidth") == 390
    small = staff.page.evaluate(
        """() => [...document.querySelectorAll('main :is(a, button, label:has(input))')]
            .filter((control) => control.checkVisibility() && !control.closest('.header'))
            .map((control) => [control.innerText, control.getBoundingClientRect()])
            .filter(([, { width, height }]) => height < 43.5 || width < 43.5)
            .map(([text, { width, height }]) => `${text}: ${width} x ${height}`)"""
    )
    assert small == []


LONG_NAME = "Maximiliana-Konstantina Wolfeschlegelsteinhausenbergerdorff"


def widths(staff: InstructorPage, part: str, edge: str) -> float:
    """How far right an edge of a part of the page is."""
    box = staff.page.locator(part).first.bounding_box()
    assert box is not None
    return box["x"] + (box["width"] if edge == "right" else 0)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_long_name_keeps_to_its_place(staff: InstructorPage, width: int) -> None:
    """In its row it goes under no button, and in the dialog it is read line by line."""
    staff.page.set_viewport_size({"width": width, "height": 844})
    held = payment(LONG_NAME, card={"brand": "amex", "last4": "0005"})
    shown(staff, book(lessons=[lesson(LONG_NAME, "2026-11-23T20:00:00Z", held)]))
    words = staff.page.evaluate(
        """() => {
            const range = document.createRange();
            range.selectNodeContents(document.querySelector('.row-name'));
            return range.getBoundingClientRect().right;
        }"""
    )
    assert words <= widths(staff, ".row-actions > button", "left")
    staff.begin(staff.rows.first, "Capture")
    name = staff.dialog.locator(".whom-name").bounding_box()
    assert name is not None
    assert name["width"] > 150
    assert name["height"] < 100


def test_the_buttons_of_a_row_that_is_not_decided_cover_no_words(staff: InstructorPage) -> None:
    """Three buttons are more than fit beside each other."""
    staff.page.set_viewport_size({"width": 1280, "height": 800})
    expiring = payment(capture_before="2026-11-23T16:04:00Z", instructor="Ruth Bell Castellanos")
    shown(staff, book(holds=[expiring]), "holds")
    staff.page.route("**/hold-lesson-again", lambda route: route.abort())
    staff.begin(staff.rows.first, "Hold again")
    staff.submit.click()
    expect(staff.dialog).to_contain_text("No answer came")
    staff.page.keyboard.press("Escape")
    buttons = staff.rows.first.locator(".row-actions > button")
    expect(buttons.first).to_have_accessible_name("Try again for Jenny Rosen")
    left = min(box["x"] for box in (button.bounding_box() for button in buttons.all()) if box)
    assert widths(staff, ".row-money", "right") <= left


def test_the_dialog_of_a_hold_fits_a_small_laptop(staff: InstructorPage) -> None:
    """What it comes to is seen without scrolling, above the button that sends it."""
    staff.page.set_viewport_size({"width": 1280, "height": 680})
    shown(staff, book(lessons=[lesson("Jenny Rosen", "2026-11-23T20:00:00Z", needs_hold=True)]))
    staff.begin(staff.rows.first, "Hold")
    figures = staff.dialog.locator(".dialog-figures").bounding_box()
    buttons = staff.dialog.locator(".dialog-buttons").bounding_box()
    assert figures is not None
    assert buttons is not None
    assert figures["y"] + figures["height"] <= buttons["y"]


def test_going_to_another_view_moves_nothing(staff: InstructorPage) -> None:
    """The tabs stay under the finger that pressed one of them."""
    staff.page.set_viewport_size({"width": 1280, "height": 500})
    shown(staff, busy_book(), "holds")
    staff.page.locator("#views").scroll_into_view_if_needed()
    before = staff.page.evaluate("scrollY")
    for name in ("Lessons", "Need a hold", "Lessons"):
        staff.page.get_by_role("link", name=name).last.click()
        expect(staff.page.locator("#views [aria-current]")).to_contain_text(name)
        assert staff.page.evaluate("scrollY") == before


def test_old_news_goes_when_something_else_begins(staff: InstructorPage) -> None:
    """So the same words, when they come again, are read out again."""
    shown(staff, book(holds=[payment()]), "holds")
    staff.page.route(
        "**/release-lesson",
        lambda route: route.fulfill(json={"payment": intent("pi_jennyrosen", "canceled")}),
    )
    staff.begin(staff.rows.first, "Release")
    staff.send("Jenny Rosen: Released $65.00.")
    staff.begin(staff.rows.first, "Release")
    expect(staff.news).to_be_empty()
