"""The instructor's page over the whole shop: what is done there is done at Stripe, once."""

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.api import Api, wait_until
from tests.browser.cards import ALWAYS_ASKS
from tests.browser.confirmations import declined_hold, waiting_payment
from tests.browser.instructor import InstructorPage, note_posts
from tests.browser.students import Student, replace_card, student_with_lesson

DECLINES_LATER = "pm_card_chargeCustomerFail"


@pytest.fixture
def student(shop: Api, stripe: Api) -> Student:
    """A student whose lesson is in two days."""
    return new_student(shop, stripe)


def new_student(shop: Api, stripe: Api, card: str = "pm_card_visa") -> Student:
    """Somebody nobody else is called like, with a lesson in two days."""
    name = f"Jenny {uuid.uuid4().hex[:8].title()}"
    return student_with_lesson(shop, stripe, name, datetime.now(UTC) + timedelta(days=2), card)


def hold(shop: Api, student: Student, amount: int = 6500) -> str:
    """The id of a hold that somebody placed before."""
    fields: dict[str, str | int] = {"customer_id": student.id, "amount": amount}
    return str(
        shop.post("/schedule-lesson", **fields, description="Guitar lesson")["payment"]["id"]
    )


def payments_of(stripe: Api, student: Student) -> list[Any]:
    """All the student's PaymentIntents at Stripe, newest first."""
    listed: list[Any] = stripe.get("/v1/payment_intents", customer=student.id)["data"]
    return listed


def knows_the_fee(request: Request) -> bool:
    """Whether it is for the payment as Stripe has it, which has Stripe's real fee."""
    return "/lesson-book/payments/" in request.url


# ── One lesson from hold to refund ───────────────────────────────────────────────────────────


def test_a_lesson_is_held_captured_in_part_and_refunded_in_part(
    staff: InstructorPage, stripe: Api, student: Student
) -> None:
    """Each dialog says what it comes to, each row changes at once, and Stripe agrees."""
    staff.open("needs-hold")
    row = staff.row(student.name)
    expect(row.locator(".row-state")).to_have_text("Needs a hold")
    staff.begin(row, "Hold")
    expect(staff.amount).to_be_focused()
    expect(staff.amount).to_have_value("")  # there is no price list
    staff.amount.fill("65.00")
    staff.page.get_by_label("What for").fill("Piano lesson")
    staff.page.get_by_label("Instructor").fill("Ruth Bell")
    assert staff.figures() == {
        "Held on the card": "$65.00",
        "The student pays now": "$0.00",
        "Stripe's fee once captured, about": "$2.19",
        "The shop then nets, about": "$62.81",
    }
    staff.send(f"{student.name}: Held $65.00.")
    expect(row).to_have_count(0)

    staff.open("today")
    expect(row.locator(".row-state")).to_have_text("Held")
    staff.begin(row, "Capture")
    expect(staff.amount).to_have_value("65.00")
    staff.amount.fill("40")
    assert staff.figures() == {
        "The student pays": "$40.00",
        "Stripe's fee, about": "$1.46",
        "The shop nets, about": "$38.54",
        "Released on the card": "$25.00",
    }
    with staff.page.expect_request_finished(knows_the_fee):
        staff.send(f"{student.name}: Captured $40.00, released $25.00.")
    expect(row.locator(".row-line")).to_have_text("Captured $40.00")

    staff.begin(row, "Refund")
    staff.amount.fill("10.00")
    assert staff.figures() == {
        "The student gets back": "$10.00",
        "The student has paid in the end": "$30.00",
        "Stripe keeps its fee": "$1.46",
        "The shop nets in the end": "$28.54",
    }
    staff.send(f"{student.name}: Refunded $10.00.")
    expect(row.locator(".row-state")).to_have_text("Refunded in part")
    expect(row.locator(".row-notes")).to_contain_text("$10.00 refunded.")

    (payment,) = payments_of(stripe, student)
    assert (payment["amount"], payment["amount_received"], payment["description"]) == (
        6500,
        4000,
        "Piano lesson",
    )
    assert payment["metadata"]["instructor"] == "Ruth Bell"
    (refund,) = stripe.get("/v1/refunds", payment_intent=payment["id"])["data"]
    assert refund["amount"] == 1000


