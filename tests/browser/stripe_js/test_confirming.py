"""The double of Stripe.js saves a card: what is sent, what the page learns, and refusals.

The intent may be there before the form or come after it.
"""

import pytest
from playwright.sync_api import Request, expect

from tests.browser.cards import DECLINED_TEXT
from tests.browser.stripe_js.shop import (
    DECLINED,
    GOOD,
    Shop,
    expect_message,
    fill_card,
    open_with_intent,
    submit,
)


def test_a_good_card_is_saved_and_the_page_sees_a_reduced_intent(shop: Shop) -> None:
    """The page learns the state and the payment method's id, and not the customer or metadata."""
    intent = shop.create_intent(**{"metadata[first_lesson]": "01 Dec 3:00 p.m."})
    frame = shop.open({"clientSecret": intent["client_secret"]})
    fill_card(frame, GOOD)
    submit(shop)
    expect_message(shop, "succeeded")
    saved = shop.page.evaluate("shop.result.setupIntent")
    assert saved["payment_method"].startswith("pm_")
    members = ["id", "object", "client_secret", "created", "livemode", "usage"]
    assert {name: saved[name] for name in members} == {name: intent[name] for name in members}
    assert saved["payment_method_types"] == ["card"]
    assert saved["last_setup_error"] is None
    assert saved["next_action"] is None
    assert {"customer", "metadata", "latest_attempt"}.isdisjoint(saved)


def test_a_refused_card_leaves_the_form_ready_for_another(shop: Shop) -> None:
    """The same client secret takes the next card, and the refusal shows at the number."""
    frame = open_with_intent(shop)
    fill_card(frame, DECLINED)
    submit(shop)
    expect_message(shop, DECLINED_TEXT)
    error = shop.page.evaluate("shop.result.error")
    assert {name: error[name] for name in ("type", "code", "decline_code", "message")} == {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": "generic_decline",
        "message": DECLINED_TEXT,
    }
    assert error["setup_intent"]["status"] == "requires_payment_method"
    expect(frame.get_by_role("alert")).to_have_text(DECLINED_TEXT)

    frame.get_by_label("Card number").fill(GOOD)
    expect(frame.get_by_role("alert")).to_have_count(0)
    submit(shop)
    expect_message(shop, "succeeded")


def test_a_refusal_is_told_in_stripes_words_for_pages(shop: Shop) -> None:
    texts = {
        "4000 0000 0000 9995": "Your card has insufficient funds. Try a different card.",
        "4000 0000 0000 9987": "Your card was declined.",
        "4000 0000 0000 0069": "Your card has expired.",
        "4000 0000 0000 0127": "Your card's security code is incorrect.",
    }
    frame = open_with_intent(shop)
    for number, text in texts.items():
        fill_card(frame, number)
        submit(shop)
        expect_message(shop, text)
        expect(frame.get_by_role("alert")).to_have_text(text)


def test_the_card_goes_to_the_api_and_nowhere_else(shop: Shop, sandbox_url: str) -> None:
    """Only the frame sends the number, once, in the confirm call; the page never sees it."""
    carriers: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if "4242424242424242" in request.url + (request.post_data or ""):
            carriers.append((request.frame.name, request.url))

    shop.page.on("request", note)
    intent = shop.create_intent()
    frame = shop.open({"clientSecret": intent["client_secret"]})
    fill_card(frame, GOOD)
    submit(shop)
    expect_message(shop, "succeeded")
    frame_name = shop.page.locator("#card iframe").get_attribute("name")
    assert carriers == [(frame_name, f"{sandbox_url}/v1/setup_intents/{intent['id']}/confirm")]
    assert "4242424242424242" not in shop.page.evaluate("JSON.stringify(shop.events)")


def test_billing_details_of_the_page_join_those_of_the_form(shop: Shop) -> None:
    frame = shop.open({"mode": "setup", "currency": "usd"})
    fill_card(frame, GOOD)
    made = shop.page.evaluate("""async () => {
        await shop.elements.submit();
        const billing_details = { name: 'Ada Lovelace', email: 'ada@example.com' };
        return shop.stripe.createPaymentMethod({
          elements: shop.elements, params: { billing_details },
        });
    }""")
    details = made["paymentMethod"]["billing_details"]
    assert (details["name"], details["email"]) == ("Ada Lovelace", "ada@example.com")
    assert details["address"]["country"] == "US"
    assert details["address"]["postal_code"] == "12345"


def test_a_hidden_field_must_be_given_by_the_page(shop: Shop) -> None:
    hidden = {"billingDetails": {"name": "never", "address": {"postalCode": "never"}}}
    frame = open_with_intent(shop, fields=hidden)
    expect(frame.get_by_label("Country")).to_be_visible()
    expect(frame.get_by_label("ZIP")).to_be_hidden()
    confirm = """(billing_details) => shop.stripe.confirmSetup({
        elements: shop.elements, redirect: 'if_required',
        confirmParams: { payment_method_data: { billing_details } },
    })"""
    with pytest.raises(Exception, match=r"must be given billing_details\.name"):
        shop.page.evaluate(confirm, {})
    with pytest.raises(Exception, match=r"must be given billing_details\.address\.postal_code"):
        shop.page.evaluate(confirm, {"name": "Ada"})


# ── The deferred form ────────────────────────────────────────────────────────────────────────

CONFIRM_DEFERRED = """async (clientSecret) => {
    const { elements } = shop;
    const { setupIntent, error } = await shop.stripe.confirmSetup({
      elements, clientSecret, redirect: 'if_required',
    });
    return error ?? setupIntent.status;
}"""


def test_a_form_may_come_before_its_intent(shop: Shop) -> None:
    """The form is checked first, then the intent is made and confirmed with its secret."""
    frame = shop.open({"mode": "setup", "currency": "usd"})
    fill_card(frame, GOOD)
    assert shop.page.evaluate("shop.elements.submit()") == {}
    secret = shop.create_intent()["client_secret"]
    assert shop.page.evaluate(CONFIRM_DEFERRED, secret) == "succeeded"


def test_a_deferred_form_must_be_submitted_before_it_is_confirmed(shop: Shop) -> None:
    frame = shop.open({"mode": "setup", "currency": "usd"})
    fill_card(frame, GOOD)
    secret = shop.create_intent()["client_secret"]
    with pytest.raises(Exception, match=r"elements\.submit\(\) must be called"):
        shop.page.evaluate(CONFIRM_DEFERRED, secret)
