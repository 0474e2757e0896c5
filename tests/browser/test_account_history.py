"""The account page's foot: what was held, charged and refunded; and a card that is about to end."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from shop.rules.card_expiry import last_day
from tests.browser.api import Api
from tests.browser.cards import MASTERCARD
from tests.browser.confirmations import ConfirmationPage, waiting_payment
from tests.browser.pages import AccountPage
from tests.browser.students import Student, student_with_card, student_without_card
from tests.browser.timelines import (
    EVERYTHING,
    HELD,
    NOTHING,
    WAITING,
    event,
    payment,
    timeline,
)

TIMELINE = "**/timeline/*"


@pytest.fixture
def account(page: Page) -> AccountPage:
    return AccountPage(page)


@pytest.fixture
def student(shop: Api, stripe: Api) -> Student:
    return student_with_card(shop, stripe)


def open_with(account: AccountPage, student: Student, told: dict[str, Any]) -> None:
    """Open the account page while the shop tells this timeline."""
    account.page.route(TIMELINE, lambda route: route.fulfill(json=told))
    account.open(student.id)
    expect(account.history.locator(".history-body")).to_have_attribute("aria-busy", "false")


def rows(account: AccountPage) -> list[tuple[str, ...]]:
    """Time, title, note and amount of each event that is shown."""
    parts = ("time", ".event-title", ".event-note", ".event-amount")
    events = account.history.locator(".history-event").all()
    return [tuple(event.locator(part).inner_text() for part in parts) for event in events]


def titles(account: AccountPage) -> list[tuple[str, str]]:
    """Title and amount of each event that is shown."""
    return [(title, amount) for _, title, _, amount in rows(account)]


def hold(shop: Api, student: Student, amount: int) -> str:
    """The id of a hold on the student's card."""
    answer = shop.post(
        "/schedule-lesson", customer_id=student.id, amount=amount, description="Guitar lesson"
    )
    return str(answer["payment"]["id"])


# ── A student's story ────────────────────────────────────────────────────────────────────────


def test_what_happened_is_told(account: AccountPage, student: Student, shop: Api) -> None:
    """Held, charged in part, the rest let go, refunded in part, held for the next lesson."""
    first = hold(shop, student, 6500)
    shop.post("/complete-lesson-payment", payment_intent_id=first, amount=4000)
    shop.post("/refund-lesson", payment_intent_id=first, amount=1500)
    hold(shop, student, 9000)
    account.open(student.id)
    expect(account.history.locator(".history-totals > div")).to_have_text(
        ["Held now$90.00", "Charged$40.00", "Refunded$15.00"]
    )
    assert titles(account) == [
        ("Held on your card", "$90.00"),
        ("Refunded", "$15.00"),
        ("Let go, not charged", "$25.00"),
        ("Charged", "$40.00"),
        ("Held on your card", "$65.00"),
        ("Card saved", ""),
    ]
    account.page.wait_for_load_state("networkidle")


def test_a_new_student_has_saved_a_card(account: AccountPage, student: Student) -> None:
    """And nothing else yet; another card is told as soon as it is saved."""
    account.open(student.id)
    expect(account.history).to_contain_text("Nothing was held or charged yet.")
    expect(account.history.locator(".event-note")).to_have_text("Visa ending in 4242")
    account.update.click()
    account.card.send(MASTERCARD)
    expect(account.history.locator(".event-note")).to_have_text(
        ["Mastercard ending in 4444", "Visa ending in 4242"]
    )


def test_a_payment_is_confirmed_from_the_account_page(
    account: AccountPage, page: Page, shop: Api, stripe: Api
) -> None:
    """There and back: then it is held, and nothing is asked for any more."""
    account.open(waiting_payment(shop, stripe).student.id)
    account.history.get_by_role("link", name="Confirm this payment").click()
    confirmation = ConfirmationPage(page)
    confirmation.button.click()
    confirmation.tell_the_bank("Complete authentication")
    confirmation.expect_state("Thank you, the amount is held", "Held, not charged")
    page.get_by_role("link", name="See your account").click()
    expect(account.history.locator(".total-held")).to_have_text("$65.00")
    expect(account.history.locator(".history-ask")).to_have_count(0)
    assert titles(account) == [("Held on your card", "$65.00"), ("Card saved", "")]


# ── In words ─────────────────────────────────────────────────────────────────────────────────


