"""The double of Stripe.js lets the bank ask the student, in a dialog over the page (3-D Secure)."""

import pytest
from playwright.sync_api import expect

from tests.browser.cards import NOT_AUTHENTICATED_TEXT
from tests.browser.stripe_js.shop import (
    ASKS_THE_BANK,
    GOOD,
    Shop,
    bank,
    expect_message,
    fill_card,
    open_with_intent,
    submit,
)


def test_a_card_that_asks_the_bank_is_saved_after_the_answer(shop: Shop) -> None:
    """The dialog takes the focus while it is open, gives it back, and leaves nothing behind."""
    frame = open_with_intent(shop)
    fill_card(frame, ASKS_THE_BANK)
    submit(shop)
    expect(shop.page.get_by_role("dialog")).to_be_visible()
    expect(bank(shop).get_by_text("Saving a card")).to_be_visible()
    expect(bank(shop).get_by_role("heading", name="Is this you?")).to_be_focused()
    shop.page.keyboard.press("Tab")
    expect(bank(shop).locator("#test-source-authorize-3ds")).to_be_focused()
    shop.page.keyboard.press("Enter")
    expect_message(shop, "succeeded")
    expect(shop.page.locator("dialog")).to_have_count(0)
    expect(shop.page.locator("#submit")).to_be_focused()


def test_a_failed_challenge_lets_the_student_try_another_card(shop: Shop) -> None:
    frame = open_with_intent(shop)
    fill_card(frame, ASKS_THE_BANK)
    submit(shop)
    bank(shop).get_by_role("button", name="Fail authentication").click()
    expect_message(shop, NOT_AUTHENTICATED_TEXT)
    error = shop.page.evaluate("shop.result.error")
    assert error["code"] == "setup_intent_authentication_failure"
    fill_card(frame, GOOD)
    submit(shop)
    expect_message(shop, "succeeded")


@pytest.mark.parametrize("way", ["Escape in the dialog", "Escape in the frame", "Cancel"])
def test_closing_the_challenge_is_failing_it(shop: Shop, way: str) -> None:
    fill_card(open_with_intent(shop), ASKS_THE_BANK)
    submit(shop)
    complete = bank(shop).get_by_role("button", name="Complete authentication")
    expect(complete).to_be_enabled()
    if way == "Escape in the frame":
        complete.press("Escape")
    else:
        cancel = shop.page.get_by_role("button", name="Cancel")
        cancel.press("Escape" if way == "Escape in the dialog" else "Enter")
    expect_message(shop, NOT_AUTHENTICATED_TEXT)


def test_a_saved_card_is_authenticated_for_a_payment_without_a_form(shop: Shop) -> None:
    """confirmCardPayment with a payment method's id; the bank's page shows the amount."""
    payment = shop.create_intent("payment_intents", amount="12345", currency="usd")
    open_with_intent(shop)
    shop.page.evaluate(
        """([secret, payment_method]) => {
            shop.confirmed = shop.stripe.confirmCardPayment(secret, { payment_method });
        }""",
        [payment["client_secret"], shop.create_card(ASKS_THE_BANK)],
    )
    expect(bank(shop).get_by_text("$123.45")).to_be_visible()
    bank(shop).get_by_role("button", name="Complete authentication").click()
    assert shop.page.evaluate("shop.confirmed.then((r) => r.paymentIntent.status)") == "succeeded"
    secret = payment["client_secret"]
    retrieved = shop.page.evaluate(f"shop.stripe.retrievePaymentIntent('{secret}')")
    assert (retrieved["paymentIntent"]["id"], retrieved["paymentIntent"]["status"]) == (
        payment["id"],
        "succeeded",
    )


def test_a_saved_card_confirms_a_payment_without_elements(shop: Shop) -> None:
    """confirmPayment with a client secret and a payment method's id alone."""
    payment = shop.create_intent("payment_intents", amount="6500", currency="usd")
    open_with_intent(shop)
    shop.page.evaluate(
        """([clientSecret, payment_method]) => {
            shop.confirmed = shop.stripe.confirmPayment({
                clientSecret, redirect: 'if_required', confirmParams: { payment_method },
            });
        }""",
        [payment["client_secret"], shop.create_card(ASKS_THE_BANK)],
    )
    bank(shop).get_by_role("button", name="Complete authentication").click()
    assert shop.page.evaluate("shop.confirmed.then((r) => r.paymentIntent.status)") == "succeeded"


def test_a_waiting_challenge_can_be_taken_up_later(shop: Shop) -> None:
    """handleActions: false leaves it waiting; handleNextAction opens it."""
    intent = shop.create_intent()
    open_with_intent(shop)
    status = shop.page.evaluate(
        """async ([secret, payment_method]) => {
            const options = { handleActions: false };
            const result = await shop.stripe.confirmCardSetup(secret, { payment_method }, options);
            return result.setupIntent.status;
        }""",
        [intent["client_secret"], shop.create_card(ASKS_THE_BANK)],
    )
    assert status == "requires_action"
    handle = f"shop.stripe.handleNextAction({{ clientSecret: '{intent['client_secret']}' }})"
    shop.page.evaluate(f"() => {{ shop.handled = {handle}; }}")
    bank(shop).get_by_role("button", name="Complete authentication").click()
    assert shop.page.evaluate("shop.handled.then((r) => r.setupIntent.status)") == "succeeded"
    again = shop.page.evaluate(handle)
    assert again["error"]["code"] == "setup_intent_unexpected_state"
