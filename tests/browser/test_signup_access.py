"""Signing up by keyboard or phone, and on a network that must go idle."""

from playwright.sync_api import expect

from tests.browser.api import Api
from tests.browser.cards import ASKS_THE_BANK, DECLINED, DECLINED_TEXT, NOT_AUTHENTICATED_TEXT, VISA
from tests.browser.pages import LessonsPage
from tests.browser.signup import width_of
from tests.browser.students import new_email, student_with_card


def test_the_keyboard_alone_leads_into_the_card_form(lessons: LessonsPage) -> None:
    """From the navigation over "Book now!" and both inputs into the field for the number."""
    page, press = lessons.page, lessons.page.keyboard.press
    lessons.open()
    page.locator(".eco-navigation a.current").focus()
    press("Tab")
    expect(page.locator("#first")).to_be_focused()
    press("Enter")
    expect(lessons.form.locator("h3")).to_be_focused()
    press("Tab")
    expect(lessons.name).to_be_focused()
    page.keyboard.type("Jenny Rosen")
    press("Tab")
    expect(lessons.email).to_be_focused()
    page.keyboard.type(new_email())
    press("Tab")
    expect(lessons.checkout).to_be_focused()
    press("Enter")
    number = lessons.card.frame.get_by_label("Card number")
    expect(number).to_be_visible()
    expect(lessons.form.locator("h3")).to_be_focused()
    press("Tab")
    expect(number).to_be_focused()
    page.keyboard.type(VISA)
    expect(number).to_have_value("4242 4242 4242 4242")


def test_enter_in_an_input_is_checkout(lessons: LessonsPage) -> None:
    """But not before both inputs are filled."""
    lessons.open()
    lessons.book("first")
    lessons.name.fill("Jenny Rosen")
    lessons.name.press("Enter")
    expect(lessons.email).to_be_visible()
    expect(lessons.card.error).to_have_count(0)
    lessons.email.fill(new_email())
    lessons.email.press("Enter")
    expect(lessons.card.frame.get_by_label("Card number")).to_be_visible()


def test_every_step_fits_a_phone(lessons: LessonsPage, shop: Api, stripe: Api) -> None:
    """Nothing scrolls sideways at 390 pixels, whatever the form shows and however long a name."""
    page = lessons.page
    page.set_viewport_size({"width": 390, "height": 844})
    lessons.open()
    lessons.book("first")
    lessons.give("Jenny Rosen", student_with_card(shop, stripe).email)
    expect(lessons.taken).to_be_visible()
    assert width_of(page) == 390
    lessons.give("N" * 60, "e" * 40 + new_email())
    lessons.card.send(DECLINED)
    expect(lessons.card.error).to_be_visible()
    assert width_of(page) == 390
    lessons.card.send(ASKS_THE_BANK)
    expect(page.locator('iframe[name="acsFrame"]')).to_be_visible()
    assert width_of(page) == 390
    lessons.card.tell_the_bank("Complete authentication")
    lessons.expect_done()
    assert width_of(page) == 390


def test_the_network_goes_idle_at_every_step(lessons: LessonsPage) -> None:
    """No request hangs open on this page, nor in the card form's frame."""
    page = lessons.page
    lessons.open()
    page.wait_for_load_state("networkidle")
    lessons.book("first")
    lessons.give("Jenny Rosen", new_email())
    expect(lessons.card.frame.get_by_label("Card number")).to_be_visible()
    page.wait_for_load_state("networkidle")
    lessons.card.send(DECLINED)
    expect(lessons.card.error).to_have_text(DECLINED_TEXT)
    page.wait_for_load_state("networkidle")
    lessons.card.send(ASKS_THE_BANK)
    lessons.card.tell_the_bank("Fail authentication")
    expect(lessons.card.error).to_have_text(NOT_AUTHENTICATED_TEXT)
    page.wait_for_load_state("networkidle")
    lessons.card.send(VISA)
    lessons.expect_done()
    page.wait_for_load_state("networkidle")
