"""Payments that wait for their student, and the page on which they are confirmed."""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.api import Api
from tests.browser.cards import ALWAYS_ASKS
from tests.browser.students import Student, student_with_card

CONFIRM_PAYMENT = "**/v1/payment_intents/*/confirm"


@dataclass(frozen=True)
class Waiting:
    """A hold that the bank declined because the student was away."""

    student: Student
    id: str


def waiting_payment(shop: Api, stripe: Api, amount: int = 6500) -> Waiting:
    """A student whose bank always asks, and a hold that it has declined."""
    student = student_with_card(shop, stripe, ALWAYS_ASKS)
    return Waiting(student, declined_hold(shop, student.id, amount))


def declined_hold(shop: Api, customer_id: str, amount: int = 6500) -> str:
    """The id of a PaymentIntent whose hold was declined."""
    answer = shop.refused(
        "/schedule-lesson", customer_id=customer_id, amount=amount, description="Guitar lesson"
    )
    return str(answer["payment_intent_id"])


class ConfirmationPage:
    """What a payment's student sees, and may do about it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.panel = page.locator("main.main-confirmation #payment-confirmation > *")
        self.heading = self.panel.get_by_role("heading", level=2)
        self.button = page.get_by_role("button", name="Confirm with my bank")
        self.error = page.locator(".form-errors [role=alert]")

    def open(self, payment_intent_id: str) -> None:
        self.page.goto(f"/confirm-payment/{payment_intent_id}")

    def tell_the_bank(self, answer: str) -> None:
        """Press a button of the challenge: "Complete authentication" or "Fail authentication"."""
        bank = self.page.frame_locator('iframe[name="acsFrame"]')
        bank.get_by_role("button", name=answer).click()

    def expect_state(self, heading: str, stamp: str) -> None:
        """Wait for a state, by its heading and by what stands on the ticket."""
        expect(self.heading).to_have_text(heading)
        expect(self.panel.locator(".ticket-state dd")).to_have_text(stamp)
