"""Signing up in a real browser: choose a lesson, say who you are, save a card."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Request, Route, expect

from tests.browser.api import Api, wait_until
from tests.browser.cards import (
    ASKS_THE_BANK,
    DECLINED,
    DECLINED_TEXT,
    MASTERCARD,
    NOT_AUTHENTICATED_TEXT,
    VISA,
)
from tests.browser.pages import LessonsPage
from tests.browser.students import (
    cards_of,
    default_card,
    new_email,
    replace_card,
    student_with_card,
)
from tests.stack import Stack

LEGAL = (
    "Your card will not be charged. By registering, you hold a session slot which we will "
    "confirm within 24 hrs."
)
CONFIRM = "**/v1/setup_intents/*/confirm"
FINISH = "**/update-payment-details/*"


@pytest.fixture
def lessons(page: Page) -> LessonsPage:
    return LessonsPage(page)


def summary_of(lesson: str) -> str:
    return (
        f"You have requested a lesson for {lesson} "
        "Please complete this form to reserve your lesson."
    )


# ── Choosing a lesson ────────────────────────────────────────────────────────────────────────


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


# ── Saying who you are ───────────────────────────────────────────────────────────────────────


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


# ── The card ─────────────────────────────────────────────────────────────────────────────────


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
    lessons.open()
    lesson = lessons.lesson_text("first")
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
    assert customer["metadata"]["first_lesson"] == lesson
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
        lessons.card.submit.click()
        expect(lessons.card.spinner).to_be_visible()
        expect(lessons.page.locator("#spinner, .spinner")).to_have_count(1)
        expect(lessons.card.submit).to_be_disabled()
        expect(lessons.card.submit).to_have_text("Request Lesson")
    lessons.expect_done()
    expect(lessons.page.locator("#spinner, .spinner")).to_have_count(0)


# ── Second thoughts ──────────────────────────────────────────────────────────────────────────


def test_the_last_choice_of_a_lesson_is_what_is_saved(lessons: LessonsPage, stripe: Api) -> None:
    """The summary follows the choice at every step, and Stripe's customer has the last one."""
    lessons.page.clock.set_fixed_time("2026-10-20T16:00:00Z")
    lessons.open()
    lessons.book("first")
    expect(lessons.summary).to_have_text(summary_of("29 Oct 3:00 p.m."))
    lessons.book("second")
    expect(lessons.summary).to_have_text(summary_of("03 Nov 4:00 p.m."))
    lessons.give("Jenny Rosen", email := new_email())
    lessons.card.fill(VISA)
    [started] = stripe.get("/v1/customers", email=email)["data"]
    assert started["metadata"] == {
        "first_lesson": "03 Nov 4:00 p.m.",
        "first_lesson_at": "2026-11-03T16:00:00-05:00",
    }
    lessons.book("third")
    expect(lessons.summary).to_have_text(summary_of("10 Nov 5:00 p.m."))
    expect(lessons.card.frame.get_by_label("CVC")).to_have_value("123")
    lessons.card.submit.click()
    customer = stripe.get(f"/v1/customers/{lessons.expect_done()}")
    assert customer["metadata"] == {
        "first_lesson": "10 Nov 5:00 p.m.",
        "first_lesson_at": "2026-11-10T17:00:00-05:00",
    }


def test_typed_text_stays_when_the_lesson_changes(lessons: LessonsPage) -> None:
    """Another lesson changes the summary and nothing else."""
    lessons.open()
    lessons.book("first")
    lessons.name.fill("Jenny Rosen")
    lessons.email.fill("jenny@example.com")
    lessons.book("second")
    expect(lessons.summary).to_have_text(summary_of(lessons.lesson_text("second")))
    expect(lessons.name).to_have_value("Jenny Rosen")
    expect(lessons.email).to_have_value("jenny@example.com")
    expect(lessons.checkout).to_be_enabled()


def test_an_abandoned_signup_is_taken_up_on_the_next_visit(
    lessons: LessonsPage, stripe: Api
) -> None:
    """Without a card nobody is a customer yet: same account, no "already exists"."""
    email = new_email()
    lessons.reach_card(email)
    lessons.card.send(DECLINED)
    expect(lessons.card.error).to_have_text(DECLINED_TEXT)
    [left] = stripe.get("/v1/customers", email=email)["data"]
    assert lessons.sign_up(email) == left["id"]


