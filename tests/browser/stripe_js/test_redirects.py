"""Redirects: to the bank after a server's own confirmation, and to the `return_url`."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.stripe_js.shop import ASKS_THE_BANK, GOOD, Shop, fill_card


def test_the_page_is_left_for_the_return_url_unless_told_otherwise(shop: Shop) -> None:
    intent = shop.create_intent()
    fill_card(shop.open({"clientSecret": intent["client_secret"]}), GOOD)
    shop.page.evaluate(
        """(return_url) => {
            shop.stripe.confirmSetup({ elements: shop.elements, confirmParams: { return_url } });
        }""",
        f"{shop.url}done?lesson=first",
    )
    shop.page.wait_for_url(
        f"{shop.url}done?lesson=first&setup_intent={intent['id']}"
        f"&setup_intent_client_secret={intent['client_secret']}&redirect_status=succeeded"
    )


@pytest.mark.parametrize(
    ("button", "status"),
    [("Complete authentication", "succeeded"), ("Fail authentication", "failed")],
)
def test_a_redirect_to_the_bank_comes_back_with_the_outcome(
    shop: Shop, button: str, status: str
) -> None:
    intent = shop.create_intent(
        confirm="true",
        payment_method=shop.create_card(ASKS_THE_BANK),
        return_url=f"{shop.url}/?lesson=1",
    )
    shop.open({"mode": "setup", "currency": "usd"})
    shop.page.goto(intent["next_action"]["redirect_to_url"]["url"])
    shop.page.get_by_role("button", name=button).click()
    shop.page.wait_for_url(re.compile("redirect_status"))
    assert shop.page.url == (
        f"{shop.url}/?lesson=1&setup_intent={intent['id']}"
        f"&setup_intent_client_secret={intent['client_secret']}&redirect_status={status}"
    )


def test_a_bank_that_has_its_answer_asks_no_more(shop: Shop) -> None:
    intent = shop.create_intent(
        confirm="true", payment_method=shop.create_card(ASKS_THE_BANK), return_url=shop.url
    )
    challenge = intent["next_action"]["redirect_to_url"]["url"]
    shop.open({"mode": "setup", "currency": "usd"})
    shop.page.goto(challenge)
    shop.page.get_by_role("button", name="Complete authentication").click()
    shop.page.wait_for_url(re.compile("redirect_status=succeeded"))
    shop.page.goto(challenge)
    expect(shop.page.get_by_role("alert")).to_have_text("Your bank has its answer already.")
    expect(shop.page.get_by_role("button", name="Complete authentication")).to_be_disabled()


def test_stripe_js_follows_a_redirect(shop: Shop) -> None:
    """handleNextAction leaves the page where the server asked for a redirect."""
    intent = shop.create_intent(
        "payment_intents",
        amount="12345",
        currency="usd",
        confirm="true",
        payment_method=shop.create_card(ASKS_THE_BANK),
        return_url=shop.url,
    )
    shop.open({"mode": "setup", "currency": "usd"})
    handle = f"shop.stripe.handleNextAction({{ clientSecret: '{intent['client_secret']}' }})"
    shop.page.evaluate(f"() => {{ {handle}; }}")
    expect(shop.page.get_by_text("$123.45")).to_be_visible()
    shop.page.get_by_role("button", name="Complete authentication").click()
    shop.page.wait_for_url(re.compile(f"payment_intent={intent['id']}&"))
