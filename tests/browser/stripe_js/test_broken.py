"""The double of Stripe.js where it cannot work: a wrong key, no network, mistakes in the page."""

from playwright.sync_api import expect

from tests.browser.stripe_js.shop import (
    GOOD,
    Shop,
    expect_message,
    fill_card,
    open_with_intent,
    submit,
)


def test_a_wrong_key_is_a_load_error(shop: Shop) -> None:
    secret = shop.create_intent()["client_secret"]
    frame = shop.open({"clientSecret": secret}, key="pk_test_wrong")
    shop.wait_for("loaderror")
    [event] = shop.events("loaderror")
    assert (event["elementType"], event["error"]["type"]) == ("payment", "authentication_error")
    assert event["error"]["message"].startswith("Invalid API Key provided: ")
    expect(frame.get_by_label("Card number")).to_be_hidden()
    expect(frame.get_by_role("alert")).to_have_text("The card form could not be loaded.")


def test_an_intent_that_is_over_is_a_load_error(shop: Shop) -> None:
    open_with_intent(shop)
    assert shop.page.evaluate("shop.elements.fetchUpdates()") == {}
    intent = shop.create_intent(confirm="true", payment_method=shop.create_card(GOOD))
    shop.open({"clientSecret": intent["client_secret"]})
    shop.wait_for("loaderror")
    [event] = shop.events("loaderror")
    assert event["error"]["code"] == "setup_intent_unexpected_state"


def test_an_api_out_of_reach_is_an_error_the_student_can_read(shop: Shop) -> None:
    """And the form is there for another try once the network is back."""
    frame = open_with_intent(shop)
    fill_card(frame, GOOD)
    shop.page.route("**/v1/**", lambda route: route.abort("connectionrefused"))
    submit(shop)
    expect_message(
        shop, "The payment service could not be reached. Check your connection and try again."
    )
    assert shop.page.evaluate("shop.result.error.type") == "api_connection_error"
    shop.page.unroute("**/v1/**")
    submit(shop)
    expect_message(shop, "succeeded")


def test_a_frame_that_never_loads_is_a_load_error(shop: Shop) -> None:
    shop.page.route("**/js/element.html", lambda route: route.abort("connectionrefused"))
    open_with_intent(shop)
    shop.wait_for("loaderror")
    assert shop.events("loaderror")[0]["error"]["type"] == "api_connection_error"
    submitted = shop.page.evaluate("shop.elements.submit()")
    assert submitted["error"]["type"] == "api_connection_error"


def test_a_mistake_in_the_page_is_an_integration_error(shop: Shop) -> None:
    texts = {
        "Stripe('')": "publishable key",
        "Stripe('sk_test_sandbox')": "secret key must never reach a browser",
        "shop.stripe.elements({})": "either a clientSecret or a mode",
        "shop.stripe.elements({ clientSecret: 'seti_1' })": "Not a client secret",
        "shop.stripe.elements({ mode: 'payment', currency: 'usd' })": "need an amount",
        "shop.elements.create('card')": 'no "card" element',
        "shop.elements.create('payment')": "already a payment element",
        "shop.element.mount('#nowhere')": "found nothing",
        "shop.stripe.confirmSetup({ elements: shop.elements })": "confirmParams.return_url",
        "shop.stripe.retrieveSetupIntent('pi_1_secret_2')": "secret of a setup_intent",
    }
    open_with_intent(shop)
    for code, text in texts.items():
        name, message = shop.page.evaluate(
            f"async () => {{ try {{ await {code} }} catch (e) {{ return [e.name, e.message] }} }}"
        )
        assert name == "IntegrationError", code
        assert text in message, code
