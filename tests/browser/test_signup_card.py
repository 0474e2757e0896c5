"""Signing up, the second step: a card, and what is said once it is saved."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.api import Api
from tests.browser.cards import (
    ASKS_THE_BANK,
    DECLINED,
    DECLINED_TEXT,
    MASTERCARD,
    NOT_AUTHENTICATED_TEXT,
    VISA,
)
from tests.browser.pages import LessonsPage
from tests.browser.signup import CONFIRM, FINISH, LEGAL, held_back, summary_of
from tests.browser.students import cards_of, default_card, new_email


def test_the_card_step_replaces_the_inputs(lessons: LessonsPage) -> None:
    """The same head, "<name> (<e-mail>)", the Payment Element, and "Request Lesson"."""
    email = new_email()
    lessons.open()
    chosen = lessons.lesson_text("second")
    lessons.book("second")
    lessons.give("Jenny Rosen", email)
    for label in ("Card number", "Expiration", "CVC", "Country", "ZIP"):
        expect(lessons.card.frame.get_by_label(label)).to_be_visible()
    expect(lessons.card.frame.get_by_label("Country")).to_have_value("US")
    expect(lessons.form.locator("h3")).to_have_text("Registration details")
    expect(lessons.summary).to_have_text(summary_of(chosen))
    expect(lessons.form.locator(".lesson-legal-info")).to_have_text(LEGAL)
    expect(lessons.form.locator("#name, #email, #checkout-btn")).to_have_count(0)
    expect(lessons.form.locator(".lesson-input-box.first")).to_have_text(f"Jenny Rosen ({email})")
    expect(lessons.card.submit).to_have_text("Request Lesson")
    expect(lessons.card.spinner).to_have_count(0)


def test_the_request_waits_for_a_complete_card(lessons: LessonsPage) -> None:
    """`#submit` is disabled until every field of the card is filled, and again when one is not."""
    lessons.reach_card(new_email())
    expect(lessons.card.submit).to_be_disabled()
    lessons.card.fill(VISA, postal_code="123")
    expect(lessons.card.submit).to_be_disabled()
    lessons.card.frame.get_by_label("ZIP").fill("12345")
    expect(lessons.card.submit).to_be_enabled()
    lessons.card.frame.get_by_label("CVC").fill("1")
    expect(lessons.card.submit).to_be_disabled()


def test_a_good_card_completes_the_signup(lessons: LessonsPage, stripe: Api) -> None:
    """Stripe has one card, the default one, with name and e-mail on it and on the customer."""
    email = new_email()
    customer_id = lessons.sign_up(email)
    card = default_card(stripe, customer_id)
    assert card is not None
    assert cards_of(stripe, customer_id) == [card["id"]]
    assert card["card"]["last4"] == "4242"
    assert card["billing_details"] == {
        "address": {
            "city": None,
            "country": "US",
            "line1": None,
            "line2": None,
            "postal_code": "12345",
            "state": None,
        },
        "email": email,
        "name": "Jenny Rosen",
        "phone": None,
        "tax_id": None,
    }
    customer = stripe.get(f"/v1/customers/{customer_id}")
    assert (customer["name"], customer["email"]) == ("Jenny Rosen", email)
    assert customer["metadata"]["first_lesson"] == lessons.lesson_text("first")
    assert stripe.get("/v1/payment_intents", customer=customer_id)["data"] == []


def test_a_signup_says_nothing_on_the_console(lessons: LessonsPage) -> None:
    """From the first click to the last step there is no error and no warning."""
    said: list[str] = []
    lessons.page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
    lessons.sign_up(new_email())
    assert [text for text in said if text.startswith(("error", "warning"))] == []


def test_the_last_step_says_what_was_saved(lessons: LessonsPage) -> None:
    """Heading, customer id, card, address and a way to start afresh."""
    email = new_email()
    lessons.reach_card(email)
    lessons.card.send(MASTERCARD)
    customer_id = lessons.expect_done()
    assert re.fullmatch(r"cus_\w+", customer_id)
    done = lessons.complete
    expect(done).to_contain_text(
        f"We've created a customer account with an id of {customer_id} "
        "and saved the card ending in 4444"
    )
    expect(done.locator("#last4")).to_have_text("4444")
    expect(done).to_contain_text(f"Please check your email at {email} for a welcome letter.")
    expect(done.locator("#customer_email")).to_have_text(email)
    expect(lessons.page.locator("#submit, #spinner, #card-errors")).to_have_count(0)


def test_another_student_starts_afresh(lessons: LessonsPage, stripe: Api) -> None:
    """The button takes away form and choice; the next sign-up is a student of its own."""
    first = lessons.sign_up(new_email())
    lessons.page.get_by_role(
        "button", name="Sign up again under a different email address", exact=True
    ).click()
    expect(lessons.page.locator(".lesson-form, .lesson-complete")).to_have_count(0)
    expect(lessons.page.locator(".lesson-card.selected")).to_have_count(0)
    lessons.book("third")
    expect(lessons.name).to_have_value("")
    expect(lessons.email).to_have_value("")
    lessons.give("Second Student", new_email())
    lessons.card.send(MASTERCARD)
    second = lessons.expect_done()
    assert second != first
    assert len(cards_of(stripe, first)) == len(cards_of(stripe, second)) == 1


def test_a_refused_card_can_be_followed_by_a_good_one(lessons: LessonsPage, stripe: Api) -> None:
    """Stripe's sentence is shown; the same form takes the next card for the same account."""
    email = new_email()
    lessons.reach_card(email)
    lessons.card.send(DECLINED)
    expect(lessons.card.error).to_have_text(DECLINED_TEXT)
    expect(lessons.card.submit).to_be_enabled()
    expect(lessons.card.spinner).to_have_count(0)
    [before] = stripe.get("/v1/customers", email=email)["data"]
    lessons.card.send(VISA)
    assert lessons.expect_done() == before["id"]
    assert len(cards_of(stripe, before["id"])) == 1
    assert len(stripe.get("/v1/customers", email=email)["data"]) == 1