def test_everything_that_can_happen_has_words(account: AccountPage, student: Student) -> None:
    """Newest first, at the shop's time, what for and on which card, and the amount."""
    open_with(account, student, EVERYTHING)
    account.page.get_by_role("button", name="Show all 15").click()
    lesson = "Guitar lesson · Visa ending in 4242"
    assert rows(account) == [
        (
            "Nov 30, 2026, 10:00 AM",
            "Your bank asked you to confirm",
            f"{lesson} Confirm it",
            "$70.00",
        ),
        (
            "Nov 29, 2026, 10:00 AM",
            "Held on your card",
            f"{lesson} · Not charged; held until Dec 4, 2026, 4:00 AM at the latest",
            "$65.00",
        ),
        (
            "Nov 28, 2026, 10:00 AM",
            "Could not be held",
            f"{lesson} · Your card was declined.",
            "$65.00",
        ),
        ("Nov 27, 2026, 10:00 AM", "The hold ran out, not charged", lesson, "$65.00"),
        ("Nov 26, 2026, 10:00 AM", "Your question to your bank is closed", lesson, "$65.00"),
        ("Nov 25, 2026, 10:00 AM", "Your bank gave the money back to you", lesson, "$65.00"),
        ("Nov 24, 2026, 10:00 AM", "Your bank let the charge stand", lesson, "$65.00"),
        ("Nov 23, 2026, 10:00 AM", "You contested the charge", lesson, "$65.00"),
        (
            "Nov 22, 2026, 10:00 AM",
            "The refund did not reach your card",
            f"{lesson} · We will get in touch with you.",
            "$15.00",
        ),
        (
            "Nov 21, 2026, 10:00 AM",
            "Refund on its way",
            f"{lesson} · Your bank may take some days.",
            "$15.00",
        ),
        ("Nov 20, 2026, 10:00 AM", "Refunded", lesson, "$15.00"),
        ("Nov 3, 2026, 9:00 AM", "Let go, not charged", lesson, "$15.00"),
        ("Nov 3, 2026, 9:00 AM", "Charged", lesson, "$50.00"),
        ("Oct 29, 2026, 10:00 AM", "Held on your card", lesson, "$65.00"),
        ("Oct 19, 2026, 10:30 PM", "Card saved", "Visa ending in 4242", ""),
    ]
    expect(account.history).to_contain_text("Times are those of New York, where the school is.")


def test_the_sums_stand_above(account: AccountPage, student: Student) -> None:
    """Held now, charged and refunded, as the shop adds them up."""
    open_with(account, student, EVERYTHING)
    expect(account.history.get_by_role("heading")).to_have_text("Your lessons and payments")
    expect(account.history.locator(".history-totals > div")).to_have_text(
        ["Held now$65.00", "Charged$195.00", "Refunded$15.00"]
    )


def test_a_payment_that_waits_for_the_student_leads_to_its_page(
    account: AccountPage, student: Student
) -> None:
    """Above all else, and once more beside its event."""
    open_with(account, student, EVERYTHING)
    ask = account.history.locator(".history-ask")
    expect(ask).to_contain_text("Your bank wants you to confirm $70.00 for Guitar lesson.")
    for link in (
        ask.get_by_role("link", name="Confirm this payment"),
        account.history.get_by_role("link", name="Confirm it"),
    ):
        expect(link).to_have_attribute("href", f"/confirm-payment/{WAITING}")


def test_a_payment_that_another_one_has_replaced_is_not_asked_for(
    account: AccountPage, student: Student
) -> None:
    """Staff held the amount anew: to confirm the old payment too would hold it twice."""
    waiting, held = payment(WAITING, "needs_confirmation", 7000), payment(HELD, "held", 7000)
    open_with(account, student, timeline(EVERYTHING["events"], [held, waiting]))
    expect(account.history.locator(".history-totals")).to_be_visible()
    expect(account.history.locator(".history-ask")).to_have_count(0)


def test_a_student_who_never_paid(account: AccountPage, student: Student) -> None:
    """A sentence in place of sums; the card that was saved still shows."""
    open_with(account, student, NOTHING)
    expect(account.history).to_contain_text("Nothing was held or charged yet.")
    expect(account.history.locator(".history-totals")).to_have_count(0)
    assert rows(account) == [("Oct 19, 2026, 10:30 PM", "Card saved", "Visa ending in 4242", "")]


def test_a_long_history_shows_its_newest_first(account: AccountPage, student: Student) -> None:
    """Twelve events until the rest is asked for; then the first of the rest has the focus."""
    told = [event(f"2026-11-{30 - day}T15:00:00Z", "captured", 6500 + day) for day in range(14)]
    open_with(account, student, timeline(told, EVERYTHING["payments"]))
    events = account.history.locator(".history-event")
    expect(events).to_have_count(12)
    account.page.get_by_role("button", name="Show all 14").click()
    expect(events).to_have_count(14)
    expect(events.nth(12)).to_be_focused()
    expect(account.page.get_by_role("button", name="Show all 14")).to_have_count(0)


def test_more_payments_than_the_shop_tells(account: AccountPage, student: Student) -> None:
    """The page says that older ones are missing."""
    open_with(account, student, EVERYTHING | {"complete": False})
    expect(account.history).to_contain_text("Only your newest payments are shown.")


def test_a_kind_that_is_newer_than_the_page_reads_as_words(
    account: AccountPage, student: Student
) -> None:
    """Nothing breaks, and nothing is hidden."""
    told = [event("2026-11-30T15:00:00Z", "partly_refunded", 100)]
    open_with(account, student, timeline(told, EVERYTHING["payments"]))
    expect(account.history.locator(".event-title")).to_have_text("Partly refunded")


