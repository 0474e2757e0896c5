"""The letters of a failed-payments report: read, sent once, and what became of each."""

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import SMTP

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accountant_documents import CannedReports, ready
from tests.browser.accountant_reports import expect_ready
from tests.browser.api import Api
from tests.browser.pages import AccountantPage
from tests.browser.students import Student, replace_card, student_with_card
from tests.stack import Stack


@pytest.fixture(autouse=True)
def no_events(stripe: Api) -> Iterator[None]:
    """Stripe's events would have the same letters sent at once."""
    stripe.post("/_sandbox/webhooks", outage=True)
    yield
    stripe.post("/_sandbox/webhooks")


def failed_payment(page: Page, shop: Api, stripe: Api) -> tuple[Student, str]:
    """A student whose card was just refused, and the PaymentIntent."""
    student = student_with_card(shop, stripe, "pm_card_chargeCustomerFail")
    refused = page.request.post(
        "/schedule-lesson",
        data={"customer_id": student.id, "amount": 6500, "description": "Guitar lesson"},
    )
    assert refused.status == 402
    return student, str(refused.json()["payment_intent_id"])


def letters_of(page: Page) -> Locator:
    """The part of a report just made and opened."""
    accountant = AccountantPage(page)
    accountant.open()
    report = accountant.run("Failed payments")
    expect_ready(report)
    report.get_by_role("button", name="Open").click()
    part = report.get_by_role("region", name="Letters")
    expect(part.locator(".letter").first).to_be_visible()
    return part


def send(page: Page, part: Locator) -> None:
    part.get_by_role("button", name="Send").click()
    page.get_by_role("dialog").get_by_role("button", name="Send them").click()


def texts_about(stack: Stack, payment: str) -> list[str]:
    """The letters about a payment that were really sent."""
    files = (stack.settings.var_dir / "mail").glob(f"*{payment}*.eml")
    messages = [message_from_bytes(file.read_bytes(), policy=SMTP) for file in files]
    return [
        message.get_body(("plain",)).get_content().replace("\r\n", "\n") for message in messages
    ]


def test_letters_are_read_and_then_sent_once(
    page: Page, shop: Api, stripe: Api, stack: Stack
) -> None:
    """What was read is what is sent; who has another card by now gets none; never twice."""
    student, payment = failed_payment(page, shop, stripe)
    recovered, other_payment = failed_payment(page, shop, stripe)
    part = letters_of(page)
    replace_card(shop, stripe, recovered.id)
    line = part.locator(".letter", has_text=student.email)
    expect(line.locator(".letter-state")).to_have_text("Not sent yet")
    line.locator("summary").click()
    expect(line.locator(".letter-subject")).to_have_text(
        "Your lesson payment of $65.00 did not go through"
    )
    shown = line.locator(".letter-text").text_content()

    send(page, part)
    expect(line).to_have_attribute("data-state", "sent")
    expect(line.locator(".letter-state")).to_contain_text("Sent ")
    expect(line.locator("details")).to_have_attribute("open", "")
    assert texts_about(stack, payment) == [shown]
    gone = part.locator(".letter", has_text=recovered.email)
    expect(gone.locator(".letter-state")).to_have_text("No longer needed")
    assert texts_about(stack, other_payment) == []
    expect(part.get_by_role("status")).to_contain_text("1 no longer needed")
    expect(part.get_by_role("button", name="Send")).to_be_hidden()

    page.reload()
    again = letters_of(page)
    line = again.locator(".letter", has_text=student.email)
    expect(line.locator(".letter-state")).to_contain_text("Sent ")


def test_nothing_is_sent_without_a_yes(page: Page, shop: Api, stripe: Api, stack: Stack) -> None:
    """Escape and "Not now" both leave everything as it is, and the focus on the button."""
    _, payment = failed_payment(page, shop, stripe)
    part = letters_of(page)
    button = part.get_by_role("button", name="Send")
    dialog = page.get_by_role("dialog")
    words = button.text_content()
    for leave in ("Escape", "Enter"):  # "Not now" has the focus
        button.focus()
        page.keyboard.press("Enter")
        expect(dialog).to_contain_text(f"{words}?")
        page.keyboard.press(leave)
        expect(dialog).to_be_hidden()
        expect(button).to_be_focused()
    assert texts_about(stack, payment) == []


def test_a_failed_send_is_said_and_can_be_repeated(
    page: Page, shop: Api, stripe: Api, stack: Stack
) -> None:
    """With the same button."""
    _, payment = failed_payment(page, shop, stripe)
    part = letters_of(page)
    answers = iter([True, False])

    def lose_first(route: Route) -> None:
        if route.request.method == "POST" and next(answers):
            route.abort()
        else:
            route.continue_()

    page.route("**/letters", lose_first)
    send(page, part)
    expect(part.get_by_role("alert")).to_contain_text("We could not reach the shop.")
    send(page, part)
    expect(part.get_by_role("button", name="Send")).to_be_hidden()
    expect(part.get_by_role("alert")).to_have_count(0)
    assert len(texts_about(stack, payment)) == 1


def letter(number: int, state: str, problem: str | None = None) -> dict[str, object]:
    return {
        "payment_intent_id": f"pi_{number}",
        "student": {
            "id": f"cus_{number}",
            "name": f"Student {number}",
            "email": f"s{number}@x.org",
        },
        "to": f"s{number}@x.org",
        "subject": "Your lesson payment of $65.00 did not go through",
        "text": "Hello,\n\nYour bank did not accept the payment.\n",
        "state": state,
        "sent_at": "2026-11-02T16:00:00+00:00" if state == "sent" else None,
        "problem": problem,
    }


