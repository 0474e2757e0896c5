"""The owner's audit trail."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.api import Api
from tests.browser.students import Student, student_with_card


@pytest.fixture
def student(shop: Api, stripe: Api) -> Student:
    """Somebody with a hold of $65.00 that was captured, and can't be let go any more."""
    signed_up = student_with_card(shop, stripe)
    held = shop.post(
        "/schedule-lesson", customer_id=signed_up.id, amount=6500, description="Guitar lesson"
    )["payment"]["id"]
    shop.post("/complete-lesson-payment", payment_intent_id=held)
    shop.refused("/release-lesson", payment_intent_id=held)
    return signed_up


def test_what_was_done_is_told_in_words(page: Page, student: Student) -> None:
    """The newest first, with the time of the reader's clock and UTC behind it."""
    page.goto("/owner")
    expect(page.get_by_role("heading", name="Audit trail")).to_be_visible()
    entries = page.locator(".entry")
    expect(entries.nth(0)).to_contain_text("Somebody on this machine tried to let go of what pi_")
    expect(entries.nth(0).locator(".entry-result")).to_have_text("Refused")
    expect(entries.nth(1)).to_contain_text("captured $65.00 of pi_")
    expect(entries.nth(1)).to_contain_text(f"student {student.id}")
    expect(entries.nth(1).locator(".entry-result")).to_have_text("Done")
    expect(entries.nth(2)).to_contain_text(f"held $65.00 on the card of {student.id} (pi_")
    expect(entries.nth(2).locator("time")).to_have_attribute(
        "title", re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC$")
    )


def test_what_is_asked_stands_in_the_address(page: Page, student: Student) -> None:
    """So it can be kept and handed on; the browser's way back leads to the question before."""
    page.goto("/owner")
    page.get_by_label("About").fill(student.id)
    page.get_by_label("What", exact=True).select_option("Capture")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/owner\?action=capture&subject={student.id}$"))
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.get_by_role("status")).to_have_text("1 entry, and no more")
    page.reload()
    expect(page.locator(".entry")).to_have_count(1)
    expect(page.get_by_label("About")).to_have_value(student.id)
    page.go_back()
    expect(page.get_by_label("About")).to_have_value("")
    expect(page.locator(".entry").nth(1)).to_be_visible()


@pytest.mark.usefixtures("student")
def test_an_answer_to_an_earlier_question_is_left(page: Page) -> None:
    """Whoever asks again before it comes sees what was asked last, and nothing else."""
    held: list[Route] = []
    page.route("**/audit?*", lambda route: held.append(route))
    with page.expect_request("**/audit?*"):
        page.goto("/owner")
    page.get_by_label("About").fill("pi_nobodys")
    with page.expect_request("**/audit?subject=pi_nobodys&*"):
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Reading the trail…")
    everything, nothing = held
    with page.expect_request_finished(lambda request: "/audit?" in request.url):
        everything.continue_()
    nothing.continue_()
    expect(page.get_by_role("status")).to_have_text("Nothing is in the trail that fits")
    expect(page.locator(".entry")).to_have_count(0)


def test_ids_lead_to_what_they_name(page: Page, student: Student) -> None:
    """A payment to all that was done with it, a student to their page."""
    page.goto(f"/owner?subject={student.id}")
    held = page.locator(".entry").filter(has_text="held $65.00")
    held.get_by_role("link", name=re.compile("^pi_")).click()
    expect(page.locator(".entry")).to_have_count(3)
    expect(page.get_by_label("About")).to_have_value(re.compile("^pi_"))
    page.get_by_role("link", name=student.id).first.click()
    expect(page).to_have_url(re.compile(rf"/instructor#student/{student.id}$"))
    expect(page.locator("#student .student-name")).to_have_text(student.name)


def test_older_entries_come_at_a_press(page: Page, shop: Api) -> None:
    """Fifty at a time, until there are no more; no entry twice."""
    for _ in range(60):
        shop.refused("/release-lesson", payment_intent_id="pi_older")
    page.goto("/owner?subject=pi_older")
    expect(page.get_by_role("status")).to_have_text("50 entries, the newest first")
    page.get_by_role("button", name="Show older entries").press("Enter")
    expect(page.get_by_role("status")).to_have_text("60 entries, and no more")
    expect(page.locator(".entry")).to_have_count(60)
    expect(page.get_by_role("status")).to_be_focused()
    expect(page.get_by_role("button", name="Show older entries")).to_be_hidden()


def test_days_are_the_readers(page: Page, student: Student) -> None:
    """Nothing of this shop is older than a day; where nothing fits, that is said."""
    page.goto(f"/owner?subject={student.id}&to=2020-01-01")
    expect(page.get_by_role("status")).to_have_text("Nothing is in the trail that fits")
    page.get_by_role("link", name="Show all").click()
    expect(page.locator(".entry").first).to_be_visible()
    expect(page).to_have_url(re.compile("/owner$"))


def test_a_trail_that_cannot_be_read_can_be_asked_for_again(page: Page) -> None:
    """The shop's own sentence says why."""
    failing = {"error": {"code": "results_unavailable", "message": "The place is away."}}
    page.route("**/audit?*", lambda route: route.fulfill(status=503, json=failing))
    page.goto("/owner")
    expect(page.get_by_role("alert").filter(has_text="The place is away.")).to_be_visible()
    page.unroute("**/audit?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The place is away.")).to_be_hidden()
    expect(page.get_by_role("status")).not_to_have_text("The trail cannot be read")


def test_a_trail_that_is_not_whole_says_so_above_everything(page: Page) -> None:
    """With the time since when."""
    trouble = {"since": "2026-11-23T14:00:00.000+00:00", "message": "Please make room."}
    body = {"entries": [], "older": None, "older_than": None, "troubles": [trouble]}
    page.route("**/audit?*", lambda route: route.fulfill(json=body))
    page.goto("/owner")
    expect(page.locator("#troubles")).to_have_text(
        re.compile(r"The trail is not whole\. Please make room\. Since Nov 23, 2026, 9:00:00\sAM\.")
    )