# ── Around it ────────────────────────────────────────────────────────────────────────────────


def test_the_history_stands_below_details_and_form(account: AccountPage, student: Student) -> None:
    """What is fixed comes first."""
    open_with(account, student, NOTHING)
    expect(
        account.page.locator("#account-information ~ .lesson-form ~ .account-history")
    ).to_be_visible()


def test_details_and_form_do_not_wait_for_the_history(
    account: AccountPage, student: Student
) -> None:
    """They can be used while the history is looked up."""
    waiting: list[Route] = []
    account.page.route(TIMELINE, lambda route: waiting.append(route))
    with account.page.expect_request(TIMELINE):
        account.open(student.id)
    expect(account.detail("billing-email")).to_have_text(student.email)
    expect(account.update).to_be_enabled()
    expect(account.history).to_contain_text("Looking up what was held and charged.")
    expect(account.history.locator("[aria-busy=true]")).to_be_visible()
    waiting[0].fulfill(json=NOTHING)
    expect(account.history).to_contain_text("Nothing was held or charged yet.")


def test_a_history_that_can_not_be_shown(account: AccountPage, student: Student) -> None:
    """The rest of the page works on, and "Try again" asks once more."""
    failure = {"error": {"code": "unavailable", "message": "Told by a test."}}
    account.page.route(TIMELINE, lambda route: route.fulfill(json=NOTHING))
    account.page.route(TIMELINE, lambda route: route.fulfill(status=503, json=failure), times=1)
    account.open(student.id)
    expect(account.history).to_contain_text("We can't show your payments just now.")
    expect(account.history).to_contain_text("Told by a test.")
    expect(account.update).to_be_enabled()
    account.history.get_by_role("button", name="Try again").click()
    expect(account.history).to_contain_text("Nothing was held or charged yet.")


def test_the_history_fits_a_phone(account: AccountPage, student: Student) -> None:
    """Nothing scrolls sideways at 390 pixels, however long a description."""
    account.page.set_viewport_size({"width": 390, "height": 844})
    long = [
        event("2026-11-30T15:00:00Z", "captured", 99_999_999, description="L" * 300),
        event("2026-11-30T15:00:00Z", "hold_failed", 1, reason="W" * 300),
    ]
    open_with(account, student, timeline(long, EVERYTHING["payments"]))
    assert account.page.evaluate("document.documentElement.scrollWidth") == 390


# ── A card that is about to end ──────────────────────────────────────────────────────────────


def test_a_card_that_ends_soon_is_said_so(account: AccountPage, shop: Api, stripe: Api) -> None:
    """With its last day, and what to do; a new card takes the warning away."""
    today = datetime.now(UTC).date()
    card = stripe.form(
        "/v1/payment_methods",
        **{
            "type": "card",
            "card[number]": "4242424242424242",
            "card[exp_month]": today.month,
            "card[exp_year]": today.year,
            "card[cvc]": "123",
        },
    )
    account.open(student_with_card(shop, stripe, card["id"]).id)
    ends = last_day(today.month, today.year)
    expect(account.expiry).to_have_text(
        f"This card expires on {told_day(ends)}. Please put a new card on file below before then."
    )
    account.update.click()
    account.card.send(MASTERCARD)
    expect(account.detail("card-last4")).to_have_text("4444")
    expect(account.expiry).to_be_hidden()


def test_a_card_that_has_ended_is_said_so(account: AccountPage, student: Student) -> None:
    """No lesson can be held on it; no test can wait for that day, so this one tells it."""
    ended = datetime.now(UTC).date() - timedelta(days=1)

    def tell(route: Route) -> None:
        answer = route.fetch().json()
        answer["card_expiry"] = {"state": "expired", "last_day": ended.isoformat()}
        route.fulfill(json=answer)

    account.page.route("**/payment-method/*", tell)
    account.open(student.id)
    expect(account.expiry).to_have_text(
        f"This card expired on {told_day(ended)}, so no lesson can be held on it. "
        "Please put a new card on file below."
    )


def test_a_card_that_works_is_not_warned_about(account: AccountPage, student: Student) -> None:
    """The sandbox's test card ends in more than 60 days."""
    account.open(student.id)
    expect(account.detail("card-last4")).to_have_text("4242")
    expect(account.expiry).to_be_hidden()


def test_no_card_can_not_end(account: AccountPage, shop: Api) -> None:
    """A student without a card is asked for one, and warned of nothing."""
    account.open(student_without_card(shop).id)
    expect(account.information).to_contain_text("There is no card on file for you yet.")
    expect(account.expiry).to_be_hidden()


def told_day(day: date) -> str:
    """A day as the page tells it, such as "Nov 3, 2026"."""
    return f"{day:%b} {day.day}, {day.year}"
