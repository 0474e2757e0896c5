"""The page on which a student confirms a hold with their bank."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.api import Api
from tests.browser.cards import ASKS_THEN_DECLINES, NOT_AUTHENTICATED_TEXT
from tests.browser.confirmations import (
    CONFIRM_PAYMENT,
    ConfirmationPage,
    Waiting,
    declined_hold,
    waiting_payment,
)
from tests.browser.students import replace_card, student_with_card

HELD = ("Thank you, the amount is held", "Held, not charged")
PAYMENT = "**/payment-confirmation/*"


@pytest.fixture
def confirmation(page: Page) -> ConfirmationPage:
    return ConfirmationPage(page)


@pytest.fixture
def waiting(shop: Api, stripe: Api) -> Waiting:
    return waiting_payment(shop, stripe)


def status_of(stripe: Api, payment_intent_id: str) -> str:
    return str(stripe.get(f"/v1/payment_intents/{payment_intent_id}")["status"])


def account_path(waiting: Waiting) -> str:
    return f"/account-update/{waiting.student.id}"


# ── Confirming ───────────────────────────────────────────────────────────────────────────────


def test_what_is_asked_for_is_said(
    confirmation: ConfirmationPage, waiting: Waiting, page: Page
) -> None:
    """What it is for, how much is held on which card, and that nothing is charged now."""
    confirmation.open(waiting.id)
    confirmation.expect_state("Your bank wants to hear from you", "Waiting for you")
    expect(confirmation.panel).to_contain_text("Nothing is charged now.")
    rows = confirmation.panel.locator(".payment-ticket .ticket-row")
    expect(rows).to_have_text(
        ["ForGuitar lesson", "Amount$65.00", "CardVisa ending in 3184", "StateWaiting for you"]
    )
    expect(confirmation.button).to_be_enabled()
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_student_who_says_yes_has_the_amount_held(
    confirmation: ConfirmationPage, waiting: Waiting, stripe: Api, page: Page
) -> None:
    """The bank's challenge opens over the page; then it is held, still so after a reload."""
    confirmation.open(waiting.id)
    confirmation.button.click()
    expect(page.get_by_role("status")).to_have_text("Asking your bank.")
    expect(page.locator("#confirm")).to_be_disabled()
    confirmation.tell_the_bank("Complete authentication")
    confirmation.expect_state(*HELD)
    expect(confirmation.heading).to_be_focused()
    expect(confirmation.button).to_have_count(0)
    held = stripe.get(f"/v1/payment_intents/{waiting.id}")
    assert (held["status"], held["amount_capturable"]) == ("requires_capture", 6500)
    page.reload()
    confirmation.expect_state(*HELD)
    page.get_by_role("link", name="See your account").click()
    expect(page.locator("#billing-email")).to_have_text(waiting.student.email)


def test_a_student_who_fails_may_try_again(
    confirmation: ConfirmationPage, waiting: Waiting, stripe: Api
) -> None:
    """The refusal is said, nothing is held, and the same button asks the bank once more."""
    confirmation.open(waiting.id)
    confirmation.button.click()
    confirmation.tell_the_bank("Fail authentication")
    expect(confirmation.error).to_have_text(NOT_AUTHENTICATED_TEXT)
    assert status_of(stripe, waiting.id) == "requires_payment_method"
    confirmation.button.click()
    expect(confirmation.error).to_have_count(0)
    confirmation.tell_the_bank("Complete authentication")
    confirmation.expect_state(*HELD)


def test_a_student_who_fails_may_put_down_another_card(
    confirmation: ConfirmationPage, waiting: Waiting, page: Page
) -> None:
    """The way to the account page stands below the refusal."""
    confirmation.open(waiting.id)
    confirmation.button.click()
    confirmation.tell_the_bank("Fail authentication")
    expect(confirmation.error).to_be_visible()
    page.get_by_role("link", name="Put it on your account").click()
    expect(page).to_have_url(re.compile(f"{account_path(waiting)}$"))


def test_closing_the_banks_question_is_a_no(
    confirmation: ConfirmationPage, waiting: Waiting, page: Page
) -> None:
    """Escape ends the challenge; the page says so and can be used again."""
    confirmation.open(waiting.id)
    confirmation.button.click()
    expect(
        page.frame_locator('iframe[name="acsFrame"]').get_by_role("button").first
    ).to_be_visible()
    page.get_by_role("button", name="Cancel").click()
    expect(confirmation.error).to_have_text(NOT_AUTHENTICATED_TEXT)
    expect(confirmation.button).to_be_enabled()


