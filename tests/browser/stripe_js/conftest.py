"""A shop's page for the tests of the double of Stripe.js."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.stripe_js.shop import Shop, served


@pytest.fixture
def shop(page: Page, sandbox_url: str) -> Iterator[Shop]:
    pages = {"/done": "<!doctype html><title>Done</title><p>Done"}
    with served(pages) as url:
        yield Shop(page, sandbox_url, url, pages)