def test_the_instructor_and_what_for_are_remembered(
    staff: InstructorPage, shop: Api, stripe: Api, student: Student
) -> None:
    """The next hold starts with the last one's, but never with its amount."""
    staff.open("needs-hold")
    staff.begin(staff.row(student.name), "Hold")
    staff.amount.fill("50")
    staff.page.get_by_label("What for").fill("Violin lesson")
    staff.page.get_by_label("Instructor").fill("Ruth Bell")
    staff.send(f"{student.name}: Held $50.00.")
    other = new_student(shop, stripe)
    staff.page.reload()
    staff.begin(staff.row(other.name), "Hold")
    expect(staff.amount).to_have_value("")
    expect(staff.page.get_by_label("What for")).to_have_value("Violin lesson")
    expect(staff.page.get_by_label("Instructor")).to_have_value("Ruth Bell")


def test_a_late_cancellation_takes_half_and_leaves_the_odd_cent(
    staff: InstructorPage, shop: Api, stripe: Api, student: Student
) -> None:
    """Of $65.01 the student pays $32.50; Stripe releases the rest."""
    hold(shop, student, 6501)
    staff.open("holds")
    staff.begin(staff.row(student.name), "Late cancellation")
    assert staff.figures() == {
        "The student pays": "$32.50",
        "Stripe's fee, about": "$1.24",
        "The shop nets, about": "$31.26",
        "Released on the card": "$32.51",
    }
    staff.send(f"{student.name}: Captured $32.50, released $32.51.")
    expect(staff.row(student.name)).to_have_count(0)
    (payment,) = payments_of(stripe, student)
    assert (payment["status"], payment["amount_received"]) == ("succeeded", 3250)


def test_a_hold_is_released(
    staff: InstructorPage, shop: Api, stripe: Api, student: Student
) -> None:
    """Nothing is charged, and the student needs a hold again."""
    payment_id = hold(shop, student)
    staff.open("today")
    row = staff.row(student.name)
    staff.begin(row, "Release")
    assert staff.figures() == {
        "The student pays": "$0.00",
        "Stripe's fee": "$0.00",
        "The shop nets": "$0.00",
        "Released on the card": "$65.00",
    }
    staff.send(f"{student.name}: Released $65.00.")
    expect(row.locator(".row-state")).to_have_text("Released")
    expect(row.locator(".row-notes")).to_have_text("Needs a hold.")
    assert stripe.get(f"/v1/payment_intents/{payment_id}")["status"] == "canceled"


def test_a_hold_is_placed_again(
    staff: InstructorPage, shop: Api, stripe: Api, student: Student
) -> None:
    """A new one of the same amount stands, and the old one is released."""
    old = hold(shop, student)
    staff.open_student(student.id)
    staff.begin(staff.payment(), "Hold again")
    assert staff.figures()["Held anew on the card"] == "$65.00"
    staff.send(f"{student.name}: Held $65.00 anew. The old hold is released.")
    for state in ("Held", "Released"):
        expect(staff.student.locator(".row-state", has_text=state)).to_have_count(1)
    found = {payment["id"]: payment["status"] for payment in payments_of(stripe, student)}
    assert found.pop(old) == "canceled"
    assert list(found.values()) == ["requires_capture"]


# ── What goes wrong ──────────────────────────────────────────────────────────────────────────


def test_a_declined_card_is_said_with_what_helps(
    staff: InstructorPage, shop: Api, stripe: Api
) -> None:
    """In the dialog with a link to the account page, then among the failed payments."""
    student = new_student(shop, stripe, DECLINES_LATER)
    staff.open("needs-hold")
    staff.begin(staff.row(student.name), "Hold")
    staff.amount.fill("65")
    staff.submit.click()
    expect(staff.dialog.locator(".whom-result")).to_have_text("Refused: Your card was declined.")
    account = staff.dialog.get_by_role("link", name="Account page")
    expect(account).to_have_attribute("href", f"/account-update/{student.id}")
    expect(staff.amount).to_be_enabled()  # to try another amount
    staff.page.keyboard.press("Escape")
    staff.open("failed")
    row = staff.row(student.name)
    expect(row.locator(".row-state")).to_have_text("Card declined")
    expect(row.locator(".row-notes")).to_contain_text("“Your card was declined.”")
    expect(row.get_by_role("link", name="Account page")).to_be_visible()


def test_a_student_is_asked_to_confirm(staff: InstructorPage, shop: Api, stripe: Api) -> None:
    """Where the bank wants the student, an e-mail to them names the page for it."""
    waiting = waiting_payment(shop, stripe)
    staff.open("failed")
    row = staff.page.locator(f'.row[data-key="{waiting.id}"]')
    expect(row.locator(".row-state")).to_have_text("Waits for the student")
    ask = row.get_by_role("link", name="Ask to confirm").get_attribute("href")
    assert ask is not None
    assert ask.startswith(f"mailto:{waiting.student.email.replace('@', '%40')}?subject=")
    assert f"%2Fconfirm-payment%2F{waiting.id}" in ask
    row.get_by_role("link", name="Confirmation page").click()
    expect(staff.page).to_have_url(re.compile(f"/confirm-payment/{waiting.id}$"))