def test_name_and_email_can_still_be_changed_in_the_card_step(
    lessons: LessonsPage, stripe: Api
) -> None:
    """What was typed comes back into the inputs; what stands there in the end is on the card."""
    email = new_email()
    lessons.reach_card(email, name="Jeny Rosn")
    lessons.page.get_by_role("button", name="Change name or e-mail").click()
    expect(lessons.name).to_have_value("Jeny Rosn")
    expect(lessons.email).to_have_value(email)
    lessons.give("Jenny Rosen", email)
    lessons.card.send(VISA)
    card = default_card(stripe, lessons.expect_done())
    assert card is not None
    assert card["billing_details"]["name"] == "Jenny Rosen"
    assert len(stripe.get("/v1/customers", email=email)["data"]) == 1


# ── When something breaks in between ─────────────────────────────────────────────────────────


def test_a_tab_closed_right_after_the_card_was_confirmed(lessons: LessonsPage, stripe: Api) -> None:
    """The page never says so, but the shop completes the sign-up by itself."""
    page, email = lessons.page, new_email()
    lessons.reach_card(email)
    page.route(FINISH, lambda route: route.abort())
    with page.expect_request(FINISH) as finishing:
        lessons.card.send(VISA)
    customer_id = finishing.value.url.rsplit("/", 1)[1]
    page.close()

    def complete_card() -> dict[str, Any] | None:
        card = default_card(stripe, customer_id)
        return card if card and card["billing_details"]["email"] == email else None

    card = wait_until(complete_card)
    assert card["billing_details"]["name"] == "Jenny Rosen"
    assert card["card"]["last4"] == "4242"
    assert cards_of(stripe, customer_id) == [card["id"]]


def test_a_lesson_changed_before_the_tab_was_closed(lessons: LessonsPage, stripe: Api) -> None:
    """The last choice is told before the card is confirmed, so it is not lost with the tab."""
    page = lessons.page
    lessons.reach_card(new_email(), lesson="first")
    lessons.book("third")
    page.route(FINISH, lambda route: route.abort())
    with page.expect_request(FINISH) as finishing:
        lessons.card.send(VISA)
    customer = stripe.get(f"/v1/customers/{finishing.value.url.rsplit('/', 1)[1]}")
    assert customer["metadata"]["first_lesson"] == lessons.lesson_text("third")


def test_a_lesson_changed_back_before_the_tab_was_closed(lessons: LessonsPage, stripe: Api) -> None:
    """A refused card has reserved the second choice; going back to the first is told as well."""
    page = lessons.page
    lessons.reach_card(new_email(), lesson="first")
    lessons.book("third")
    lessons.card.send(DECLINED)
    expect(lessons.card.error).to_have_text(DECLINED_TEXT)
    lessons.book("first")
    page.route(FINISH, lambda route: route.abort())
    with page.expect_request(FINISH) as finishing:
        lessons.card.send(VISA)
    customer = stripe.get(f"/v1/customers/{finishing.value.url.rsplit('/', 1)[1]}")
    assert customer["metadata"]["first_lesson"] == lessons.lesson_text("first")


def test_a_card_replaced_from_elsewhere_starts_the_signup_over(
    lessons: LessonsPage, shop: Api, stripe: Api
) -> None:
    """The refusal is shown over the first step; Checkout then leads to the account there is."""
    email = new_email()
    lessons.reach_card(email)

    def finish_elsewhere_first(route: Route) -> None:
        replace_card(shop, stripe, route.request.url.rsplit("/", 1)[1])
        route.continue_()

    lessons.page.route(FINISH, finish_elsewhere_first, times=1)
    lessons.card.send(VISA)
    expect(lessons.card.error).to_have_text("This card was replaced by another one meanwhile.")
    expect(lessons.card.element).to_have_count(0)
    expect(lessons.name).to_have_value("Jenny Rosen")
    expect(lessons.email).to_have_value(email)
    lessons.checkout.click()
    expect(lessons.taken).to_be_visible()
    expect(lessons.card.error).to_have_count(0)


def test_a_student_who_is_busy_elsewhere_keeps_the_card_form(lessons: LessonsPage) -> None:
    """Nothing was decided about the confirmed card, so the same one is saved by the next press."""
    lessons.reach_card(new_email())
    failing_once(lessons.page, FINISH, 409, "busy")
    lessons.card.send(VISA)
    expect(lessons.card.error).to_have_text(
        "Your card was accepted, but not all is saved yet. Told by a test."
    )
    lessons.card.submit.click()
    lessons.expect_done()


