"""Signing in and out in a browser, and the pages that students open by a link."""

import time
from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from playwright.sync_api import Browser, Page, expect

from shop.staff import passwords, staff_file
from shop.staff.accounts import Account, Role, Staff
from shop.student_links import StudentLinks
from tests.browser.api import stripe_api
from tests.stack import Stack, open_stack

PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop with an instructor's account."""
    with open_stack(tmp_path_factory.mktemp("guarded"), students=20, payments=60) as stack:
        ina = Account(
            name="ina",
            roles=frozenset({Role.INSTRUCTOR}),
            password=passwords.hashed(PASSWORD),
            sessions_from=time.time(),
        )
        staff = Staff(key=Fernet.generate_key().decode(), accounts={"ina": ina})
        staff_file.write(stack.settings.staff_file, staff)
        stack.start("web")
        stack.start("worker")
        yield stack


@pytest.fixture
def visitor(chromium: Browser, guarded: Stack) -> Iterator[Page]:
    """Somebody new."""
    context = chromium.new_context(base_url=guarded.url)
    yield context.new_page()
    context.close()


def test_signing_in_and_out_with_the_keyboard(visitor: Page) -> None:
    """A wrong password keeps the name and puts the cursor where it is needed."""
    visitor.goto("/instructor#failed")
    expect(visitor.get_by_label("Name")).to_be_focused()
    visitor.keyboard.type("ina")
    visitor.keyboard.press("Tab")
    visitor.keyboard.type("not the password")
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("alert")).to_have_text("That name and password do not go together.")
    expect(visitor.get_by_label("Name")).to_have_value("ina")
    expect(visitor.get_by_label("Password")).to_be_focused()
    visitor.keyboard.type(PASSWORD)
    visitor.keyboard.press("Enter")
    expect(visitor.get_by_role("heading", name="Lessons and payments")).to_be_visible()
    expect(visitor.get_by_text("Signed in as ina")).to_be_visible()
    expect(visitor.get_by_role("navigation", name="Staff").get_by_role("link")).to_have_text(
        ["Instructor"]
    )
    visitor.goto("/accountant")
    expect(visitor.get_by_role("heading", name="This page is for somebody else")).to_be_visible()
    visitor.get_by_role("button", name="Sign out").press("Enter")
    visitor.wait_for_url("**/sign-in")
    visitor.goto("/instructor")
    visitor.wait_for_url("**/sign-in?next=%2Finstructor")


def test_a_page_that_is_open_says_when_one_was_signed_out_elsewhere(visitor: Page) -> None:
    """And what to do about it; what is on the page stays."""
    visitor.goto("/sign-in?next=/instructor")
    visitor.get_by_label("Name").fill("ina")
    visitor.get_by_label("Password").fill(PASSWORD)
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_text("Compared with everything at Stripe")).to_be_visible()
    visitor.context.clear_cookies()
    visitor.get_by_role("button", name="Refresh").click()
    expect(visitor.get_by_text("Reload the page to sign in.").first).to_be_visible()


def test_whoever_lacks_the_link_to_a_payment_is_told_what_to_do(visitor: Page) -> None:
    """No link to it can be asked for here."""
    visitor.goto("/confirm-payment/pi_x")
    expect(
        visitor.get_by_text("Please open the newest letter we sent you about it.")
    ).to_be_visible()
    expect(visitor.get_by_role("button", name="Send me a link")).to_be_hidden()


def test_a_student_asks_for_a_link_and_opens_their_page_with_it(
    visitor: Page, guarded: Stack
) -> None:
    """Nobody is told whether the student exists; the link leaves no trace in the address."""
    stripe = stripe_api(visitor.request, guarded)
    student = stripe.get("/v1/customers", limit=1)["data"][0]
    visitor.goto(f"/account-update/{student['id']}")
    expect(visitor.get_by_role("heading", name="This page is yours alone")).to_be_visible()
    expect(visitor.get_by_text("Please open the newest letter")).to_be_hidden()
    visitor.get_by_role("button", name="Send me a link").click()
    expect(visitor.get_by_role("status")).to_have_text(
        "If this is your page, a letter with the link is on its way to you."
    )
    links = StudentLinks(guarded.url, staff_file.read(guarded.settings.staff_file).key)
    visitor.goto(links.account(student["id"]))
    expect(visitor.locator("#billing-email")).to_have_text(student["email"])
    assert visitor.url == f"{guarded.url}/account-update/{student['id']}"