def test_in_the_place_of_one_that_waits_stands_one_hold(
    staff: InstructorPage, shop: Api, stripe: Api
) -> None:
    """No plain hold is offered beside it: confirmed by its student later, there would be two."""
    student = new_student(shop, stripe, ALWAYS_ASKS)
    waiting = declined_hold(shop, student.id)
    replace_card(shop, stripe, student.id)
    staff.open("failed")
    row = staff.row(student.name)
    staff.begin(row, "Hold again")
    expect(staff.dialog.locator(".whom-what")).to_contain_text("$65.00 to be confirmed")
    assert staff.figures() == {
        "Held anew on the card": "$65.00",
        "Released of the old hold": "$0.00",
        "Stripe's fee once captured, about": "$2.19",
        "The shop then nets, about": "$62.81",
    }
    staff.send(f"{student.name}: Held $65.00 anew. The old one can no longer be confirmed.")
    expect(row).to_have_count(0)
    found = {payment["id"]: payment["status"] for payment in payments_of(stripe, student)}
    assert found.pop(waiting) == "canceled"
    assert list(found.values()) == ["requires_capture"]


def test_one_that_waits_is_called_off(staff: InstructorPage, shop: Api, stripe: Api) -> None:
    """Nothing was reserved, so the dialog speaks of no amount."""
    student = new_student(shop, stripe, ALWAYS_ASKS)
    waiting = declined_hold(shop, student.id)
    staff.open("failed")
    row = staff.row(student.name)
    staff.begin(row, "Release")
    assert set(staff.figures().values()) == {"$0.00"}
    expect(staff.submit).to_have_text("Release")
    staff.send(f"{student.name}: Called off: it can no longer be confirmed.")
    expect(row).to_have_count(0)
    assert stripe.get(f"/v1/payment_intents/{waiting}")["status"] == "canceled"


def test_an_answer_that_is_lost_is_asked_for_again_under_the_same_key(
    staff: InstructorPage, stripe: Api, student: Student
) -> None:
    """The hold was placed, the page could not know; trying again places no second one."""
    lost: list[bool] = []

    def lose_the_first(route: Route) -> None:
        if lost:
            route.continue_()
        else:
            lost.append(True)
            route.fetch()
            route.abort()

    sent = note_posts(staff.page, "/schedule-lesson", lose_the_first)
    staff.open("needs-hold")
    staff.begin(staff.row(student.name), "Hold")
    staff.amount.fill("65")
    staff.submit.click()
    expect(staff.dialog.locator(".whom-outcome")).to_have_text("Not known")
    expect(staff.submit).to_have_text("Try again")
    expect(staff.submit).to_be_focused()
    staff.send(f"{student.name}: Held $65.00.")
    first, second = sent
    assert first == second
    assert len(payments_of(stripe, student)) == 1


def test_a_double_click_sends_once(staff: InstructorPage, stripe: Api, student: Student) -> None:
    """The button is out of use from the first press on."""
    sent = note_posts(staff.page, "/schedule-lesson", lambda route: route.continue_())
    staff.open("needs-hold")
    staff.begin(staff.row(student.name), "Hold")
    staff.amount.fill("65")
    staff.submit.dblclick()
    expect(staff.news).to_have_text(f"{student.name}: Held $65.00.")
    assert len(sent) == 1
    assert len(payments_of(stripe, student)) == 1


# ── Several at once ──────────────────────────────────────────────────────────────────────────


def test_several_are_held_together_with_a_result_each(
    staff: InstructorPage, shop: Api, stripe: Api
) -> None:
    """One refusal stops nobody else; the sums are those of all."""
    good, other = new_student(shop, stripe), new_student(shop, stripe)
    bad = new_student(shop, stripe, DECLINES_LATER)
    staff.open("needs-hold")
    for student in (good, bad, other):
        staff.row(student.name).get_by_role("checkbox").check()
    staff.together.get_by_role("button", name="Hold selected (3)").click()
    staff.amount.fill("65")
    assert staff.figures() == {
        "Held on the card": "$195.00",
        "The student pays now": "$0.00",
        "Stripe's fee once captured, about": "$6.57",
        "The shop then nets, about": "$188.43",
    }
    staff.submit.click()
    expect(staff.dialog.locator(".dialog-spoken")).to_have_text("2 done, 1 refused.")
    assert staff.outcomes() == {
        good.name: "Done: Held $65.00.",
        bad.name: "Refused: Your card was declined.",
        other.name: "Done: Held $65.00.",
    }
    staff.dialog.get_by_role("button", name="Close").click()
    expect(staff.together).to_be_hidden()
    for student in (good, other):
        (payment,) = payments_of(stripe, student)
        assert payment["status"] == "requires_capture"
        expect(staff.row(student.name)).to_have_count(0)
    expect(staff.row(bad.name)).to_have_count(1)


