"""The local double of Stripe.js does for a page what the real one does.

A page of a shop is served on an origin of its own, so that the frames are as foreign to it as
Stripe's are, under a policy that allows it nothing but its own script and Stripe's. It puts its
objects into ``window.shop``; the tests fill in the fields by their labels and call the library
as a page would.
"""

import json
import math
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, Request, expect

GOOD = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
ASKS_THE_BANK = "4000 0025 0000 3155"

DECLINED_TEXT = "Your card has been declined."
NOT_AUTHENTICATED_TEXT = (
    "We are unable to authenticate your payment method. "
    "Please choose a different payment method and try again."
)

PAGE = Template("""<!doctype html>
<html lang="en">
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'self' $sandbox; frame-src $sandbox">
<title>A shop</title>
<main>
  <input id="before" aria-label="A field before">
  <div id="card"></div>
  <button id="submit" disabled>Save</button>
  <p id="message"></p>
  <ol id="events"></ol>
</main>
<script src="$sandbox/js/stripe.js"></script>
<script src="/page.js"></script>
""")

SCRIPT = Template("""
  const byId = (id) => document.getElementById(id);
  const stripe = Stripe('$key');
  const elements = stripe.elements($group);
  const element = elements.create('payment', $options);
  const events = [];
  for (const name of ['ready', 'change', 'focus', 'blur', 'escape', 'loaderror']) {
    element.on(name, (event) => {
      events.push([name, event]);
      byId('events').append(Object.assign(document.createElement('li'), { textContent: name }));
    });
  }
  element.on('change', ({ complete }) => { byId('submit').disabled = !complete; });
  element.mount('#card');
  window.shop = { stripe, elements, element, events };

  byId('submit').addEventListener('click', async () => {
    byId('message').textContent = '';
    shop.result = await stripe.confirmSetup({ elements, redirect: 'if_required' });
    const { error, setupIntent } = shop.result;
    byId('message').textContent = error ? error.message : setupIntent.status;
  });
""")


class Shop:
    """The shop's page in the browser, and the shop's server as far as it talks to Stripe."""

    def __init__(self, page: Page, sandbox_url: str, url: str, pages: dict[str, str]) -> None:
        self.page = page
        self.url = url
        self._sandbox_url = sandbox_url
        self._pages = pages

    def open(
        self,
        group: dict[str, Any],
        options: dict[str, Any] | None = None,
        key: str = "pk_test_sandbox",
    ) -> FrameLocator:
        """Load the page with these options of ``elements()`` and ``create()``; give the frame."""
        self._pages["/"] = PAGE.substitute(sandbox=self._sandbox_url)
        self._pages["/page.js"] = SCRIPT.substitute(
            key=key, group=json.dumps(group), options=json.dumps(options or {})
        )
        self.page.goto(self.url)
        return self.page.frame_locator('#card iframe[name*="__privateStripeFrame"]')

    def create_intent(self, kind: str = "setup_intents", **form: str) -> dict[str, Any]:
        return self._post(f"/v1/{kind}", {"payment_method_types[]": "card", **form})

    def create_card(self, number: str) -> str:
        """A payment method's id."""
        card = {"number": number.replace(" ", ""), "exp_month": "4", "exp_year": "2035"}
        form = {f"card[{name}]": value for name, value in card.items()}
        return str(self._post("/v1/payment_methods", {"type": "card", **form})["id"])

    def events(self, name: str) -> list[Any]:
        return [event for kind, event in self.page.evaluate("shop.events") if kind == name]

    def wait_for(self, event: str) -> None:
        expect(self.page.get_by_role("listitem").filter(has_text=event)).not_to_have_count(0)

    def _post(self, path: str, form: dict[str, str | float | bool]) -> dict[str, Any]:
        answer = self.page.request.post(
            f"{self._sandbox_url}{path}",
            headers={"Authorization": "Bearer sk_test_sandbox"},
            form=form,
        )
        assert answer.ok, answer.text()
        body: dict[str, Any] = answer.json()
        return body


