"""The fields of the Payment Element while somebody fills them in: checks, formats, the keyboard."""

import re

from playwright.sync_api import expect

from tests.browser.stripe_js.shop import (
    GOOD,
    Shop,
    expect_message,
    fill_card,
    open_with_intent,
    submit,
)


def test_what_is_wrong_is_said_once_the_field_is_left(shop: Shop) -> None:
    frame = open_with_intent(shop)
    for label, typed, text in [
        ("Card number", "4242 4242", "Your card number is incomplete."),
        ("Card number", "4242 4242 4242 4241", "Your card number is invalid."),
        ("Card number", "1234", "Your card number is invalid."),
        ("Expiration", "04", "Your card's expiration date is incomplete."),
        ("Expiration", "04/20", "Your card's expiration year is in the past."),
        ("CVC", "12", "Your card's security code is incomplete."),
        ("ZIP", "123", "Your postal code is incomplete."),
        ("ZIP", "abcde", "Your ZIP is invalid."),
    ]:
        field = frame.get_by_label(label)
        field.press_sequentially(typed)
        expect(frame.get_by_role("alert")).to_have_count(0)
        field.blur()
        expect(frame.get_by_role("alert")).to_have_text(text)
        expect(field).to_have_attribute("aria-invalid", "true")
        expect(field).to_have_accessible_description(re.compile(re.escape(text)))
        field.clear()


def test_submit_shows_everything_that_is_missing_and_returns_the_first(shop: Shop) -> None:
    frame = open_with_intent(shop)
    frame.get_by_label("Card number").wait_for()
    assert shop.page.evaluate("shop.elements.submit()") == {
        "error": {
            "type": "validation_error",
            "code": "incomplete_number",
            "message": "Your card number is incomplete.",
        }
    }
    expect(frame.get_by_role("alert")).to_have_text(
        [
            "Your card number is incomplete.",
            "Your card's expiration date is incomplete.",
            "Your card's security code is incomplete.",
            "Your postal code is incomplete.",
        ]
    )
    expect(frame.get_by_label("Card number")).to_be_focused()


def test_an_expiration_is_understood_however_it_is_entered(shop: Shop) -> None:
    expiration = open_with_intent(shop).get_by_label("Expiration")
    for typed in ["0430", "04 / 30", "04/30", "4/30", "430", "04 / 2030"]:
        expiration.fill(typed)
        expect(expiration).to_have_value("04 / 30")
        expiration.clear()
        expiration.press_sequentially(typed)
        expect(expiration).to_have_value("04 / 30")
        expiration.clear()


def test_the_expirations_separator_can_be_erased(shop: Shop) -> None:
    expiration = open_with_intent(shop).get_by_label("Expiration")
    expiration.press_sequentially("04")
    expect(expiration).to_have_value("04 / ")
    expiration.press("Backspace")
    expect(expiration).to_have_value("04")
    expiration.press("Backspace")
    expiration.press("Backspace")
    expect(expiration).to_have_value("")


def test_american_express_has_15_digits_in_its_own_groups_and_a_cvc_of_4(shop: Shop) -> None:
    frame = open_with_intent(shop)
    fill_card(frame, "378282246310005")
    expect(frame.get_by_label("Card number")).to_have_value("3782 822463 10005")
    expect(frame.get_by_label("Card number")).to_have_accessible_description("American Express")
    frame.get_by_label("CVC").blur()
    expect(frame.get_by_role("alert")).to_have_text("Your card's security code is incomplete.")
    frame.get_by_label("CVC").fill("1234")
    submit(shop)
    expect_message(shop, "succeeded")


def test_a_digit_put_into_the_middle_keeps_the_caret_there(shop: Shop) -> None:
    number = open_with_intent(shop).get_by_label("Card number")
    number.fill("4242 424")
    for key in ["Home", "ArrowRight", "ArrowRight", "5", "6"]:
        number.press(key)
    expect(number).to_have_value("4256 4242 4")


def test_only_the_united_states_call_the_postal_code_zip(shop: Shop) -> None:
    """It is required in the United States, Canada and Great Britain."""
    frame = open_with_intent(shop)
    fill_card(frame, GOOD)
    for country, is_complete in (("CA", False), ("GB", False), ("DE", True)):
        frame.get_by_label("ZIP").or_(frame.get_by_label("Postal code")).fill("")
        frame.get_by_label("Country").select_option(country)
        expect(frame.get_by_label("ZIP")).to_have_count(0)
        expect(frame.get_by_label("Postal code")).to_be_visible()
        expect(shop.page.locator("#submit")).to_be_enabled(enabled=is_complete)
    frame.get_by_label("Country").select_option("US")
    expect(frame.get_by_label("ZIP")).to_be_visible()
    expect(frame.get_by_label("Postal code")).to_have_count(0)


def test_the_address_starts_with_what_the_page_knows(shop: Shop) -> None:
    address = {"country": "GB", "postal_code": "SW1A 1AA"}
    frame = open_with_intent(shop, defaultValues={"billingDetails": {"address": address}})
    expect(frame.get_by_label("Country")).to_have_value("GB")
    expect(frame.get_by_label("Postal code")).to_have_value("SW1A 1AA")


def test_the_keyboard_alone_fills_and_sends_the_form(shop: Shop) -> None:
    """Full fields hand over to the next one; Enter in a field asks nothing of the page."""
    frame = open_with_intent(shop)
    frame.get_by_label("Card number").wait_for()
    keyboard = shop.page.keyboard
    shop.page.get_by_label("A field before").focus()
    keyboard.press("Tab")
    expect(frame.get_by_label("Card number")).to_be_focused()
    keyboard.type("4242424242424242")
    expect(frame.get_by_label("Expiration")).to_be_focused()
    keyboard.type("0435")
    expect(frame.get_by_label("CVC")).to_be_focused()
    keyboard.type("123")
    keyboard.press("Tab")
    expect(frame.get_by_label("Country")).to_be_focused()
    keyboard.press("ArrowUp")
    keyboard.press("ArrowDown")
    keyboard.press("Tab")
    keyboard.type("12345")
    keyboard.press("Enter")
    expect(shop.page.locator("#submit")).to_be_enabled()
    expect(shop.page.locator("#message")).to_be_empty()
    keyboard.press("Tab")
    expect(shop.page.locator("#submit")).to_be_focused()
    keyboard.press("Enter")
    expect_message(shop, "succeeded")
