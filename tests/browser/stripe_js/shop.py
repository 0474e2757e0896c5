"""A shop's page with the double of Stripe.js in it, and what a student does there.

The page is served on an origin of its own, so that the frames are as foreign to it as Stripe's
are, under a policy that allows it nothing but its own script and Stripe's. It puts its objects
into ``window.shop``; the tests fill in the fields by their labels and call the library as a page
would.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from string import Template
from typing import Any

from playwright.sync_api import FrameLocator, Page, expect

# Numbers as they stand on the cards: whoever types or pastes them may leave the spaces in.
GOOD = "4242 4242 4242 4242"
DECLINED = "4000 0000 0000 0002"
ASKS_THE_BANK = "4000 0025 0000 3155"

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


def open_with_intent(shop: Shop, **options: Any) -> FrameLocator:
    return shop.open({"clientSecret": shop.create_intent()["client_secret"]}, options)


def fill_card(frame: FrameLocator, number: str, cvc: str = "123") -> None:
    frame.get_by_label("Card number").fill(number)
    frame.get_by_label("Expiration").fill("04 / 35")
    frame.get_by_label("CVC").fill(cvc)
    frame.get_by_label("Country").select_option("US")
    frame.get_by_label("ZIP").fill("12345")


def submit(shop: Shop) -> None:
    shop.page.get_by_role("button", name="Save").click()


def expect_message(shop: Shop, text: str) -> None:
    expect(shop.page.locator("#message")).to_have_text(text)


def bank(shop: Shop) -> FrameLocator:
    return shop.page.frame_locator("[name=acsFrame]")
