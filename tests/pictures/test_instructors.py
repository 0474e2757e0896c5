"""What instructors see: the five views, the dialog of each action, results, a student's panel."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.instructor import EMPTY, InstructorPage, shown
from tests.browser.lesson_book_documents import busy_book
from tests.browser.students import Student
from tests.pictures.conftest import Camera


@pytest.mark.parametrize("view", EMPTY)
def test_a_view(staff: InstructorPage, picture: Camera, view: str) -> None:
    """On a day with a lot to do."""
    shown(staff, busy_book(), view)
    expect(staff.rows.first).to_be_visible()
    picture(f"instructor-{view}", f"Instructors: {staff.title.inner_text()}", whole=True)


def test_the_shop_is_away(staff: InstructorPage, picture: Camera) -> None:
    """What was read before stays on the page, and is said to be old."""
    canned = shown(staff, busy_book())
    canned.is_away = True
    staff.page.get_by_role("button", name="Refresh").click()
    expect(staff.problem).to_be_visible()
    picture("instructor-away", "Redis is away: what was read before stays, and is said to be old")


def test_finding_a_student(
    staff: InstructorPage, pupil: Callable[..., Student], picture: Camera
) -> None:
    """By a few letters of the name."""
    pupil("Jenny Rosen")
    staff.open()
    staff.search.fill("jen")
    staff.found.first.wait_for()
    picture("instructor-search", "Finding a student")


def test_the_dialogs(
    staff: InstructorPage,
    pupil: Callable[..., Student],
    held: Callable[[Student], str],
    picture: Camera,
) -> None:
    """What each action comes to is said before it is sent."""
    student = pupil("Jenny Rosen")
    staff.open_student(student.id)
    staff.page.get_by_role("button", name="Place a hold").click()
    staff.amount.fill("65")
    picture("instructor-hold", "Placing a hold")
    staff.amount.fill("12.345")
    staff.submit.click()
    picture("instructor-hold-mistyped", "An amount that is none")
    held(student)
    staff.page.reload()
    for action, name in (
        ("Capture", "capture"),
        ("Late cancellation", "late-cancellation"),
        ("Release", "release"),
        ("Hold again", "hold-again"),
    ):
        staff.begin(staff.payment(), action)
        picture(f"instructor-{name}", f"{action}: what it comes to")
        staff.page.keyboard.press("Escape")
    staff.page.route("**/complete-lesson-payment", lambda route: route.abort())
    staff.begin(staff.payment(), "Capture")
    staff.submit.click()
    expect(staff.dialog).to_contain_text("No answer")
    picture("instructor-no-answer", "No answer came; trying again does nothing twice")
    staff.page.unroute_all()
    staff.page.reload()
    staff.begin(staff.payment(), "Capture")
    staff.submit.click()
    expect(staff.dialog).to_be_hidden()
    staff.begin(staff.payment(), "Refund")
    staff.amount.fill("20")
    picture("instructor-refund", "Refunding a part")
    staff.submit.click()
    expect(staff.dialog).to_be_hidden()
    expect(staff.news).to_contain_text("Refunded")
    picture("instructor-student", "A student, with payments and timeline", whole=True)


def test_a_hold_that_is_refused(
    staff: InstructorPage, pupil: Callable[..., Student], picture: Camera
) -> None:
    """The bank's reason, and what to do about it."""
    student = pupil("Jenny Rosen", "pm_card_chargeCustomerFail")
    staff.open_student(student.id)
    staff.page.get_by_role("button", name="Place a hold").click()
    staff.amount.fill("65")
    staff.submit.click()
    expect(staff.dialog.locator(".whom-result")).to_be_visible()
    picture("instructor-refused", "The card is declined")


def test_several_at_once(
    staff: InstructorPage, pupil: Callable[..., Student], picture: Camera
) -> None:
    """Each with a result of its own."""
    names = {"Bea Adler": "pm_card_visa", "Cy Young": "pm_card_chargeCustomerFail"}
    for name, card in names.items():
        pupil(name, card)
    staff.open("needs-hold")
    for name in names:
        staff.row(name).get_by_role("checkbox").check()
    staff.together.get_by_role("button", name="Hold selected").click()
    staff.amount.fill("65")
    picture("instructor-several", "The same for several students")
    staff.submit.click()
    staff.page.locator("#action-dialog[data-is-over]").wait_for()
    picture("instructor-several-results", "What became of each")
