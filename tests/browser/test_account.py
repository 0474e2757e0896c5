"""The account page: what is on file, and changing name, e-mail and card."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.api import Api
from tests.browser.cards import (
    ASKS_THE_BANK,
    DECLINED,
    DECLINED_TEXT,
    MASTERCARD,
    NOT_AUTHENTICATED_TEXT,
    VISA,
)
from tests.browser.pages import AccountPage
from tests.browser.students import (
    Student,
    cards_of,
    default_card,
    new_email,
    replace_card,
    student_with_card,
    student_without_card,
)


@pytest.fixture
def account(page: Page) -> AccountPage:
    return AccountPage(page)


@pytest.fixture
def student(shop: Api, stripe: Api) -> Student:
    return student_with_card(shop, stripe)


def on_file(stripe: Api, customer_id: str) -> dict[str, Any]:
    """Name, e-mail and card of a student at the local Stripe, and the name on the card."""
    customer = stripe.get(f"/v1/customers/{customer_id}")
    card = default_card(stripe, customer_id)
    billing = card["billing_details"] if card else {"name": None, "email": None}
    return {
        "customer": (customer["name"], customer["email"]),
        "billing": (billing["name"], billing["email"]),
        "default": card and card["id"],
        "attached": cards_of(stripe, customer_id),
    }


# ── What is on file ──────────────────────────────────────────────────────────────────────────


def test_what_is_on_file_is_shown(account: AccountPage, student: Student, stripe: Api) -> None:
    """E-mail, expiry and last four digits, as Stripe has them, each after its label."""
    card = stripe.get(f"/v1/payment_methods/{student.card}")["card"]
    account.open(student.id)
    expect(account.information.locator("h3")).to_have_text("Account Details")
    expect(account.information).to_contain_text("Current Account information")
    expect(account.information).to_contain_text(
        "We have the following card information on file for you:"
    )
    month, year = str(card["exp_month"]), str(card["exp_year"])
    account.expect_details(student.email, month, year, "4242")
    for text in (
        f"Billing Email:{student.email}",
        f"Card Exp Month:{month}",
        f"Card Exp Year:{year}",
        "Card last 4:4242",
    ):
        expect(account.information).to_contain_text(text)


def test_the_form_is_filled_in(account: AccountPage, student: Student) -> None:
    """Two inputs with labels, the button, and a sentence of law; no error and no card form."""
    account.open(student.id)
    expect(account.form.locator("h3")).to_have_text("Update your Payment details")
    expect(account.form.locator("> .lesson-info")).to_be_visible()
    expect(account.inputs.locator(".lesson-input-box")).to_have_count(2)
    expect(account.name).to_have_value("Jenny Rosen")
    expect(account.email).to_have_value(student.email)
    expect(account.inputs.get_by_label("Name")).to_have_attribute("id", "name")
    expect(account.inputs.get_by_label("Email")).to_have_attribute("id", "email")
    expect(account.update.locator("> #button-text")).to_have_text("Update Payment Method")
    expect(account.form.locator(".lesson-legal-info")).to_be_visible()
    expect(account.page.locator("#submit, #spinner, #card-errors, [role=alert]")).to_have_count(0)


def test_an_unknown_student_is_said_plainly(account: AccountPage) -> None:
    """The section says "Account not found!" and nothing of a card, and there is no form."""
    account.open("cus_unknown")
    expect(account.information.locator("h3")).to_have_text("Account not found!")
    expect(account.page.locator(".lesson-form, #billing-email")).to_have_count(0)


def test_a_deleted_student_is_an_unknown_one(
    account: AccountPage, student: Student, shop: Api
) -> None:
    """The page treats an account that was deleted as one that never was."""
    shop.post(f"/delete-account/{student.id}")
    account.open(student.id)
    expect(account.information.locator("h3")).to_have_text("Account not found!")


def test_a_student_without_a_card_can_add_one(account: AccountPage, shop: Api, stripe: Api) -> None:
    """The page says that there is none; the card entered here becomes the one on file."""
    left = student_without_card(shop)
    account.open(left.id)
    expect(account.detail("billing-email")).to_have_text(left.email)
    expect(account.information).to_contain_text("There is no card on file for you yet.")
    expect(account.detail("card-last4")).to_have_count(0)
    account.update.click()
    expect(account.inputs).to_contain_text("Nothing is charged for putting a card on file.")
    account.card.send(VISA)
    account.expect_details(left.email, "4", "2035", "4242")
    saved = on_file(stripe, left.id)
    assert saved["attached"] == [saved["default"]]
    assert saved["billing"] == (left.name, left.email)


def test_a_shop_out_of_reach_is_said_and_asked_again(
    account: AccountPage, student: Student
) -> None:
    """The button "Try again" shows the account once the connection is back."""
    account.page.route("**/payment-method/*", lambda route: route.abort(), times=1)
    account.open(student.id)
    expect(account.information).to_contain_text("We could not reach the shop.")
    account.page.get_by_role("button", name="Try again").click()
    expect(account.detail("billing-email")).to_have_text(student.email)


# ── Changing it ──────────────────────────────────────────────────────────────────────────────


def test_name_and_email_change_without_a_new_card(
    account: AccountPage, student: Student, stripe: Api
) -> None:
    """Saved at once, on the customer and on the card; the card itself stays."""
    email = new_email()
    account.open(student.id)
    account.name.fill("Jenny Rosen-Park")
    account.email.fill(email)
    account.update.click()
    expect(account.detail("billing-email")).to_have_text(email)
    expect(account.form.locator(".lesson-input-box.first")).to_have_text(
        f"Jenny Rosen-Park ({email})"
    )
    assert on_file(stripe, student.id) == {
        "customer": ("Jenny Rosen-Park", email),
        "billing": ("Jenny Rosen-Park", email),
        "default": student.card,
        "attached": [student.card],
    }


def test_the_name_alone_can_be_changed(account: AccountPage, student: Student, stripe: Api) -> None:
    """And the student may then keep the card: the form comes back with what is saved."""
    account.open(student.id)
    account.name.fill("Jenny R.")
    account.update.click()
    account.page.get_by_role("button", name="Keep the card I have").click()
    expect(account.name).to_have_value("Jenny R.")
    expect(account.email).to_have_value(student.email)
    expect(account.detail("card-last4")).to_have_text("4242")
    assert on_file(stripe, student.id) == {
        "customer": ("Jenny R.", student.email),
        "billing": ("Jenny R.", student.email),
        "default": student.card,
        "attached": [student.card],
    }


def test_a_new_card_shows_without_a_reload(
    account: AccountPage, student: Student, stripe: Api
) -> None:
    """The old card is detached, the new one is the default and bears name and e-mail."""
    account.open(student.id)
    account.page.evaluate("window.stillTheSamePage = true")
    account.update.click()
    expect(account.card.submit).to_have_text("Save card")
    expect(account.card.submit).to_be_disabled()
    account.card.send(MASTERCARD)
    account.expect_details(student.email, "4", "2035", "4444")
    assert account.page.evaluate("window.stillTheSamePage")
    saved = on_file(stripe, student.id)
    assert saved["default"] != student.card
    assert saved == {
        "customer": ("Jenny Rosen", student.email),
        "billing": ("Jenny Rosen", student.email),
        "default": saved["default"],
        "attached": [saved["default"]],
    }
    assert stripe.get(f"/v1/payment_methods/{student.card}")["customer"] is None
    expect(account.name).to_have_value("Jenny Rosen")
    account.page.reload()
    account.expect_details(student.email, "4", "2035", "4444")


def test_the_email_of_another_student_is_refused(
    account: AccountPage, student: Student, shop: Api, stripe: Api
) -> None:
    """In any letter case; what was typed stays, and nothing is changed at Stripe."""
    other = student_with_card(shop, stripe)
    before = on_file(stripe, student.id)
    account.open(student.id)
    account.name.fill("Somebody Else")
    account.email.fill(other.email.upper())
    account.update.click()
    expect(account.taken).to_have_text("Customer email already exists!")
    expect(account.name).to_have_value("Somebody Else")
    expect(account.email).to_have_value(other.email.upper())
    expect(account.page.locator(".lesson-payment-element")).to_have_count(0)
    expect(account.detail("billing-email")).to_have_text(student.email)
    assert on_file(stripe, student.id) == before
    account.email.fill(student.email)
    account.update.click()
    expect(account.card.frame.get_by_label("Card number")).to_be_visible()
    expect(account.taken).to_have_count(0)


def test_a_refused_card_leaves_the_old_one_on_file(
    account: AccountPage, student: Student, stripe: Api
) -> None:
    """Stripe's sentence is shown, and the next card can be tried at once."""
    account.open(student.id)
    account.update.click()
    account.card.send(DECLINED)
    expect(account.card.error).to_have_text(DECLINED_TEXT)
    expect(account.detail("card-last4")).to_have_text("4242")
    assert on_file(stripe, student.id)["attached"] == [student.card]
    account.card.send(MASTERCARD)
    expect(account.detail("card-last4")).to_have_text("4444")
    assert student.card not in cards_of(stripe, student.id)