def progress(number: int, state: str, sent_at: str | None = None) -> dict[str, object]:
    return {"payment_intent_id": f"pi_{number}", "state": state, "sent_at": sent_at}


@pytest.fixture
def every_state(page: Page) -> Locator:
    """A report whose letters came to every end there is."""
    CannedReports(page, [{**ready(), "kind": "failed-payments"}])
    letters = [
        letter(1, "sent"),
        letter(2, "not_needed", "The payment went through."),
        letter(3, "refused", "The mail server refuses the letter to this address for good."),
        letter(4, "failed", "The mail server can't be reached."),
    ]
    nobody = {"id": "cus_5", "name": "Student 5", "email": None}
    answer = {
        "under_way": False,
        "letters": letters,
        "unsendable": [{"payment_intent_id": "pi_5", "student": nobody}],
    }
    page.route("**/reports/r1/letters", lambda route: route.fulfill(json=answer))
    accountant = AccountantPage(page)
    accountant.open()
    item = accountant.report("r1")
    item.get_by_role("button", name="Open").click()
    return item.get_by_role("region", name="Letters")


def test_every_end_of_a_letter_is_said_in_words(every_state: Locator) -> None:
    """Not by colour alone; the sum of it is announced; who has no address is named."""
    expect(every_state.locator(".letter-state")).to_have_text(
        ["Sent Nov 2, 2026, 11:00 AM EST", "No longer needed", "Refused", "Could not be sent"]
    )
    expect(every_state.locator(".letter-problem")).to_have_text(
        [
            "",
            "The payment went through.",
            "The mail server refuses the letter to this address for good.",
            "The mail server can't be reached.",
        ]
    )
    expect(every_state.get_by_role("status")).to_have_text(
        "4 letters: 1 sent, 1 no longer needed, 1 refused, 1 could not be sent."
    )
    expect(every_state.locator(".letters-unsendable li")).to_have_text(["Student 5 (no address)"])
    expect(every_state.get_by_role("button", name="Send 1 letter")).to_be_visible()


def test_letters_are_read_once_while_they_are_sent(page: Page) -> None:
    """At the beginning and at the end; in between only how far they are, which names nobody."""
    CannedReports(page, [{**ready(), "kind": "failed-payments"}])
    asked: list[str] = []
    sent = progress(1, "sent", "2026-11-02T16:00:00+00:00")
    told = {
        "letters": iter(
            [
                {"under_way": True, "letters": [letter(1, "unsent"), letter(2, "unsent")]},
                {"under_way": False, "letters": [letter(1, "sent"), letter(2, "failed", "Why.")]},
            ]
        ),
        "progress": iter(
            [
                {
                    "under_way": True,
                    "letters": [sent, progress(2, "failed")],
                },
                {"under_way": False, "letters": [sent]},
            ]
        ),
    }

    def answer(route: Route) -> None:
        what = route.request.url.rpartition("/")[2]
        asked.append(what)
        route.fulfill(json={"unsendable": [], **next(told[what])})

    page.route("**/reports/r1/letters", answer)
    page.route("**/reports/r1/letters/progress", answer)
    accountant = AccountantPage(page)
    accountant.open()
    item = accountant.report("r1")
    item.get_by_role("button", name="Open").click()
    states = item.locator(".letter-state")
    expect(states).to_have_text(["Sent Nov 2, 2026, 11:00 AM EST", "Will be tried again"])
    expect(states).to_have_text(["Sent Nov 2, 2026, 11:00 AM EST", "Could not be sent"])
    expect(item.locator(".letter-problem").last).to_have_text("Why.")
    assert asked == ["letters", "progress", "progress", "letters"]


@pytest.mark.parametrize("width", [1280, 390])
def test_letters_fit_the_screen(every_state: Locator, width: int) -> None:
    """Nothing scrolls sideways, also with a letter unfolded."""
    page = every_state.page
    page.set_viewport_size({"width": width, "height": 844})
    every_state.locator("summary").first.click()
    expect(every_state.locator(".letter-text").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_letters_that_cannot_be_fetched_can_be_asked_for_again(page: Page) -> None:
    """The rest of the report is there all the same."""
    CannedReports(page, [{**ready(), "kind": "failed-payments"}])
    page.route("**/reports/r1/letters", lambda route: route.abort())
    accountant = AccountantPage(page)
    accountant.open()
    item = accountant.report("r1")
    item.get_by_role("button", name="Open").click()
    part = item.get_by_role("region", name="Letters")
    expect(part.get_by_role("alert")).to_contain_text("We could not reach the shop.")
    expect(item.locator(".figures")).to_be_visible()
    page.unroute("**/reports/r1/letters")
    page.route(
        "**/reports/r1/letters",
        lambda route: route.fulfill(json={"under_way": False, "letters": [], "unsendable": []}),
    )
    part.get_by_role("button", name="Try again").click()
    expect(part).to_contain_text("There is nobody to write to.")
    expect(part.get_by_role("alert")).to_have_count(0)


def test_other_reports_lead_to_no_letters(page: Page) -> None:
    """Only failed payments do."""
    CannedReports(page, [ready()])
    accountant = AccountantPage(page)
    accountant.open()
    item = accountant.report("r1")
    item.get_by_role("button", name="Open").click()
    expect(item.locator(".figures")).to_be_visible()
    expect(item.get_by_role("region", name="Letters")).to_have_count(0)