def test_a_bank_may_still_decline_who_has_confirmed(
    confirmation: ConfirmationPage, shop: Api, stripe: Api
) -> None:
    """Then only another card helps, and the page says where to put it."""
    student = student_with_card(shop, stripe, ASKS_THEN_DECLINES)
    payment = stripe.form(
        "/v1/payment_intents",
        amount=6500,
        currency="usd",
        customer=student.id,
        payment_method=student.card,
        capture_method="manual",
        confirm=True,
        description="Guitar lesson",
        **{"payment_method_types[]": "card", "metadata[type]": "lessons-payment"},
    )
    confirmation.open(payment["id"])
    confirmation.button.click()
    confirmation.tell_the_bank("Complete authentication")
    confirmation.expect_state("Your bank has declined this card", "Declined")
    expect(confirmation.panel.get_by_role("link", name="Put down another card")).to_have_attribute(
        "href", f"{confirmation.page.url.split('/confirm')[0]}/account-update/{student.id}"
    )


# ── Nothing left to confirm ──────────────────────────────────────────────────────────────────


def test_a_payment_that_was_charged_is_done(
    confirmation: ConfirmationPage, shop: Api, stripe: Api
) -> None:
    """A link from an old letter says that there is nothing to confirm."""
    student = student_with_card(shop, stripe)
    held = shop.post(
        "/schedule-lesson", customer_id=student.id, amount=6500, description="Guitar lesson"
    )["payment"]
    confirmation.open(held["id"])
    confirmation.expect_state(*HELD)
    shop.post("/complete-lesson-payment", payment_intent_id=held["id"])
    confirmation.open(held["id"])
    confirmation.expect_state("This payment is done", "Done")


def test_a_payment_that_was_called_off(
    confirmation: ConfirmationPage, waiting: Waiting, stripe: Api
) -> None:
    """No button, and the reassurance that nothing was charged."""
    stripe.form(f"/v1/payment_intents/{waiting.id}/cancel")
    confirmation.open(waiting.id)
    confirmation.expect_state("This payment was called off", "Called off")
    expect(confirmation.panel).to_contain_text("Nothing was charged")
    expect(confirmation.button).to_have_count(0)


def test_a_link_whose_hold_has_lapsed(
    confirmation: ConfirmationPage, waiting: Waiting, shop: Api
) -> None:
    """A hold ends after days that no test can wait for, so the answer is told by this one."""
    answer = shop.get(f"/payment-confirmation/{waiting.id}")
    answer |= {"card": None, "client_secret": None, "payment_method": None}
    answer["payment"]["state"] = "expired"
    confirmation.page.route(PAYMENT, lambda route: route.fulfill(json=answer))
    confirmation.open(waiting.id)
    confirmation.expect_state("This link has run out", "Let go, not charged")
    expect(confirmation.button).to_have_count(0)


def test_a_card_that_was_replaced_since(
    confirmation: ConfirmationPage, waiting: Waiting, shop: Api, stripe: Api, page: Page
) -> None:
    """It can't be confirmed any more; the account page shows the card there is now."""
    replace_card(shop, stripe, waiting.student.id)
    confirmation.open(waiting.id)
    confirmation.expect_state("Your card has changed since", "Not held")
    expect(confirmation.button).to_have_count(0)
    page.get_by_role("link", name="See the card on my account").click()
    expect(page.locator("#card-last4")).to_have_text("4444")


def test_a_card_replaced_while_the_page_is_open(
    confirmation: ConfirmationPage, waiting: Waiting, shop: Api, stripe: Api
) -> None:
    """Stripe refuses the old card, and the page says what has happened instead."""
    confirmation.open(waiting.id)
    expect(confirmation.button).to_be_visible()
    replace_card(shop, stripe, waiting.student.id)
    confirmation.button.click()
    confirmation.expect_state("Your card has changed since", "Not held")


@pytest.mark.parametrize("metadata", [{}, {"metadata[type]": "tickets"}])
def test_other_money_is_not_shown(
    confirmation: ConfirmationPage, stripe: Api, metadata: dict[str, str]
) -> None:
    """Tickets and videos share the account; here they are as unknown as a made-up id."""
    payment = stripe.form("/v1/payment_intents", amount=2500, currency="usd", **metadata)
    for unknown in (payment["id"], "pi_unknown", "nonsense"):
        confirmation.open(unknown)
        expect(confirmation.heading).to_have_text("We know no payment under this link")
        expect(confirmation.panel.locator(".payment-ticket")).to_have_count(0)


# ── When something breaks in between ─────────────────────────────────────────────────────────


def test_a_lost_answer_is_no_refusal(
    confirmation: ConfirmationPage, waiting: Waiting, stripe: Api
) -> None:
    """Another tab has confirmed it: Stripe calls the state unexpected, and the page looks again."""
    page = confirmation.page
    confirmation.open(waiting.id)
    expect(confirmation.button).to_be_visible()
    other = ConfirmationPage(page.context.new_page())
    other.open(waiting.id)
    other.button.click()
    other.tell_the_bank("Complete authentication")
    other.expect_state(*HELD)
    confirmation.button.click()
    confirmation.expect_state(*HELD)
    assert status_of(stripe, waiting.id) == "requires_capture"