@contextmanager
def served(pages: dict[str, str]) -> Iterator[str]:
    """Serve the pages by path on an origin of their own."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            body = pages.get(path, "").encode()
            kind = "text/javascript" if path.endswith(".js") else "text/html"
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Keep the test's output quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://localhost:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def shop(page: Page, sandbox_url: str) -> Iterator[Shop]:
    pages = {"/done": "<!doctype html><title>Done</title><p>Done"}
    with served(pages) as url:
        yield Shop(page, sandbox_url, url, pages)


def fill_card(frame: FrameLocator, number: str, cvc: str = "123") -> None:
    frame.get_by_label("Card number").fill(number)
    frame.get_by_label("Expiration").fill("04 / 35")
    frame.get_by_label("CVC").fill(cvc)
    frame.get_by_label("Country").select_option("US")
    frame.get_by_label("ZIP").fill("12345")


def open_with_intent(shop: Shop, **options: Any) -> FrameLocator:
    return shop.open({"clientSecret": shop.create_intent()["client_secret"]}, options)


def submit(shop: Shop) -> None:
    shop.page.get_by_role("button", name="Save").click()


def expect_message(shop: Shop, text: str) -> None:
    expect(shop.page.locator("#message")).to_have_text(text)


def bank(shop: Shop) -> FrameLocator:
    return shop.page.frame_locator("[name=acsFrame]")


# ── Saving a card ────────────────────────────────────────────────────────────────────────────


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


# ── 3-D Secure ───────────────────────────────────────────────────────────────────────────────


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


# ── A server's own confirmation, with a return_url ───────────────────────────────────────────


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


# ── The fields ───────────────────────────────────────────────────────────────────────────────


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


# ── The element in the page ──────────────────────────────────────────────────────────────────


def test_the_page_hears_of_changes_that_matter_to_it(shop: Shop) -> None:
    """A change is told when the form becomes complete, incomplete, empty or not empty."""
    frame = open_with_intent(shop)
    shop.wait_for("ready")
    assert shop.events("ready") == [{"elementType": "payment"}]
    fill_card(frame, GOOD)
    frame.get_by_label("CVC").fill("1")
    shop.page.evaluate("shop.element.clear()")
    expect(frame.get_by_label("Card number")).to_have_value("")
    expect(shop.page.get_by_role("listitem").filter(has_text="change")).to_have_count(4)
    change = {"elementType": "payment", "collapsed": False, "value": {"type": "card"}}
    assert shop.events("change") == [
        {**change, "complete": False, "empty": False},
        {**change, "complete": True, "empty": False},
        {**change, "complete": False, "empty": False},
        {**change, "complete": False, "empty": True},
    ]


def test_the_page_hears_of_focus_and_escape(shop: Shop) -> None:
    frame = open_with_intent(shop)
    shop.wait_for("ready")
    shop.page.evaluate("shop.element.focus()")
    expect(frame.get_by_label("Card number")).to_be_focused()
    frame.get_by_label("CVC").focus()
    frame.get_by_label("CVC").press("Escape")
    shop.page.get_by_label("A field before").focus()
    shop.wait_for("blur")
    names = [name for name, _ in shop.page.evaluate("shop.events")]
    assert names == ["ready", "focus", "escape", "blur"]


def test_the_frame_is_as_high_as_its_content(shop: Shop) -> None:
    frame = open_with_intent(shop)
    shop.wait_for("ready")
    expect_frame_height(shop, frame)
    shop.page.evaluate("shop.elements.submit()")
    expect(frame.get_by_role("alert")).to_have_count(4)
    expect_frame_height(shop, frame)


def expect_frame_height(shop: Shop, frame: FrameLocator) -> None:
    content = frame.locator("body").evaluate("(body) => body.getBoundingClientRect().height")
    assert content > 200
    iframe = shop.page.get_by_title("Secure payment input frame")
    expect(iframe).to_have_css("height", f"{math.ceil(content)}px")


def test_the_fields_wear_the_pages_colours(shop: Shop) -> None:
    variables = {"colorText": "rgb(1, 2, 3)", "borderRadius": "9px", "colorDanger": "rgb(9, 0, 0)"}
    secret = shop.create_intent()["client_secret"]
    appearance = {"theme": "flat", "variables": variables}
    frame = shop.open({"clientSecret": secret, "appearance": appearance})
    number = frame.get_by_label("Card number")
    expect(number).to_have_css("color", "rgb(1, 2, 3)")
    expect(number).to_have_css("border-radius", "9px")
    number.fill("42")
    number.blur()
    expect(frame.get_by_role("alert")).to_have_css("color", "rgb(9, 0, 0)")
    shop.page.evaluate(
        "shop.elements.update({ appearance: { rules: { '.Input': { opacity: 0.9 } } } })"
    )
    expect(number).to_have_css("opacity", "0.9")
    expect(number).to_have_css("border-radius", "5px")


def test_an_element_can_be_unmounted_mounted_again_and_destroyed(shop: Shop) -> None:
    frame = open_with_intent(shop)
    frame.get_by_label("Card number").fill(GOOD)
    shop.page.evaluate("shop.element.unmount()")
    expect(shop.page.locator("iframe")).to_have_count(0)
    shop.page.evaluate("shop.element.mount(document.getElementById('card'))")
    expect(frame.get_by_label("Card number")).to_have_value("")
    shop.page.evaluate("shop.element.destroy()")
    assert shop.page.evaluate("shop.elements.getElement('payment')") is None
    assert shop.page.evaluate("Boolean(shop.elements.create('payment'))") is True


# ── When it cannot work ──────────────────────────────────────────────────────────────────────


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
