"""Signing up, the first step: who you are."""

from playwright.sync_api import expect

from tests.browser.api import Api
from tests.browser.pages import LessonsPage
from tests.browser.signup import LEGAL, summary_of
from tests.browser.students import new_email, student_with_card


def test_the_first_step_says_what_is_asked_for(lessons: LessonsPage) -> None:
    """Heading, summary, legal sentence, two labelled inputs and the Checkout button."""
    lessons.open()
    chosen = lessons.lesson_text("first")
    lessons.book("first")
    expect(lessons.form.locator("h3")).to_have_text("Registration details")
    expect(lessons.summary).to_have_text(summary_of(chosen))
    expect(lessons.form.locator(".lesson-legal-info")).to_have_text(LEGAL)
    inputs = lessons.form.locator(".lesson-grid > .lesson-inputs")
    expect(inputs.locator(".lesson-input-box.first label")).to_have_text("Name")
    expect(inputs.locator(".lesson-input-box.middle label")).to_have_text("Email")
    expect(inputs.get_by_label("Name")).to_have_attribute("placeholder", "Name")
    expect(inputs.get_by_label("Email")).to_have_attribute("placeholder", "Email")
    expect(inputs.locator("button#checkout-btn > span#button-text")).to_have_text("Checkout")
    expect(lessons.page.locator("#submit, #spinner, #card-errors, [role=alert]")).to_have_count(0)


def test_checkout_waits_for_name_and_email(lessons: LessonsPage) -> None:
    """The button is disabled until both are filled, and again when one is emptied."""
    lessons.open()
    lessons.book("first")
    for name, email, enabled in [
        ("", "", False),
        ("Jenny", "", False),
        ("", "jenny@example.com", False),
        ("   ", "jenny@example.com", False),
        ("Jenny", "jenny@example.com", True),
        ("Jenny", "", False),
    ]:
        lessons.name.fill(name)
        lessons.email.fill(email)
        expect(lessons.checkout).to_be_enabled(enabled=enabled)


def test_an_address_that_is_none_is_said_and_can_be_put_right(lessons: LessonsPage) -> None:
    """The message stands in `#card-errors > .card-error` and what was typed stays."""
    lessons.open()
    lessons.book("first")
    lessons.give("Jenny Rosen", "jenny.example.com")
    expect(lessons.card.error).to_have_text("Invalid email address: jenny.example.com")
    expect(lessons.name).to_have_value("Jenny Rosen")
    expect(lessons.email).to_have_value("jenny.example.com")
    lessons.give("Jenny Rosen", new_email())
    expect(lessons.card.frame.get_by_label("Card number")).to_be_visible()
    expect(lessons.card.error).to_have_count(0)


def test_an_email_that_is_taken_leads_to_its_account(
    lessons: LessonsPage, shop: Api, stripe: Api
) -> None:
    """In any letter case; the address stands there as typed, and what was typed stays."""
    student = student_with_card(shop, stripe)
    typed = student.email.upper()
    lessons.open()
    lessons.book("first")
    lessons.give("Somebody Else", typed)
    expect(lessons.taken).to_have_text(
        "A customer with that email address already exists. If you'd like to update the card on "
        f"file, please visit account update {typed}."
    )
    expect(lessons.taken.locator("#error_message_customer_email")).to_have_text(typed)
    expect(lessons.name).to_have_value("Somebody Else")
    expect(lessons.email).to_have_value(typed)
    expect(lessons.page.locator(".lesson-payment-element")).to_have_count(0)
    link = lessons.taken.locator("#account_link").get_by_role("link")
    expect(link).to_have_attribute("href", f"/account-update/{student.id}")
    link.click()
    expect(lessons.page.locator("#billing-email")).to_have_text(student.email)


def test_after_a_taken_email_another_one_goes_on(
    lessons: LessonsPage, shop: Api, stripe: Api
) -> None:
    """The error is gone as soon as the next address is accepted."""
    lessons.open()
    lessons.book("first")
    lessons.give("Jenny Rosen", student_with_card(shop, stripe).email)
    expect(lessons.taken).to_be_visible()
    lessons.email.fill(new_email())
    lessons.checkout.click()
    expect(lessons.card.frame.get_by_label("Card number")).to_be_visible()
    expect(lessons.taken).to_have_count(0)