def test_a_new_card_may_ask_the_bank(account: AccountPage, student: Student) -> None:
    """A failed challenge keeps the old card, a passed one puts the new card on file."""
    account.open(student.id)
    account.update.click()
    account.card.send(ASKS_THE_BANK)
    account.card.tell_the_bank("Fail authentication")
    expect(account.card.error).to_have_text(NOT_AUTHENTICATED_TEXT)
    expect(account.detail("card-last4")).to_have_text("4242")
    account.card.submit.click()
    account.card.tell_the_bank("Complete authentication")
    expect(account.detail("card-last4")).to_have_text("3155")


def test_the_same_card_again_is_no_second_card(
    account: AccountPage, student: Student, stripe: Api
) -> None:
    """One saved card per student, ever, even with the same number."""
    account.open(student.id)
    account.update.click()
    account.card.send(VISA)
    expect(account.form.get_by_role("status")).to_have_text("Your new card is saved.")
    assert len(cards_of(stripe, student.id)) == 1


def test_a_card_replaced_from_elsewhere_starts_the_form_over(
    account: AccountPage, student: Student, shop: Api, stripe: Api
) -> None:
    """The first step shows the refusal and the card now on file; the next card is saved."""
    account.open(student.id)
    account.update.click()

    def finish_elsewhere_first(route: Route) -> None:
        replace_card(shop, stripe, student.id, "pm_card_amex")
        route.continue_()

    account.page.route("**/update-payment-details/*", finish_elsewhere_first, times=1)
    account.card.send(VISA)
    expect(account.card.error).to_have_text("This card was replaced by another one meanwhile.")
    expect(account.detail("card-last4")).to_have_text("0005")
    account.update.click()
    account.card.send(MASTERCARD)
    expect(account.form.get_by_role("status")).to_have_text("Your new card is saved.")
    expect(account.detail("card-last4")).to_have_text("4444")
    assert len(cards_of(stripe, student.id)) == 1


def test_every_step_fits_a_phone(account: AccountPage, student: Student) -> None:
    """Nothing scrolls sideways at 390 pixels, however long a name."""
    page = account.page
    page.set_viewport_size({"width": 390, "height": 844})
    account.open(student.id)
    account.name.fill("N" * 60)
    account.email.fill("e" * 40 + student.email)
    account.update.click()
    expect(account.card.frame.get_by_label("Card number")).to_be_visible()
    expect(account.detail("billing-email")).to_have_text("e" * 40 + student.email)
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_the_network_goes_idle_at_every_step(account: AccountPage, student: Student) -> None:
    """No request hangs open on this page, nor in the card form's frame."""
    page = account.page
    account.open(student.id)
    page.wait_for_load_state("networkidle")
    account.update.click()
    expect(account.card.frame.get_by_label("Card number")).to_be_visible()
    page.wait_for_load_state("networkidle")
