"""The kept letters in the browser: found in the list, read as text and as HTML."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from shop.mail.letters import welcome
from shop.mail.message import message_of
from shop.mail.postbox import mail_folder
from tests.browser.api import Api
from tests.browser.students import student_with_card
from tests.stack import Stack


@pytest.fixture
def letter(page: Page, stack: Stack, shop: Api, stripe: Api) -> Page:
    """The page of a letter, reached by the list."""
    student = student_with_card(shop, stripe)
    written = welcome(
        name=student.name,
        email=student.email,
        lesson_text="01 Dec 3:00 p.m.",
        account_url=f"{stack.url}/account-update/{student.id}",
    )
    name = f"test-welcome:{student.id}"
    message = message_of(name, written, sender=stack.settings.mail_from, at=datetime.now(UTC))
    mail_folder(stack.settings).put(name, message)
    page.goto("/dev/mail")
    page.get_by_role("listitem").filter(has_text=student.email).first.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome to Ipsum Street")
    return page


@pytest.mark.parametrize("width", [1280, 390])
def test_a_letter_can_be_read_as_students_see_it(letter: Page, width: int) -> None:
    """As text and in its frame, on a laptop and on a phone."""
    letter.set_viewport_size({"width": width, "height": 844})
    expect(letter.locator(".mail-text")).to_contain_text("You have asked for a lesson on 01 Dec")
    frame = letter.frame_locator(".mail-html")
    expect(frame.get_by_text("You have asked for a lesson on 01 Dec")).to_be_visible()
    assert letter.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert frame.locator("html").evaluate("(html) => html.scrollWidth <= html.clientWidth")


def test_the_letters_link_works_beside_it(letter: Page) -> None:
    """It opens the real account page, outside the frame's sandbox."""
    with letter.expect_popup() as opened:
        letter.frame_locator(".mail-html").get_by_role("link", name="Your account page").click()
    expect(opened.value.locator("#card-last4")).to_have_text("4242")