def test_the_message_is_gone_while_the_next_card_is_tried(lessons: LessonsPage) -> None:
    """A refusal belongs to its own attempt."""
    lessons.reach_card(new_email())
    lessons.card.send(DECLINED)
    expect(lessons.card.error).to_have_text(DECLINED_TEXT)
    lessons.card.fill(VISA)
    with held_back(lessons.page, CONFIRM):
        lessons.card.submit.click()
        expect(lessons.card.spinner).to_be_visible()
        expect(lessons.page.locator("#card-errors")).to_have_count(0)
    lessons.expect_done()


def test_a_card_that_asks_the_bank_is_saved_once_the_student_says_yes(
    lessons: LessonsPage, stripe: Api
) -> None:
    """The challenge is a frame named `acsFrame`, gone when it is answered."""
    page = lessons.page
    lessons.reach_card(new_email())
    lessons.card.send(ASKS_THE_BANK)
    bank = page.frame_locator('iframe[name="acsFrame"]')
    expect(bank.get_by_text("Fail authentication")).to_be_visible()
    challenge = page.frame(name="acsFrame")
    assert challenge is not None
    challenge.get_by_text("Complete authentication").click()
    customer_id = lessons.expect_done()
    expect(page.locator('iframe[name="acsFrame"]')).to_have_count(0)
    expect(lessons.complete.locator("#last4")).to_have_text("3155")
    assert len(cards_of(stripe, customer_id)) == 1


def test_a_failed_challenge_can_be_tried_again(lessons: LessonsPage, stripe: Api) -> None:
    """Stripe's sentence, the same form, and the same card may pass the second time."""
    email = new_email()
    lessons.reach_card(email)
    lessons.card.send(ASKS_THE_BANK)
    lessons.card.tell_the_bank("Fail authentication")
    expect(lessons.card.error).to_have_text(NOT_AUTHENTICATED_TEXT)
    expect(lessons.card.spinner).to_have_count(0)
    expect(lessons.card.submit).to_be_enabled()
    lessons.card.submit.click()
    lessons.card.tell_the_bank("Complete authentication")
    customer_id = lessons.expect_done()
    [customer] = stripe.get("/v1/customers", email=email)["data"]
    assert customer["id"] == customer_id
    assert len(cards_of(stripe, customer_id)) == 1


@pytest.mark.parametrize("work", [CONFIRM, FINISH])
def test_the_spinner_turns_while_card_and_intent_are_worked_on(
    lessons: LessonsPage, work: str
) -> None:
    """One `#spinner.spinner`, `#submit` disabled with its text, and only then."""
    lessons.reach_card(new_email())
    lessons.card.fill(VISA)
    expect(lessons.page.locator("#spinner, .spinner")).to_have_count(0)
    with held_back(lessons.page, work):
        with lessons.page.expect_request(work):
            lessons.card.submit.click()
        expect(lessons.card.spinner).to_be_visible()
        expect(lessons.page.locator("#spinner, .spinner")).to_have_count(1)
        expect(lessons.card.submit).to_be_disabled()
        expect(lessons.card.submit).to_have_text("Request Lesson")
    lessons.expect_done()
    expect(lessons.page.locator("#spinner, .spinner")).to_have_count(0)