def test_several_are_captured_together(staff: InstructorPage, shop: Api, stripe: Api) -> None:
    """Each its whole hold, whatever that is."""
    students = {new_student(shop, stripe): amount for amount in (6500, 4001)}
    for student, amount in students.items():
        hold(shop, student, amount)
    staff.open("holds")
    for student in students:
        staff.row(student.name).get_by_role("checkbox").check()
    staff.together.get_by_role("button", name="Capture selected (2)").click()
    assert staff.figures()["The student pays"] == "$105.01"
    staff.submit.click()
    expect(staff.dialog.locator(".dialog-spoken")).to_have_text("2 done.")
    charged = [payments_of(stripe, student)[0]["amount_received"] for student in students]
    assert charged == [6500, 4001]


# ── One student ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("by", ["name", "email", "id"])
def test_a_student_is_found(staff: InstructorPage, student: Student, by: str) -> None:
    """By name, e-mail or id; the panel says who they are and what is on file."""
    staff.open()
    staff.page.keyboard.press("/")
    expect(staff.search).to_be_focused()
    # at once: a pause while typing would have the page look for the first half of it too
    staff.page.keyboard.insert_text(str(getattr(student, by)))
    expect(staff.page.locator("#found-news")).to_have_text("1 student found.")
    staff.page.keyboard.press("ArrowDown")
    expect(staff.found).to_be_focused()
    staff.page.keyboard.press("Enter")
    panel = staff.student
    expect(panel.locator(".student-name")).to_have_text(student.name)
    expect(panel.locator(".student-email")).to_have_text(student.email)
    expect(panel.locator(".student-card")).to_contain_text("Visa ending in 4242, expires")
    expect(panel.get_by_role("link", name="Account page")).to_have_attribute(
        "href", f"/account-update/{student.id}"
    )


def test_a_timeline_tells_all_that_happened(
    staff: InstructorPage, shop: Api, student: Student
) -> None:
    """From the saved card on, newest first; what is done here is added to it."""
    payment_id = hold(shop, student)
    shop.post("/complete-lesson-payment", payment_intent_id=payment_id, amount=4000)
    staff.open_student(student.id)
    kinds = staff.student.locator(".event-line")
    expect(kinds).to_have_text(
        [
            re.compile(line)
            for line in ("(Captured|Released) ", "(Captured|Released) ", "^Held ", "^Card saved")
        ]
    )
    staff.begin(staff.payment(), "Refund")
    staff.send(f"{student.name}: Refunded $40.00.")
    expect(kinds.first).to_have_text("Refunded $40.00")
    expect(staff.student.locator(".totals dd")).to_have_text(["$0.00", "$40.00", "$40.00"])
    staff.student.get_by_role("button", name="Place a hold").click()
    staff.amount.fill("20")
    staff.send(f"{student.name}: Held $20.00.")
    expect(kinds.first).to_have_text("Held $20.00")
    expect(staff.student.locator(".totals dd").first).to_have_text("$20.00")


def test_a_student_nobody_knows_is_said(staff: InstructorPage) -> None:
    """A stale link leads to a sentence, not to an empty panel."""
    staff.page.goto("/instructor#student/cus_none")
    expect(staff.student.locator(".student-problem p")).to_have_text(
        "There is no student cus_none."
    )


def test_the_book_hears_of_what_others_do(
    staff: InstructorPage, shop: Api, student: Student
) -> None:
    """A capture made elsewhere shows after the next look."""
    payment_id = hold(shop, student)
    staff.open("today")
    row = staff.row(student.name)
    expect(row.locator(".row-state")).to_have_text("Held")
    shop.post("/complete-lesson-payment", payment_intent_id=payment_id)
    wait_until(lambda: None if payment_id in str(shop.get("/lesson-book")["holds"]) else True)
    staff.page.get_by_role("button", name="Refresh").click()
    expect(row.locator(".row-state")).to_have_text("Captured")
