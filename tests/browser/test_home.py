"""The home page says what the school is and leads to the lessons."""

import re

from playwright.sync_api import Page, expect


def test_the_school_is_introduced(page: Page) -> None:
    """An `h2` and paragraphs about the school stand in `.home-body > .about`."""
    page.goto("/")
    about = page.locator("main.main-global .home-body > .about")
    expect(about.locator("h2")).to_have_text("A school with its windows open")
    expect(about.locator("p")).to_have_count(2)


def test_the_offer_is_a_picture_a_text_and_a_way_to_sign_up(page: Page) -> None:
    """`#sr-items.items > .sr-item` holds picture, texts, and a link around `button#lessons`."""
    page.goto("/")
    offer = page.locator("main.main-global #sr-items.items > .sr-item")
    expect(offer.locator(".eco-product-img")).to_have_attribute("alt", re.compile("guitar"))
    expect(offer.locator(".sr-item-text")).to_have_text("Guitar lessons")
    expect(offer.locator(".eco-desc-text")).to_contain_text("charge nothing today")
    expect(offer.locator('a[href="/lessons"] > button#lessons')).to_have_text("Sign Up")


def test_sign_up_leads_to_the_lessons(page: Page) -> None:
    """A click on the button opens the sign-up page."""
    page.goto("/")
    page.get_by_role("button", name="Sign Up").click()
    page.wait_for_url("**/lessons")
    expect(page.locator("#title.lesson-title")).to_have_text("Guitar lessons")


def test_the_way_to_sign_up_is_one_stop_for_the_keyboard(page: Page) -> None:
    """The link takes the focus, the button in it does not, and Enter follows the link."""
    page.goto("/")
    page.locator(".eco-navigation").get_by_role("link", name="Lessons Courses").focus()
    page.keyboard.press("Tab")
    expect(page.locator('#sr-items a[href="/lessons"]')).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("#sr-items :focus")).to_have_count(0)
    page.locator('#sr-items a[href="/lessons"]').press("Enter")
    page.wait_for_url("**/lessons")
