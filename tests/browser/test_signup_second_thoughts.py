"""Signing up, thinking again: another lesson, another name, another visit."""

from playwright.sync_api import expect

from tests.browser.api import Api
from tests.browser.cards import DECLINED, DECLINED_TEXT, VISA
from tests.browser.pages import LessonsPage
from tests.browser.signup import summary_of
from tests.browser.students import default_card, new_email


def test_the_last_choice_of_a_lesson_is_what_is_saved(lessons: LessonsPage, stripe: Api) -> None:
    """The summary follows the choice at every step, and Stripe's customer has the last one."""
    lessons.page.clock.set_fixed_time("2026-10-20T16:00:00Z")
    lessons.open()
    lessons.book("first")
    expect(lessons.summary).to_have_text(summary_of("29 Oct 3:00 p.m."))
    lessons.book("second")
    expect(lessons.summary).to_have_text(summary_of("03 Nov 4:00 p.m."))
    lessons.give("Jenny Rosen", email := new_email())
    lessons.card.fill(VISA)
    [started] = stripe.get("/v1/customers", email=email)["data"]
    assert started["metadata"] == {
        "first_lesson": "03 Nov 4:00 p.m.",
        "first_lesson_at": "2026-11-03T16:00:00-05:00",
    }
    lessons.book("third")
    expect(lessons.summary).to_have_text(summary_of("10 Nov 5:00 p.m."))
    expect(lessons.card.frame.get_by_label("CVC")).to_have_value("123")
    lessons.card.submit.click()
    customer = stripe.get(f"/v1/customers/{lessons.expect_done()}")
    assert customer["metadata"] == {
        "first_lesson": "10 Nov 5:00 p.m.",
        "first_lesson_at": "2026-11-10T17:00:00-05:00",
    }


def test_typed_text_stays_when_the_lesson_changes(lessons: LessonsPage) -> None:
    """Another lesson changes the summary and nothing else."""
    lessons.open()
    lessons.book("first")
    lessons.name.fill("Jenny Rosen")
    lessons.email.fill("jenny@example.com")
    lessons.book("second")
    expect(lessons.summary).to_have_text(summary_of(lessons.lesson_text("second")))
    expect(lessons.name).to_have_value("Jenny Rosen")
    expect(lessons.email).to_have_value("jenny@example.com")
    expect(lessons.checkout).to_be_enabled()


def test_an_abandoned_signup_is_taken_up_on_the_next_visit(
    lessons: LessonsPage, stripe: Api
) -> None:
    """Without a card nobody is a customer yet: same account, no "already exists"."""
    email = new_email()
    lessons.reach_card(email)
    lessons.card.send(DECLINED)
    expect(lessons.card.error).to_have_text(DECLINED_TEXT)
    [left] = stripe.get("/v1/customers", email=email)["data"]
    assert lessons.sign_up(email) == left["id"]


def test_name_and_email_can_still_be_changed_in_the_card_step(
    lessons: LessonsPage, stripe: Api
) -> None:
    """What was typed comes back into the inputs; what stands there in the end is on the card."""
    email = new_email()
    lessons.reach_card(email, name="Jeny Rosn")
    lessons.page.get_by_role("button", name="Change name or e-mail").click()
    expect(lessons.name).to_have_value("Jeny Rosn")
    expect(lessons.email).to_have_value(email)
    lessons.give("Jenny Rosen", email)
    lessons.card.send(VISA)
    card = default_card(stripe, lessons.expect_done())
    assert card is not None
    assert card["billing_details"]["name"] == "Jenny Rosen"
    assert len(stripe.get("/v1/customers", email=email)["data"]) == 1
