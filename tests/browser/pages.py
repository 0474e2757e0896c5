"""What a visitor does on each page. Every name in here is the client's contract."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.cards import VISA


class CardStep:
    """The Payment Element and its button: the same at sign-up and on the account page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.element = page.locator(".lesson-payment-element")
        self.frame = self.element.frame_locator('iframe[name*="__privateStripeFrame"]')
        self.submit = page.locator("button#submit")
        self.spinner = page.locator("#spinner.spinner")
        self.error = page.locator("#card-errors.sr-field-error[role=alert] > .card-error")

    def fill(self, number: str, country: str = "US", postal_code: str = "12345") -> None:
        """Enter a card, replacing what stands there."""
        self.frame.get_by_label("Card number").fill(number)
        self.frame.get_by_label("Expiration").fill("04 / 35")
        self.frame.get_by_label("CVC").fill("123")
        self.frame.get_by_label("Country").select_option(country)
        self.frame.get_by_label("ZIP" if country == "US" else "Postal code").fill(postal_code)

    def send(self, number: str) -> None:
        """Enter a card and press the button."""
        self.fill(number)
        self.submit.click()

    def tell_the_bank(self, answer: str) -> None:
        """Press a button of the challenge: "Complete authentication" or "Fail authentication"."""
        bank = self.page.frame_locator('iframe[name="acsFrame"]')
        bank.get_by_role("button", name=answer).click()


class LessonsPage:
    """Choosing a lesson and signing up for it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.form = page.locator("main.main-lessons > .lesson-form > .lesson-desc")
        self.summary = self.form.locator("#summary-table.lesson-info")
        self.name = self.form.locator(".lesson-grid .lesson-inputs .first input#name.sr-input")
        self.email = self.form.locator(".lesson-grid .lesson-inputs .middle input#email")
        self.checkout = self.form.locator("button#checkout-btn")
        self.taken = self.form.locator("#customer-exists-error.sr-field-error[role=alert]")
        self.card = CardStep(page)
        self.complete = page.locator(".lesson-complete")

    def open(self) -> None:
        self.page.goto("/lessons")

    def book(self, lesson: str) -> None:
        """Press "Book now!" of the "first", "second" or "third" lesson."""
        self.page.locator(f"button.lesson-book#{lesson}").click()

    def lesson_text(self, lesson: str) -> str:
        """The date and time on a lesson's card, as the shop writes it down."""
        card = self.page.locator(".lesson-card").filter(has=self.page.locator(f"button#{lesson}"))
        date = card.locator(".lesson-info .lesson-date").inner_text()
        return f"{date} {card.locator('.lesson-info .lesson-time').inner_text()}"

    def give(self, name: str, email: str) -> None:
        """Type name and e-mail and press Checkout."""
        self.name.fill(name)
        self.email.fill(email)
        self.checkout.click()

    def reach_card(self, email: str, name: str = "Jenny Rosen", lesson: str = "first") -> None:
        """Everything up to the card form of a new visit."""
        self.open()
        self.book(lesson)
        self.give(name, email)
        expect(self.card.frame.get_by_label("Card number")).to_be_visible()

    def expect_done(self) -> str:
        """Wait for the last step; answers with the customer's id."""
        expect(self.complete.locator("h3#signup-status")).to_have_text(
            "Woohoo! They are going to call you the shredder"
        )
        return self.complete.locator("#customer-id").inner_text()

    def sign_up(self, email: str, number: str = VISA) -> str:
        """A whole sign-up; answers with the customer's id."""
        self.reach_card(email)
        self.card.send(number)
        return self.expect_done()


class AccountPage:
    """What is on file for a student, and changing it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.information = page.locator("main.main-lessons #account-information.eco-items")
        self.form = page.locator("main.main-lessons .lesson-form > .lesson-desc")
        self.inputs = self.form.locator(".lesson-grid > .lesson-inputs")
        self.name = self.inputs.locator(".lesson-input-box input#name.sr-input")
        self.email = self.inputs.locator(".lesson-input-box input#email")
        self.update = self.inputs.locator("button#checkout-btn")
        self.taken = self.form.locator(
            "#card-errors > #customer-exists-error.sr-field-error[role=alert]"
        )
        self.card = CardStep(page)
        self.expiry = self.information.locator(".card-expiry")
        self.history = page.locator("main.main-lessons .account-history")

    def open(self, customer_id: str) -> None:
        self.page.goto(f"/account-update/{customer_id}")

    def detail(self, name: str) -> Locator:
        """One value on file: "billing-email", "card-exp-month", "card-exp-year", "card-last4"."""
        return self.information.locator(f"#{name}")

    def expect_details(self, email: str, month: str, year: str, last4: str) -> None:
        """Wait until this is what the page says is on file."""
        expect(self.detail("billing-email")).to_have_text(email)
        expect(self.detail("card-exp-month")).to_have_text(month)
        expect(self.detail("card-exp-year")).to_have_text(year)
        expect(self.detail("card-last4")).to_have_text(last4)


class AccountantPage:
    """Reports: ask for one, watch it, download its files."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.run_button = page.get_by_role("button", name="Run report")
        self.banner = page.locator("#worker-banner")

    def open(self) -> None:
        self.page.goto("/accountant")

    def choose(self, title: str) -> None:
        """Choose "Lesson totals" or "Failed payments"."""
        self.page.get_by_role("radio", name=title).check()

    def run(self, title: str) -> Locator:
        """Ask for a report; answers with its place in the list."""
        self.choose(title)
        with self.page.expect_response(lambda answer: answer.request.method == "POST") as answer:
            self.run_button.click()
        return self.report(answer.value.json()["id"])

    def report(self, report_id: str) -> Locator:
        """One report in the list."""
        return self.page.locator(f'.report[data-report-id="{report_id}"]')