@pytest.mark.parametrize(
    ("status", "code", "keys"), [(502, "stripe_failed", 2), (503, "unavailable", 1)]
)
def test_a_failure_for_certain_is_followed_by_a_new_key(
    lessons: LessonsPage, status: int, code: str, keys: int
) -> None:
    """Stripe repeats a failure of its own to the same key; any other may hide work done."""
    lessons.reach_card(new_email())
    sent: list[str] = []
    lessons.page.on("request", lambda request: sent.extend(idempotency_keys(request)))
    failing_once(lessons.page, FINISH, status, code)
    lessons.card.send(VISA)
    expect(lessons.card.error).to_have_text(
        "Your card was accepted, but not all is saved yet. Told by a test."
    )
    lessons.card.submit.click()
    lessons.expect_done()
    assert (len(sent), len(set(sent))) == (2, keys)


def test_a_network_failure_after_the_card_was_confirmed_can_be_retried(
    lessons: LessonsPage, stripe: Api
) -> None:
    """The page says that the card was accepted; pressing the button again finishes."""
    page = lessons.page
    lessons.reach_card(new_email())
    page.route(FINISH, lambda route: route.abort("connectionfailed"), times=1)
    lessons.card.send(VISA)
    expect(lessons.card.error).to_have_text(
        "Your card was accepted, but not all is saved yet. "
        "We could not reach the shop. Please check your connection and try again."
    )
    expect(lessons.card.spinner).to_have_count(0)
    expect(lessons.card.submit).to_be_enabled()
    lessons.card.submit.click()
    customer_id = lessons.expect_done()
    assert len(cards_of(stripe, customer_id)) == 1


def test_a_lost_answer_is_asked_for_again_under_the_same_key(lessons: LessonsPage) -> None:
    """The shop did the work, the answer got lost: the retry cannot do it twice."""
    page = lessons.page
    lessons.reach_card(new_email())
    keys: list[str] = []
    page.on("request", lambda request: keys.extend(idempotency_keys(request)))

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(FINISH, lose_the_answer, times=1)
    lessons.card.send(VISA)
    expect(lessons.card.error).to_contain_text("Your card was accepted")
    lessons.card.submit.click()
    lessons.expect_done()
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_a_confirmation_that_never_reached_stripe_can_be_retried(lessons: LessonsPage) -> None:
    """The student reads that the connection failed and tries the same card again."""
    page = lessons.page
    lessons.reach_card(new_email())
    page.route(CONFIRM, lambda route: route.abort("connectionfailed"), times=1)
    lessons.card.send(VISA)
    expect(lessons.card.error).to_contain_text("Check your connection and try again.")
    expect(lessons.card.submit).to_be_enabled()
    lessons.card.submit.click()
    lessons.expect_done()


def test_a_lost_confirmation_is_not_taken_for_a_refusal(lessons: LessonsPage, stripe: Api) -> None:
    """Stripe confirmed the card but its answer got lost: the next try ends in success."""
    page = lessons.page
    lessons.reach_card(new_email())

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(CONFIRM, lose_the_answer, times=1)
    lessons.card.send(VISA)
    expect(lessons.card.error.or_(lessons.complete)).to_be_visible()
    if lessons.card.submit.is_visible():
        lessons.card.submit.click()
    assert len(cards_of(stripe, lessons.expect_done())) == 1


def test_an_unreachable_shop_is_said_at_checkout(lessons: LessonsPage) -> None:
    """What was typed stays, and Checkout works once the connection is back."""
    page = lessons.page
    lessons.open()
    lessons.book("first")
    page.route("**/lessons", lambda route: route.abort("connectionfailed"), times=1)
    lessons.give("Jenny Rosen", new_email())
    expect(lessons.card.error).to_have_text(
        "We could not reach the shop. Please check your connection and try again."
    )
    expect(lessons.name).to_have_value("Jenny Rosen")
    lessons.checkout.click()
    expect(lessons.card.frame.get_by_label("Card number")).to_be_visible()


# ── By keyboard, by phone ────────────────────────────────────────────────────────────────────


