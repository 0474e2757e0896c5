"""The dialog in which an action is looked at before it is sent."""

import pytest
from playwright.sync_api import expect

from tests.browser.instructor import (
    InstructorPage,
    intent,
    note_posts,
    shown,
)
from tests.browser.lesson_book_documents import (
    book,
    busy_book,
    payment,
)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", "Please type an amount."),
        ("12.5", "Please write dollars, or dollars and two digits of cents, such as 12.50."),
        ("0", "The smallest amount is one cent: 0.01."),
        ("65.01", "Only $65.00 is held."),
    ],
)
def test_a_wrong_amount_is_said_beside_the_field(
    staff: InstructorPage, typed: str, problem: str
) -> None:
    """Nothing is sent, and the cursor goes back to it."""
    sent = note_posts(staff.page, "/complete-lesson-payment", lambda route: route.abort())
    shown(staff, busy_book())
    staff.begin(staff.row("Ada Marsh"), "Capture")
    staff.amount.fill(typed)
    staff.submit.click()
    expect(staff.page.locator("#amount-problem")).to_have_text(problem)
    expect(staff.amount).to_be_focused()
    expect(staff.amount).to_have_attribute("aria-invalid", "true")
    assert set(staff.figures().values()) == {"\u2013"}
    staff.amount.fill("12.50")
    expect(staff.page.locator("#amount-problem")).to_be_empty()
    assert sent == []


@pytest.mark.parametrize(
    ("view", "card"), [("today", "Visa ending in 4242"), ("failed", "Saved card")]
)
def test_a_hold_names_the_card_where_it_is_known(
    staff: InstructorPage, view: str, card: str
) -> None:
    """A refused payment's card may have been replaced since, so it is not named."""
    shown(staff, busy_book(), view)
    staff.begin(staff.row("Walter Lindqvist"), "Hold")
    expect(staff.dialog.locator(".whom-what")).to_have_text(card)


def test_escape_closes_and_the_row_has_the_focus_again(staff: InstructorPage) -> None:
    """The button that was pressed, also where it was behind "More"."""
    shown(staff, busy_book())
    row = staff.row("Ada Marsh")
    for action, back in (("Capture", "Capture"), ("Release", "More")):
        staff.begin(row, action)
        staff.page.keyboard.press("Escape")
        expect(staff.dialog).to_be_hidden()
        expect(row.get_by_role("button", name=back)).to_be_focused()


def test_the_menu_closes_when_the_keyboard_leaves_it(staff: InstructorPage) -> None:
    """It would cover the next row; to its own button it stays open."""
    shown(staff, busy_book())
    row = staff.row("Ada Marsh")
    menu = row.locator(".row-menu")
    row.get_by_role("button", name="More").press("Enter")
    staff.page.keyboard.press("Tab")
    staff.page.keyboard.press("Shift+Tab")
    expect(row.get_by_role("button", name="More")).to_be_focused()
    expect(menu).to_be_visible()
    for _ in menu.get_by_role("button").all():
        staff.page.keyboard.press("Tab")
    expect(row.get_by_role("button", name="Hold again")).to_be_focused()
    staff.page.keyboard.press("Tab")
    expect(staff.row("Noor Haddad").get_by_role("checkbox")).to_be_focused()
    expect(menu).to_be_hidden()


def test_an_action_can_be_done_with_the_keyboard_alone(staff: InstructorPage) -> None:
    """Tab to the button, Enter, type, Enter; then the focus is in the row."""
    captured = intent("pi_adamarsh", "succeeded", amount_received=4000)
    sent = note_posts(
        staff.page,
        "/complete-lesson-payment",
        lambda route: route.fulfill(json={"payment": captured}),
    )
    canned = shown(staff, busy_book())
    canned_payment = payment("Ada Marsh", "captured", captured=4000)
    staff.page.route(
        "**/lesson-book/payments/*", lambda route: route.fulfill(json={"payment": canned_payment})
    )
    canned.document["lessons"][1]["payment"] = canned_payment
    row = staff.row("Ada Marsh")
    row.get_by_role("link", name="Ada Marsh").focus()
    staff.page.keyboard.press("Tab")
    expect(row.get_by_role("button", name="Capture")).to_be_focused()
    staff.page.keyboard.press("Enter")
    staff.page.keyboard.type("40.00")
    staff.page.keyboard.press("Enter")
    expect(staff.news).to_have_text("Ada Marsh: Captured $40.00, released $25.00.")
    expect(row.locator(".row-line")).to_have_text("Captured $40.00")
    expect(row.locator(":focus")).to_have_count(1)
    assert [body for body, _ in sent] == [{"payment_intent_id": "pi_adamarsh", "amount": 4000}]


def test_a_row_that_is_not_decided_offers_to_try_again(staff: InstructorPage) -> None:
    """After the dialog is closed too, and under the same key."""
    sent = note_posts(staff.page, "/schedule-lesson", lambda route: route.abort())
    shown(staff, busy_book())
    row = staff.row("Jenny Rosen")
    staff.begin(row, "Hold")
    staff.amount.fill("65")
    staff.submit.click()
    expect(staff.dialog.locator(".whom-outcome")).to_have_text("Not known")
    staff.page.keyboard.press("Escape")
    expect(row.locator(".row-notes")).to_contain_text("Sent, but no answer came.")
    expect(row.get_by_role("button", name="Try again")).to_be_focused()
    staff.page.keyboard.press("Enter")
    expect(staff.submit).to_have_text("Try again")
    expect(staff.amount).to_have_value("65.00")
    assert sent[0] == sent[1]


@pytest.mark.parametrize(
    ("action", "path", "news"),
    [
        ("Hold", "/schedule-lesson", "$65.00 was held, and is over by now."),
        (
            "Hold again",
            "/hold-lesson-again",
            "$65.00 was held, and is over by now. Please look at the student's history.",
        ),
    ],
)
def test_a_hold_that_was_let_go_before_it_was_asked_for_again_is_not_said_to_stand(
    staff: InstructorPage, action: str, path: str, news: str
) -> None:
    """Its first answer was lost, and somebody released it; the old hold stays where it was."""
    name = {"Hold": "Jenny Rosen", "Hold again": "Ada Marsh"}[action]
    gone = intent("pi_gone", "canceled")
    answer = {"payment": gone} if action == "Hold" else {"payment": gone, "released": None}
    staff.page.route(f"**{path}", lambda route: route.fulfill(json=answer))
    staff.page.route("**/lesson-book/payments/*", lambda route: route.abort())
    shown(staff, busy_book())
    line = staff.row("Ada Marsh").locator(".row-line").inner_text()
    staff.begin(staff.row(name), action)
    if action == "Hold":
        staff.amount.fill("65")
    staff.send(f"{name}: {news}")
    expect(staff.row("Ada Marsh").locator(".row-line")).to_have_text(line)


def test_an_answer_that_decides_nothing_says_so(staff: InstructorPage) -> None:
    """Stripe may have heard it, so whoever reads that is told what trying again does."""
    message = "Stripe could not be reached just now. Please try again in a moment."
    error = {"code": "stripe_unavailable", "message": message}
    staff.page.route(
        "**/release-lesson", lambda route: route.fulfill(status=503, json={"error": error})
    )
    shown(staff, book(holds=[payment()]), "holds")
    staff.begin(staff.rows.first, "Release")
    staff.submit.click()
    expect(staff.dialog.locator(".whom-result")).to_have_text(
        f"Not known: {message} Nothing is done twice."
    )
