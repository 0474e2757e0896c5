"""Signing up while something breaks: no half sign-up, and nothing twice."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.api import Api, wait_until
from tests.browser.cards import DECLINED, DECLINED_TEXT, VISA
from tests.browser.pages import LessonsPage
from tests.browser.signup import CONFIRM, FINISH, failing_once, idempotency_keys
from tests.browser.students import cards_of, default_card, new_email, replace_card


def test_a_tab_closed_right_after_the_card_was_confirmed(lessons: LessonsPage, stripe: Api) -> None:
    """The page never says so, but the shop completes the sign-up by itself."""
    page, email = lessons.page, new_email()
    lessons.reach_card(email)
    page.route(FINISH, lambda route: route.abort())
    with page.expect_request(FINISH) as finishing:
        lessons.card.send(VISA)
    customer_id = finishing.value.url.rsplit("/", 1)[1]
    page.close()

    def complete_card() -> dict[str, Any] | None:
        card = default_card(stripe, customer_id)
        return card if card and card["billing_details"]["email"] == email else None

    card = wait_until(complete_card)
    assert card["billing_details"]["name"] == "Jenny Rosen"
    assert card["card"]["last4"] == "4242"
    assert cards_of(stripe, customer_id) == [card["id"]]


def test_a_lesson_changed_before_the_tab_was_closed(lessons: LessonsPage, stripe: Api) -> None:
    """The last choice is told before the card is confirmed, so it is not lost with the tab."""
    page = lessons.page
    lessons.reach_card(new_email(), lesson="first")
    lessons.book("third")
    page.route(FINISH, lambda route: route.abort())
    with page.expect_request(FINISH) as finishing:
        lessons.card.send(VISA)
    customer = stripe.get(f"/v1/customers/{finishing.value.url.rsplit('/', 1)[1]}")
    assert customer["metadata"]["first_lesson"] == lessons.lesson_text("third")


def test_a_lesson_changed_back_before_the_tab_was_closed(lessons: LessonsPage, stripe: Api) -> None:
    """A refused card has reserved the second choice; going back to the first is told as well."""
    page = lessons.page
    lessons.reach_card(new_email(), lesson="first")
    lessons.book("third")
    lessons.card.send(DECLINED)
    expect(lessons.card.error).to_have_text(DECLINED_TEXT)
    lessons.book("first")
    page.route(FINISH, lambda route: route.abort())
    with page.expect_request(FINISH) as finishing:
        lessons.card.send(VISA)
    customer = stripe.get(f"/v1/customers/{finishing.value.url.rsplit('/', 1)[1]}")
    assert customer["metadata"]["first_lesson"] == lessons.lesson_text("first")


def test_a_card_replaced_from_elsewhere_starts_the_signup_over(
    lessons: LessonsPage, shop: Api, stripe: Api
) -> None:
    """The refusal is shown over the first step; Checkout then leads to the account there is."""
    email = new_email()
    lessons.reach_card(email)

    def finish_elsewhere_first(route: Route) -> None:
        replace_card(shop, stripe, route.request.url.rsplit("/", 1)[1])
        route.continue_()

    lessons.page.route(FINISH, finish_elsewhere_first, times=1)
    lessons.card.send(VISA)
    expect(lessons.card.error).to_have_text("This card was replaced by another one meanwhile.")
    expect(lessons.card.element).to_have_count(0)
    expect(lessons.name).to_have_value("Jenny Rosen")
    expect(lessons.email).to_have_value(email)
    lessons.checkout.click()
    expect(lessons.taken).to_be_visible()
    expect(lessons.card.error).to_have_count(0)


def test_a_student_who_is_busy_elsewhere_keeps_the_card_form(lessons: LessonsPage) -> None:
    """Nothing was decided about the confirmed card, so the same one is saved by the next press."""
    lessons.reach_card(new_email())
    failing_once(lessons.page, FINISH, 409, "busy")
    lessons.card.send(VISA)
    expect(lessons.card.error).to_have_text(
        "Your card was accepted, but not all is saved yet. Told by a test."
    )
    lessons.card.submit.click()
    lessons.expect_done()


@pytest.mark.parametrize(
    ("status", "code", "keys"), [(502, "stripe_failed", 2), (503, "unavailable", 1)]
)
def test_a_failure_for_certain_is_followed_by_a_new_key(
    lessons: LessonsPage, status: int, code: str, keys: int
) -> None:
    """Stripe repeats a failure of its own to the same key; any other may hide work done."""
    lessons.reach_card(new_email())
    sent: list[str] = []
    lessons.page.on("request", lambda request: sent.extend(idempotency_keys(request)))
    failing_once(lessons.page, FINISH, status, code)
    lessons.card.send(VISA)
    expect(lessons.card.error).to_have_text(
        "Your card was accepted, but not all is saved yet. Told by a test."
    )
    lessons.card.submit.click()
    lessons.expect_done()
    assert (len(sent), len(set(sent))) == (2, keys)


def test_a_network_failure_after_the_card_was_confirmed_can_be_retried(
    lessons: LessonsPage, stripe: Api
) -> None:
    """The page says that the card was accepted; pressing the button again finishes."""
    page = lessons.page
    lessons.reach_card(new_email())
    page.route(FINISH, lambda route: route.abort("connectionfailed"), times=1)
    lessons.card.send(VISA)
    expect(lessons.card.error).to_have_text(
        "Your card was accepted, but not all is saved yet. "
        "We could not reach the shop. Please check your connection and try again."
    )
    expect(lessons.card.spinner).to_have_count(0)
    expect(lessons.card.submit).to_be_enabled()
    lessons.card.submit.click()
    customer_id = lessons.expect_done()
    assert len(cards_of(stripe, customer_id)) == 1


def test_a_lost_answer_is_asked_for_again_under_the_same_key(lessons: LessonsPage) -> None:
    """The shop did the work, the answer got lost: the retry cannot do it twice."""
    page = lessons.page
    lessons.reach_card(new_email())
    keys: list[str] = []
    page.on("request", lambda request: keys.extend(idempotency_keys(request)))

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(FINISH, lose_the_answer, times=1)
    lessons.card.send(VISA)
    expect(lessons.card.error).to_contain_text("Your card was accepted")
    lessons.card.submit.click()
    lessons.expect_done()
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_a_request_still_at_work_is_asked_for_again(lessons: LessonsPage) -> None:
    """By itself, after a moment and under the same key, so the work is done once."""
    page = lessons.page
    lessons.reach_card(new_email())
    keys: list[str] = []
    page.on("request", lambda request: keys.extend(idempotency_keys(request)))
    failing_once(page, FINISH, 409, "idempotency_key_in_use")
    lessons.card.send(VISA)
    lessons.expect_done()
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_a_busy_answer_keeps_the_key(lessons: LessonsPage) -> None:
    """It says nothing of an earlier try with the same key, whose answer may have been lost."""
    page = lessons.page
    lessons.reach_card(new_email())
    keys: list[str] = []
    page.on("request", lambda request: keys.extend(idempotency_keys(request)))
    failing_once(page, FINISH, 409, "busy")
    lessons.card.send(VISA)
    expect(lessons.card.error).to_contain_text("Your card was accepted")
    lessons.card.submit.click()
    lessons.expect_done()
    assert len(keys) == 2
    assert keys[0] == keys[1]


def test_a_confirmation_that_never_reached_stripe_can_be_retried(lessons: LessonsPage) -> None:
    """The student reads that the connection failed and tries the same card again."""
    page = lessons.page
    lessons.reach_card(new_email())
    page.route(CONFIRM, lambda route: route.abort("connectionfailed"), times=1)
    lessons.card.send(VISA)
    expect(lessons.card.error).to_contain_text("Check your connection and try again.")
    expect(lessons.card.submit).to_be_enabled()
    lessons.card.submit.click()
    lessons.expect_done()


def test_a_lost_confirmation_is_not_taken_for_a_refusal(lessons: LessonsPage, stripe: Api) -> None:
    """Stripe confirmed the card but its answer got lost: the next try ends in success."""
    page = lessons.page
    lessons.reach_card(new_email())

    def lose_the_answer(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    page.route(CONFIRM, lose_the_answer, times=1)
    lessons.card.send(VISA)
    expect(lessons.card.error.or_(lessons.complete)).to_be_visible()
    if lessons.card.submit.is_visible():
        lessons.card.submit.click()
    assert len(cards_of(stripe, lessons.expect_done())) == 1


def test_an_unreachable_shop_is_said_at_checkout(lessons: LessonsPage) -> None:
    """What was typed stays, and Checkout works once the connection is back."""
    page = lessons.page
    lessons.open()
    lessons.book("first")
    page.route("**/lessons", lambda route: route.abort("connectionfailed"), times=1)
    lessons.give("Jenny Rosen", new_email())
    expect(lessons.card.error).to_have_text(
        "We could not reach the shop. Please check your connection and try again."
    )
    expect(lessons.name).to_have_value("Jenny Rosen")
    lessons.checkout.click()
    expect(lessons.card.frame.get_by_label("Card number")).to_be_visible()
