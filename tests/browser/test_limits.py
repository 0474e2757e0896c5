"""Pages of somebody who has tried too often."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.pages import LessonsPage
from tests.browser.students import new_email
from tests.stack import Stack

SENTENCE = "That was tried too often. Please come back in 60 minutes."


@pytest.fixture
def far_visitor(chromium: Browser, stack: Stack) -> Iterator[Page]:
    """Somebody elsewhere, behind a proxy of the shop's, where one may sign up once an hour."""
    with stack.second_web(TRUSTED_PROXIES="127.0.0.1,::1", LIMIT_SIGN_UPS="1 per hour") as web:
        context = chromium.new_context(
            base_url=web.url, extra_http_headers={"X-Forwarded-For": "198.51.100.7"}
        )
        yield context.new_page()
        context.close()


def test_the_form_says_when_to_come_back_and_keeps_what_was_typed(far_visitor: Page) -> None:
    """The first sign-up reaches its card, the next one is refused in words."""
    lessons = LessonsPage(far_visitor)
    lessons.reach_card(new_email())
    email = new_email()
    lessons.open()
    lessons.book("second")
    lessons.give("Jenny Rosen", email)
    expect(lessons.card.error).to_have_text(SENTENCE)
    expect(lessons.name).to_have_value("Jenny Rosen")
    expect(lessons.email).to_have_value(email)
    expect(lessons.checkout).to_be_enabled()
