"""Asking for a report: which one, over which time, in which zone."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accountant_documents import CannedReports
from tests.browser.pages import AccountantPage

NOON = datetime(2026, 11, 15, 17, 0, tzinfo=UTC)  # in New York, the zone of the browser here
KINDS = [
    "Lesson totals",
    "Failed payments",
    "Open holds",
    "Refunds and disputes",
    "Students",
    "Reconciliation",
    "Audit trail",
]


@pytest.fixture
def form(page: Page) -> AccountantPage:
    """The page at noon on 15 November; what is asked for goes nowhere."""
    page.clock.set_fixed_time(NOON)
    CannedReports(page, [])
    accountant = AccountantPage(page)
    accountant.open()
    expect(accountant.run_button).to_be_enabled()
    return accountant


def asked_for(form: AccountantPage) -> object:
    """The body of the request that the button sends, which can then be pressed again."""
    with form.page.expect_request(lambda request: request.method == "POST") as sent:
        form.run_button.click()
    expect(form.run_button).not_to_have_attribute("aria-busy", "true")
    return sent.value.post_data_json


def test_every_kind_can_be_chosen(form: AccountantPage) -> None:
    """Each with its one sentence; the first one is chosen."""
    choices = form.page.locator("#kinds .choice")
    expect(choices.locator(".kind-title")).to_have_text(KINDS)
    for about in choices.locator(".kind-about").all_inner_texts():
        assert about.endswith(".")
    for title in KINDS:
        choice = form.page.get_by_role("radio", name=title, exact=True)
        assert choice.is_checked() == (title == "Lesson totals")


def test_the_last_36_hours_are_left_to_the_server(form: AccountantPage) -> None:
    """They end when the report starts, not when it is asked for."""
    expect(form.page.locator("#window-words")).to_have_text(
        "The last 36 hours, up to the moment it starts · New York"
    )
    assert asked_for(form) == {"kind": "lesson-totals", "timezone": "America/New_York"}


def test_today_and_last_month_are_those_of_the_zone(form: AccountantPage) -> None:
    """In Auckland it is the 16th already."""
    page = form.page
    page.get_by_label("Time zone").fill("auckland")
    form.choose("Today")
    expect(page.locator("#window-words")).to_have_text(
        "From Nov 16, 2026, 12:00 AM up to the moment it starts · Auckland"
    )
    assert asked_for(form) == {
        "kind": "lesson-totals",
        "timezone": "Pacific/Auckland",
        "from": "2026-11-15T11:00:00Z",
    }
    expect(page.get_by_label("Time zone")).to_have_value("Pacific/Auckland")
    form.choose("Students")
    form.choose("Last month")
    assert asked_for(form) == {
        "kind": "students",
        "timezone": "Pacific/Auckland",
        "from": "2026-09-30T11:00:00Z",
        "to": "2026-10-31T10:59:59Z",
    }


def test_from_and_to_are_whole_days_unless_times_are_given(form: AccountantPage) -> None:
    """The minute of "to" is included; what lies ahead is left to the moment it starts."""
    page = form.page
    form.choose("From and to")
    page.get_by_label("From", exact=True).fill("2026-11-01")
    page.get_by_label("To", exact=True).fill("2026-11-14")
    window = {"from": "2026-11-01T04:00:00Z", "to": "2026-11-15T04:59:59Z"}
    asked = {"kind": "lesson-totals", "timezone": "America/New_York"}
    assert asked_for(form) == asked | window
    page.get_by_label("From, time of day").fill("09:30")
    page.get_by_label("To, time of day").fill("17:00")
    window = {"from": "2026-11-01T14:30:00Z", "to": "2026-11-14T22:00:59Z"}
    assert asked_for(form) == asked | window
    page.get_by_label("To", exact=True).fill("2026-11-15")
    assert asked_for(form) == asked | {"from": "2026-11-01T14:30:00Z"}


@pytest.mark.parametrize(
    ("start", "end", "problem"),
    [
        ("", "", "Please choose the day to count from."),
        ("2026-11-02", "2026-11-01", '"From" must be before "To".'),
        ("2026-11-16", "", '"From" must be in the past.'),
        ("2026-11-16", "2026-11-20", '"From" must be in the past.'),
    ],
)
def test_a_window_that_cannot_be_is_refused(
    form: AccountantPage, start: str, end: str, problem: str
) -> None:
    """The page says what is wrong, at the field that can put it right."""
    page = form.page
    form.choose("From and to")
    page.get_by_label("From", exact=True).fill(start)
    page.get_by_label("To", exact=True).fill(end)
    form.run_button.click()
    expect(page.locator("#custom-window").get_by_role("alert")).to_have_text(problem)
    expect(form.run_button).to_be_enabled()
    field = page.get_by_label("From", exact=True)
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile(f"^{re.escape(problem)}"))
    field.fill("2026-10-01")
    page.get_by_label("To", exact=True).fill("")
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", "true")


def test_a_window_without_a_day_is_said_before_it_is_run(form: AccountantPage) -> None:
    """As soon as "From and to" is chosen, until there is a day."""
    form.choose("From and to")
    words = form.page.locator("#window-words")
    expect(words).to_have_text("Please choose the day to count from.")
    field = form.page.get_by_label("From", exact=True)
    expect(field).to_have_attribute("required", "")
    field.fill("2026-11-01")
    expect(words).to_have_text("From Nov 1, 2026, 12:00 AM up to the moment it starts · New York")


def test_a_zone_that_nobody_knows_is_refused(form: AccountantPage) -> None:
    """The field is marked, and the page says what to do."""
    page = form.page
    field = page.get_by_label("Time zone")
    field.fill("Atlantis")
    field.blur()
    expect(field).to_have_attribute("aria-invalid", "true")
    form.run_button.click()
    expect(page.get_by_role("alert")).to_have_text("Please choose a time zone from the list.")
    expect(field).to_be_focused()


def test_a_click_into_the_zone_selects_it(form: AccountantPage) -> None:
    """So that typing searches the whole list."""
    field = form.page.get_by_label("Time zone")
    field.click()
    form.page.keyboard.type("Vienna")
    field.blur()
    expect(field).to_have_value("Europe/Vienna")


def test_kinds_that_cannot_be_fetched_can_be_asked_for_again(page: Page) -> None:
    """Nothing can be run until they are there."""
    page.route("**/report-kinds", lambda route: route.abort())
    accountant = AccountantPage(page)
    accountant.open()
    expect(page.locator("#kinds-problem p")).to_have_text(
        "The kinds of report can't be shown. "
        "We could not reach the shop. Please check your connection and try again."
    )
    expect(accountant.run_button).to_be_disabled()
    page.unroute("**/report-kinds")
    page.get_by_role("button", name="Try again").click()
    expect(accountant.run_button).to_be_enabled()