def test_a_confirmation_that_never_reached_stripe_can_be_retried(
    confirmation: ConfirmationPage, waiting: Waiting
) -> None:
    """The connection is named, and the button works once it is back."""
    confirmation.page.route(CONFIRM_PAYMENT, lambda route: route.abort("connectionfailed"), times=1)
    confirmation.open(waiting.id)
    confirmation.button.click()
    expect(confirmation.error).to_contain_text("Check your connection and try again.")
    confirmation.button.click()
    confirmation.tell_the_bank("Complete authentication")
    confirmation.expect_state(*HELD)


def test_a_confirmation_whose_answer_got_lost_is_asked_again(
    confirmation: ConfirmationPage, waiting: Waiting
) -> None:
    """The bank waits for an answer nobody saw the question of: pressing again asks it anew."""

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    confirmation.page.route(CONFIRM_PAYMENT, lose_the_answer, times=1)
    confirmation.open(waiting.id)
    confirmation.button.click()
    expect(confirmation.error).to_contain_text("Check your connection and try again.")
    confirmation.button.click()
    confirmation.tell_the_bank("Complete authentication")
    confirmation.expect_state(*HELD)


def test_a_shop_out_of_reach_is_said_and_asked_again(
    confirmation: ConfirmationPage, waiting: Waiting, page: Page
) -> None:
    """The button "Try again" shows the payment once the connection is back."""
    page.route(PAYMENT, lambda route: route.abort(), times=1)
    confirmation.open(waiting.id)
    expect(confirmation.panel).to_contain_text("We could not reach the shop.")
    page.get_by_role("button", name="Try again").click()
    expect(confirmation.button).to_be_visible()


def test_the_way_back_from_a_banks_own_site_leaves_no_secret_in_the_address(
    confirmation: ConfirmationPage, waiting: Waiting, page: Page
) -> None:
    """Stripe.js adds the client secret to the address it returns to; the page takes it away."""
    confirmation.open(f"{waiting.id}?payment_intent_client_secret=pi_1_secret_2&redirect_status=x")
    expect(confirmation.button).to_be_visible()
    expect(page).to_have_url(re.compile(f"/confirm-payment/{waiting.id}$"))


# ── By keyboard, by phone ────────────────────────────────────────────────────────────────────


def test_the_keyboard_alone_confirms(
    confirmation: ConfirmationPage, waiting: Waiting, page: Page
) -> None:
    """Tab to the button, Enter; in the bank's dialog Tab and Enter again."""
    confirmation.open(waiting.id)
    expect(confirmation.button).to_be_visible()
    page.get_by_role("link", name="Lessons Courses").focus()
    page.keyboard.press("Tab")
    expect(confirmation.button).to_be_focused()
    page.keyboard.press("Enter")
    yes = page.frame_locator('iframe[name="acsFrame"]').get_by_role(
        "button", name="Complete authentication"
    )
    expect(yes).to_be_enabled()
    page.keyboard.press("Tab")
    expect(yes).to_be_focused()
    page.keyboard.press("Enter")
    confirmation.expect_state(*HELD)
    expect(confirmation.heading).to_be_focused()


def test_every_state_fits_a_phone(
    confirmation: ConfirmationPage, shop: Api, stripe: Api, page: Page
) -> None:
    """Nothing scrolls sideways at 390 pixels, however long the description."""
    page.set_viewport_size({"width": 390, "height": 844})
    student = waiting_payment(shop, stripe).student
    answer = shop.refused(
        "/schedule-lesson", customer_id=student.id, amount=99999999, description="L" * 200
    )
    confirmation.open(answer["payment_intent_id"])
    expect(confirmation.button).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    confirmation.button.click()
    confirmation.tell_the_bank("Complete authentication")
    confirmation.expect_state(*HELD)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_network_goes_idle_in_every_state(
    confirmation: ConfirmationPage, shop: Api, stripe: Api, page: Page
) -> None:
    """No request hangs open before, between or after."""
    student = waiting_payment(shop, stripe).student
    confirmation.open(declined_hold(shop, student.id))
    page.wait_for_load_state("networkidle")
    confirmation.button.click()
    confirmation.tell_the_bank("Fail authentication")
    expect(confirmation.error).to_be_visible()
    page.wait_for_load_state("networkidle")
    confirmation.button.click()
    confirmation.tell_the_bank("Complete authentication")
    confirmation.expect_state(*HELD)
    page.wait_for_load_state("networkidle")
