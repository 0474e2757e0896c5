"""Signing up, first of all: which lesson, and when it is."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.pages import LessonsPage
from tests.browser.students import new_email
from tests.stack import Stack


def test_three_lessons_can_be_booked(lessons: LessonsPage) -> None:
    """Title, instruction, picture and three cards with date, time and "Book now!"."""
    page = lessons.page
    page.clock.set_fixed_time("2026-11-22T12:00:00Z")
    lessons.open()
    expect(page.locator("main.main-lessons > #title.lesson-title")).to_have_text("Guitar lessons")
    expect(page.locator("main.main-lessons > .lesson-instruction")).to_have_text(
        "Choose from one of our available lessons to get started."
    )
    container = page.locator("main.main-lessons > .lessons-container")
    expect(container.locator("> .lessons-img img")).to_be_visible()
    cards = container.locator("> #sr-items.lessons-cards .lesson-card")
    expect(cards.locator(".lesson-info .lesson-date")).to_have_text(["01 Dec", "06 Dec", "13 Dec"])
    expect(cards.locator(".lesson-info .lesson-time")).to_have_text(
        ["3:00 p.m.", "4:00 p.m.", "5:00 p.m."]
    )
    buttons = cards.locator("button.lesson-book")
    expect(buttons).to_have_text(["Book now!"] * 3)
    assert [button.get_attribute("id") for button in buttons.all()] == ["first", "second", "third"]


def test_the_form_is_there_only_once_a_lesson_is_chosen(lessons: LessonsPage) -> None:
    """It stands above the title; the chosen card alone is `.selected`."""
    page = lessons.page
    lessons.open()
    expect(page.locator("button#first")).to_be_visible()
    expect(page.locator(".lesson-form, .lesson-card.selected")).to_have_count(0)
    lessons.book("second")
    expect(page.locator(".lesson-form ~ #title")).to_have_count(1)
    expect(page.locator(".lesson-card.selected")).to_have_count(1)
    expect(page.locator(".lesson-card.selected #second")).to_be_visible()
    lessons.book("third")
    expect(page.locator(".lesson-card.selected")).to_have_count(1)
    expect(page.locator(".lesson-card.selected #third")).to_be_visible()
    expect(page.locator(".lesson-form")).to_have_count(1)


@pytest.mark.parametrize(
    ("zone", "dates"),
    [
        ("America/Los_Angeles", ["02 Sept", "07 Sept", "14 Sept"]),
        ("Asia/Tokyo", ["03 Sept", "08 Sept", "15 Sept"]),
    ],
)
def test_days_are_counted_in_the_students_time_zone(
    chromium: Browser, stack: Stack, zone: str, dates: list[str]
) -> None:
    """At half past two on 25 August in UTC it is still the 24th in California."""
    context = chromium.new_context(base_url=stack.url, timezone_id=zone)
    page = context.new_page()
    page.clock.set_fixed_time("2026-08-25T02:30:00Z")
    page.goto("/lessons")
    expect(page.locator(".lesson-date")).to_have_text(dates)
    context.close()


def test_every_month_has_its_name(lessons: LessonsPage) -> None:
    """Two-digit day, three letters, and "Sept" with four; at a year's end the next one begins."""
    page = lessons.page
    for month, dates in {
        "2027-01": ["10 Jan", "15 Jan", "22 Jan"],
        "2027-02": ["10 Feb", "15 Feb", "22 Feb"],
        "2027-03": ["10 Mar", "15 Mar", "22 Mar"],
        "2027-04": ["10 Apr", "15 Apr", "22 Apr"],
        "2027-05": ["10 May", "15 May", "22 May"],
        "2027-06": ["10 Jun", "15 Jun", "22 Jun"],
        "2027-07": ["10 Jul", "15 Jul", "22 Jul"],
        "2027-08": ["10 Aug", "15 Aug", "22 Aug"],
        "2027-09": ["10 Sept", "15 Sept", "22 Sept"],
        "2027-10": ["10 Oct", "15 Oct", "22 Oct"],
        "2027-11": ["10 Nov", "15 Nov", "22 Nov"],
        "2027-12": ["10 Dec", "15 Dec", "22 Dec"],
    }.items():
        page.clock.set_fixed_time(f"{month}-01T17:00:00Z")
        lessons.open()
        expect(page.locator(".lesson-date")).to_have_text(dates)
    page.clock.set_fixed_time("2027-12-25T17:00:00Z")
    lessons.open()
    expect(page.locator(".lesson-date")).to_have_text(["03 Jan", "08 Jan", "15 Jan"])


def test_the_moment_is_told_with_the_offset_of_the_lessons_day(lessons: LessonsPage) -> None:
    """Summer time ends in New York between this booking (-04:00) and its lesson (-05:00)."""
    page = lessons.page
    page.clock.set_fixed_time("2026-10-24T16:00:00Z")
    lessons.open()
    lessons.book("first")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        lessons.give("Jenny Rosen", email := new_email())
    assert sent.value.post_data_json == {
        "name": "Jenny Rosen",
        "email": email,
        "first_lesson": "02 Nov 3:00 p.m.",
        "first_lesson_at": "2026-11-02T15:00:00-05:00",
    }