def test_the_keyboard_alone_leads_into_the_card_form(lessons: LessonsPage) -> None:
    """From the navigation over "Book now!" and both inputs into the field for the number."""
    page, press = lessons.page, lessons.page.keyboard.press
    lessons.open()
    page.locator(".eco-navigation a.current").focus()
    press("Tab")
    expect(page.locator("#first")).to_be_focused()
    press("Enter")
    expect(lessons.form.locator("h3")).to_be_focused()
    press("Tab")
    expect(lessons.name).to_be_focused()
    page.keyboard.type("Jenny Rosen")
    press("Tab")
    expect(lessons.email).to_be_focused()
    page.keyboard.type(new_email())
    press("Tab")
    expect(lessons.checkout).to_be_focused()
    press("Enter")
    number = lessons.card.frame.get_by_label("Card number")
    expect(number).to_be_visible()
    expect(lessons.form.locator("h3")).to_be_focused()
    press("Tab")
    expect(number).to_be_focused()
    page.keyboard.type(VISA)
    expect(number).to_have_value("4242 4242 4242 4242")


def test_enter_in_an_input_is_checkout(lessons: LessonsPage) -> None:
    """But not before both inputs are filled."""
    lessons.open()
    lessons.book("first")
    lessons.name.fill("Jenny Rosen")
    lessons.name.press("Enter")
    expect(lessons.email).to_be_visible()
    expect(lessons.card.error).to_have_count(0)
    lessons.email.fill(new_email())
    lessons.email.press("Enter")
    expect(lessons.card.frame.get_by_label("Card number")).to_be_visible()


def test_every_step_fits_a_phone(lessons: LessonsPage, shop: Api, stripe: Api) -> None:
    """Nothing scrolls sideways at 390 pixels, whatever the form shows and however long a name."""
    page = lessons.page
    page.set_viewport_size({"width": 390, "height": 844})
    lessons.open()
    lessons.book("first")
    lessons.give("Jenny Rosen", student_with_card(shop, stripe).email)
    expect(lessons.taken).to_be_visible()
    assert width_of(page) == 390
    lessons.give("N" * 60, "e" * 40 + new_email())
    lessons.card.send(DECLINED)
    expect(lessons.card.error).to_be_visible()
    assert width_of(page) == 390
    lessons.card.send(ASKS_THE_BANK)
    expect(page.locator('iframe[name="acsFrame"]')).to_be_visible()
    assert width_of(page) == 390
    lessons.card.tell_the_bank("Complete authentication")
    lessons.expect_done()
    assert width_of(page) == 390


def test_the_network_goes_idle_at_every_step(lessons: LessonsPage) -> None:
    """No request hangs open on this page, nor in the card form's frame."""
    page = lessons.page
    lessons.open()
    page.wait_for_load_state("networkidle")
    lessons.book("first")
    lessons.give("Jenny Rosen", new_email())
    expect(lessons.card.frame.get_by_label("Card number")).to_be_visible()
    page.wait_for_load_state("networkidle")
    lessons.card.send(DECLINED)
    expect(lessons.card.error).to_have_text(DECLINED_TEXT)
    page.wait_for_load_state("networkidle")
    lessons.card.send(ASKS_THE_BANK)
    lessons.card.tell_the_bank("Fail authentication")
    expect(lessons.card.error).to_have_text(NOT_AUTHENTICATED_TEXT)
    page.wait_for_load_state("networkidle")
    lessons.card.send(VISA)
    lessons.expect_done()
    page.wait_for_load_state("networkidle")


def width_of(page: Page) -> int:
    """How wide the page's content is, in CSS pixels."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def idempotency_keys(request: Request) -> list[str]:
    is_finish = request.method == "POST" and "/update-payment-details/" in request.url
    return [request.headers["idempotency-key"]] if is_finish else []


def failing_once(page: Page, pattern: str, status: int, code: str) -> None:
    """Answer the next matching request with an error, before it reaches the shop."""
    answer = {"error": {"code": code, "message": "Told by a test."}}
    page.route(pattern, lambda route: route.fulfill(status=status, json=answer), times=1)


@contextmanager
def held_back(page: Page, pattern: str) -> Iterator[None]:
    """Keep matching requests waiting inside the block."""
    waiting: list[Route] = []
    page.route(pattern, lambda route: waiting.append(route))
    yield
    for route in waiting:
        route.continue_()
    page.unroute(pattern)
