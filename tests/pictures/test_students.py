"""What students see: signing up, their account, confirming a hold."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.api import Api
from tests.browser.confirmations import ConfirmationPage, waiting_payment
from tests.browser.pages import AccountPage, LessonsPage
from tests.browser.students import Student, new_email, student_with_card
from tests.pictures.conftest import Camera

DECLINED = "4000000000000002"
ASKS_THE_BANK = "4000002500003155"


def test_signing_up(lessons: LessonsPage, shop: Api, stripe: Api, picture: Camera) -> None:
    """From the choice of a lesson to the card that is kept."""
    known = student_with_card(shop, stripe)
    lessons.open()
    picture("sign-up-lessons", "Signing up: choosing a lesson", whole=True)
    lessons.book("second")
    lessons.give("Jenny Rosen", known.email)
    lessons.taken.wait_for()
    picture("sign-up-known-address", "The address belongs to a student already")
    lessons.reach_card(new_email())
    lessons.card.send(DECLINED)
    lessons.card.error.wait_for()
    lessons.card.error.scroll_into_view_if_needed()
    picture("sign-up-declined", "The card is declined")
    lessons.card.send(ASKS_THE_BANK)
    lessons.page.locator("iframe[name=acsFrame]").wait_for()
    picture("sign-up-bank-asks", "The bank asks for the student")
    lessons.card.tell_the_bank("Complete authentication")
    lessons.expect_done()
    picture("sign-up-done", "Signed up")


def test_the_account_page(
    page: Page,
    shop: Api,
    pupil: Callable[..., Student],
    held: Callable[[Student], str],
    picture: Camera,
) -> None:
    """Details, and what was held, charged and refunded."""
    student = pupil("Jenny Rosen")
    payment = held(student)
    shop.post("/complete-lesson-payment", payment_intent_id=payment)
    shop.post("/refund-lesson", payment_intent_id=payment, amount=1500)
    held(student)
    account = AccountPage(page)
    account.open(student.id)
    page.locator(".history-body[aria-busy=false]").wait_for()
    picture("account", "A student's account, and what was held, charged and refunded", whole=True)
    account.open("cus_none")
    page.locator(".account-panel").wait_for()
    picture("account-unknown", "Nobody has this account")


def test_confirming_a_hold(page: Page, shop: Api, stripe: Api, picture: Camera) -> None:
    """The bank wanted the student, who was away."""
    waiting = waiting_payment(shop, stripe)
    confirmation = ConfirmationPage(page)
    confirmation.open(waiting.id)
    confirmation.button.wait_for()
    picture("confirm", "The bank declined a hold while the student was away")
    confirmation.button.click()
    confirmation.tell_the_bank("Complete authentication")
    page.locator("[data-state=held]").wait_for()
    picture("confirm-held", "They confirmed it")
    expect(confirmation.button).to_be_hidden()
