"""Hold, capture, refund: what staff do by hand, through the contract's routes."""

import asyncio
import time

import pytest

from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import PaymentEntry, PaymentState
from shop.storage import open_storage
from tests.integration.conftest import Caller
from tests.integration.students import change_card, hold, new_email, sign_up, start_signup
from tests.stack import Stack


@pytest.fixture
async def student(shop: Caller, stripe: Caller) -> dict:
    return await sign_up(shop, stripe)


async def test_a_hold_on_the_saved_card(shop: Caller, stripe: Caller, student: dict):
    """Manual capture, off session, marked as lesson money."""
    status, answer = await shop.form(
        "/schedule-lesson", customer_id=student["id"], amount="123", description="Guitar lesson"
    )
    assert status == 200
    payment = answer["payment"]
    assert payment["object"] == "payment_intent"
    assert payment["status"] == "requires_capture"
    assert (payment["amount"], payment["amount_capturable"]) == (123, 123)
    assert (payment["currency"], payment["capture_method"]) == ("usd", "manual")
    assert payment["metadata"] == {"type": "lessons-payment"}
    assert payment["description"] == "Guitar lesson"
    assert payment == (await stripe.get(f"/v1/payment_intents/{payment['id']}"))[1]


async def test_every_answer_is_what_stripe_sends(shop: Caller, stripe: Caller, student: dict):
    """Whatever the shop has expanded for itself, the charge is an id again."""
    held = await hold(shop, student["id"], 6500)
    assert held["latest_charge"].startswith("ch_")
    payment = {"payment_intent_id": held["id"]}
    for route in ("/hold-lesson-again", "/release-lesson"):
        _, answer = await shop.post(route, payment)
        _, now = await stripe.get(f"/v1/payment_intents/{answer['payment']['id']}")
        assert answer["payment"] == now
        payment = {"payment_intent_id": now["id"]}
    payment = {"payment_intent_id": (await hold(shop, student["id"], 6500))["id"]}
    _, answer = await shop.post("/complete-lesson-payment", payment)
    _, now = await stripe.get(f"/v1/payment_intents/{payment['payment_intent_id']}")
    assert answer["payment"] == now


async def test_a_hold_can_name_its_instructor(shop: Caller, student: dict):
    """In the payment's metadata, where a hold in its place has it too."""
    status, answer = await shop.post(
        "/schedule-lesson",
        {"customer_id": student["id"], "amount": 500, "description": "x", "instructor": " Joan "},
    )
    metadata = {"type": "lessons-payment", "instructor": "Joan"}
    assert (status, answer["payment"]["metadata"]) == (200, metadata)
    old = answer["payment"]["id"]
    _, answer = await shop.post("/hold-lesson-again", {"payment_intent_id": old})
    kept = answer["payment"]["metadata"]
    made_by = kept.pop("attempt")
    assert kept == metadata | {"hold_again_of": old}
    assert len(made_by) == 32


async def test_capture_everything_then_once_more(shop: Caller, student: dict):
    """A second capture is Stripe's own error."""
    held = await hold(shop, student["id"], 6500)
    status, answer = await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    assert (status, answer["payment"]["status"]) == (200, "succeeded")
    assert answer["payment"]["amount_received"] == 6500
    status, answer = await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    assert (status, answer["error"]["code"]) == (400, "payment_intent_unexpected_state")
    assert (
        "could not be captured because it has a status of succeeded" in answer["error"]["message"]
    )


async def test_a_repeat_with_the_same_key_is_the_first_answer_again(shop: Caller, student: dict):
    """However often it is sent, it is captured once."""
    held = await hold(shop, student["id"], 6500)
    key = {"Idempotency-Key": f"capture-{held['id']}"}
    body = {"payment_intent_id": held["id"]}
    first = await shop.post("/complete-lesson-payment", body, headers=key)
    assert first[0] == 200
    assert await shop.post("/complete-lesson-payment", body, headers=key) == first


async def test_capture_a_part(shop: Caller, student: dict):
    """Stripe releases the rest."""
    held = await hold(shop, student["id"], 6500)
    status, answer = await shop.post(
        "/complete-lesson-payment", {"payment_intent_id": held["id"], "amount": 5000}
    )
    assert status == 200
    assert (answer["payment"]["amount_received"], answer["payment"]["amount_capturable"]) == (
        5000,
        0,
    )


async def test_capturing_more_than_is_held_changes_nothing(shop: Caller, stripe, student: dict):
    """Stripe's own words, and the hold still stands."""
    held = await hold(shop, student["id"], 6500)
    status, answer = await shop.post(
        "/complete-lesson-payment", {"payment_intent_id": held["id"], "amount": 6501}
    )
    assert (status, answer["error"]["code"]) == (400, "amount_too_large")
    assert await stripe.get(f"/v1/payment_intents/{held['id']}") == (200, held)


async def test_refunds_in_parts_up_to_what_was_captured(shop: Caller, stripe, student: dict):
    """The reason is always that the customer asked."""
    held = await hold(shop, student["id"], 6500)
    await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    status, part = await shop.post(
        "/refund-lesson", {"payment_intent_id": held["id"], "amount": 1500}
    )
    assert (status, part.keys()) == (200, {"refund", "status"})
    _, refund = await stripe.get(f"/v1/refunds/{part['refund']}")
    assert (refund["amount"], refund["reason"]) == (1500, "requested_by_customer")
    assert refund["status"] == part["status"] == "succeeded"

    status, answer = await shop.post(
        "/refund-lesson", {"payment_intent_id": held["id"], "amount": 5001}
    )
    assert status == 400
    assert answer["error"] == {
        "code": None,
        "message": "Refund amount ($50.01) is greater than unrefunded amount on charge ($50.00)",
    }
    status, rest = await shop.post("/refund-lesson", {"payment_intent_id": held["id"]})
    assert status == 200
    _, refund = await stripe.get(f"/v1/refunds/{rest['refund']}")
    assert refund["amount"] == 5000
    status, answer = await shop.post("/refund-lesson", {"payment_intent_id": held["id"]})
    assert (status, answer["error"]["code"]) == (400, "charge_already_refunded")


async def test_refunding_a_hold_lets_it_go(shop: Caller, student: dict):
    """Nothing was charged, so there is no refund."""
    held = await hold(shop, student["id"], 6500)
    status, answer = await shop.post("/refund-lesson", {"payment_intent_id": held["id"]})
    assert (status, answer["refund"]) == (200, None)
    assert (answer["payment"]["status"], answer["payment"]["id"]) == ("canceled", held["id"])


async def test_a_hold_is_let_go_as_a_whole_or_not_at_all(shop: Caller, stripe, student: dict):
    """An amount other than the whole hold is an error; the whole amount is not."""
    held = await hold(shop, student["id"], 6500)
    status, answer = await shop.post(
        "/refund-lesson", {"payment_intent_id": held["id"], "amount": 100}
    )
    assert (status, answer["error"]["code"]) == (400, None)
    assert await stripe.get(f"/v1/payment_intents/{held['id']}") == (200, held)
    status, answer = await shop.post(
        "/refund-lesson", {"payment_intent_id": held["id"], "amount": "6500"}
    )
    assert (status, answer["payment"]["status"]) == (200, "canceled")


async def test_a_card_that_is_declined_names_the_payment(shop: Caller, stripe: Caller):
    """So that staff find the attempt again."""
    student = await sign_up(shop, stripe, card="pm_card_chargeCustomerFail")
    status, answer = await shop.post(
        "/schedule-lesson", {"customer_id": student["id"], "amount": 500, "description": "x"}
    )
    assert status == 402
    assert answer["error"] == {"code": "card_declined", "message": "Your card was declined."}
    _, payment = await stripe.get(f"/v1/payment_intents/{answer['payment_intent_id']}")
    assert payment["status"] == "requires_payment_method"


async def test_a_student_without_a_card(shop: Caller):
    """The client's exact words, and no PaymentIntent."""
    started = await start_signup(shop, new_email())
    customer_id = started["customer_id"]
    status, answer = await shop.post(
        "/schedule-lesson", {"customer_id": customer_id, "amount": 500, "description": "x"}
    )
    assert (status, answer) == (
        400,
        {"error": {"code": None, "message": f"no payment methods found for {customer_id}"}},
    )


@pytest.mark.parametrize(
    "route",
    ["/complete-lesson-payment", "/refund-lesson", "/release-lesson", "/hold-lesson-again"],
)
async def test_an_unknown_payment(shop: Caller, route: str):
    """Stripe's code and message, whatever the id looks like."""
    for unknown in ("pi_invalid", "nonsense", "pi/../x", "Ünïcode", ".", ".."):
        status, answer = await shop.post(route, {"payment_intent_id": unknown, "amount": 5})
        assert (status, answer) == (
            404,
            {
                "error": {
                    "code": "resource_missing",
                    "message": f"No such payment_intent: '{unknown}'",
                }
            },
        )


async def test_an_unknown_student(shop: Caller):
    """No prefix check in front of Stripe's answer."""
    status, answer = await shop.post(
        "/schedule-lesson", {"customer_id": "ci_invalid", "amount": 5, "description": "x"}
    )
    assert (status, answer) == (
        404,
        {"error": {"code": "resource_missing", "message": "No such customer: 'ci_invalid'"}},
    )


async def test_letting_go_twice_under_one_key_is_one_answer(shop: Caller, student: dict):
    """A lost answer is not a failure; a new request is Stripe's own error."""
    held = await hold(shop, student["id"], 6500)
    body, key = {"payment_intent_id": held["id"]}, {"Idempotency-Key": f"release-{held['id']}"}
    first = await shop.post("/refund-lesson", body, headers=key)
    assert (first[0], first[1]["payment"]["status"]) == (200, "canceled")
    assert await shop.post("/refund-lesson", body, headers=key) == first
    status, answer = await shop.post("/refund-lesson", body)
    assert (status, answer["error"]["code"]) == (400, "payment_intent_unexpected_state")


async def test_releasing_is_an_action_of_its_own(shop: Caller, student: dict):
    """Releasing again is Stripe's own error, and so is releasing what was captured."""
    body = {"payment_intent_id": (await hold(shop, student["id"], 6500))["id"]}
    status, answer = await shop.post("/release-lesson", body)
    assert (status, answer["payment"]["status"]) == (200, "canceled")
    status, answer = await shop.post("/release-lesson", body)
    assert (status, answer["error"]["code"]) == (400, "payment_intent_unexpected_state")
    body = {"payment_intent_id": (await hold(shop, student["id"], 6500))["id"]}
    await shop.post("/complete-lesson-payment", body)
    status, answer = await shop.post("/release-lesson", body)
    assert (status, answer["error"]["code"]) == (400, "payment_intent_unexpected_state")


async def test_a_refund_says_how_far_it_is(shop: Caller, stripe: Caller):
    """Pending for as long as Stripe says so."""
    student = await sign_up(shop, stripe, card="pm_card_pendingRefund")
    body = {"payment_intent_id": (await hold(shop, student["id"], 6500))["id"]}
    await shop.post("/complete-lesson-payment", body)
    status, answer = await shop.post("/refund-lesson", body)
    assert (status, answer["status"]) == (200, "pending")


async def test_a_hold_in_an_old_ones_place(shop: Caller, student: dict):
    """Same amount and description; then the old one is let go."""
    old = await hold(shop, student["id"], 6500)
    status, answer = await shop.post("/hold-lesson-again", {"payment_intent_id": old["id"]})
    new, released = answer["payment"], answer["released"]
    assert (status, new["status"], new["amount"]) == (200, "requires_capture", 6500)
    assert (new["description"], new["customer"]) == (old["description"], student["id"])
    assert (released["id"], released["status"]) == (old["id"], "canceled")
    status, answer = await shop.post("/hold-lesson-again", {"payment_intent_id": old["id"]})
    assert (status, answer["error"]["code"]) == (409, "already_held_again")
    assert new["id"] in answer["error"]["message"]


async def test_a_hold_in_place_of_one_that_is_gone(shop: Caller, student: dict):
    """There is nothing to let go."""
    old = {"payment_intent_id": (await hold(shop, student["id"], 6500))["id"]}
    await shop.post("/release-lesson", old)
    status, answer = await shop.post("/hold-lesson-again", old)
    assert (status, answer["payment"]["status"], answer["released"]) == (
        200,
        "requires_capture",
        None,
    )


async def test_a_hold_in_place_of_one_that_waits_for_its_student(shop: Caller, stripe: Caller):
    """The old one is called off: confirmed later, it would be a second hold."""
    student = await sign_up(shop, stripe, card="pm_card_authenticationRequired")
    body = {"customer_id": student["id"], "amount": 6500, "description": "Guitar lesson"}
    _, declined = await shop.post("/schedule-lesson", body)
    await change_card(shop, stripe, student, "pm_card_visa")
    old = {"payment_intent_id": declined["payment_intent_id"]}
    status, answer = await shop.post("/hold-lesson-again", old)
    assert (status, answer["payment"]["status"]) == (200, "requires_capture")
    assert (answer["released"]["id"], answer["released"]["status"]) == (
        declined["payment_intent_id"],
        "canceled",
    )


async def test_a_declined_card_leaves_the_old_hold(shop: Caller, stripe: Caller, student: dict):
    """The new one comes first, and is named in the error."""
    old = await hold(shop, student["id"], 6500)
    await change_card(shop, stripe, student, "pm_card_chargeCustomerFail")
    status, answer = await shop.post("/hold-lesson-again", {"payment_intent_id": old["id"]})
    assert (status, answer["error"]["code"]) == (402, "card_declined")
    assert answer["payment_intent_id"].startswith("pi_")
    assert await stripe.get(f"/v1/payment_intents/{old['id']}") == (200, old)
    await change_card(shop, stripe, student, "pm_card_visa")
    assert (await shop.post("/hold-lesson-again", {"payment_intent_id": old["id"]}))[0] == 200


async def test_what_cannot_be_held_again(shop: Caller, stripe: Caller, student: dict):
    """Captured money, and what was never a lesson's."""
    captured = {"payment_intent_id": (await hold(shop, student["id"], 6500))["id"]}
    await shop.post("/complete-lesson-payment", captured)
    status, answer = await shop.post("/hold-lesson-again", captured)
    assert (status, answer["error"]["code"]) == (400, "payment_intent_unexpected_state")
    _, ticket = await stripe.form(
        "/v1/payment_intents", amount=500, currency="usd", customer=student["id"]
    )
    status, answer = await shop.post("/hold-lesson-again", {"payment_intent_id": ticket["id"]})
    assert (status, answer["error"]["message"]) == (400, "This is not the payment of a lesson.")


async def test_a_bank_that_wants_the_student(shop: Caller, stripe: Caller, stack: Stack):
    """The answer keeps the payment and says where the student can confirm it."""
    student = await sign_up(shop, stripe, card="pm_card_authenticationRequired")
    status, answer = await shop.post(
        "/schedule-lesson", {"customer_id": student["id"], "amount": 500, "description": "x"}
    )
    assert (status, answer["error"]["code"]) == (402, "authentication_required")
    intent = answer["payment_intent_id"]
    assert answer["confirmation_url"] == f"{stack.url}/confirm-payment/{intent}"


async def written(book: LessonBook, payment_intent_id: str, **wanted: object) -> PaymentEntry:
    """The entry once it says this; it is written while the answer is on its way."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        entry = await book.payment(payment_intent_id)
        if entry and all(getattr(entry, name) == value for name, value in wanted.items()):
            return entry
        await asyncio.sleep(0.01)
    raise AssertionError(f"{entry}, not {wanted}")


@pytest.mark.usefixtures("no_events")
async def test_the_lesson_book_follows_at_once(
    shop: Caller, stripe: Caller, stack: Stack, student: dict
):
    """Each action writes what Stripe has just answered."""
    held = await hold(shop, student["id"], 6500)
    body = {"payment_intent_id": held["id"]}
    async with open_storage(stack.settings) as storage:
        book = LessonBook(storage)
        await written(book, held["id"], state=PaymentState.HELD)
        await shop.post("/complete-lesson-payment", {**body, "amount": 5000})
        await written(book, held["id"], state=PaymentState.CAPTURED, captured=5000, fee=175)
        await shop.post("/refund-lesson", {**body, "amount": 1000})
        await written(book, held["id"], refunded=1000)
        released = await hold(shop, student["id"], 100)
        await shop.post("/release-lesson", {"payment_intent_id": released["id"]})
        await written(book, released["id"], state=PaymentState.RELEASED)
        await change_card(shop, stripe, student, "pm_card_chargeCustomerFail")
        _, declined = await shop.post(
            "/schedule-lesson", {"customer_id": student["id"], "amount": 500, "description": "x"}
        )
        failed = await written(book, declined["payment_intent_id"], state=PaymentState.FAILED)
        assert failed.problem
        assert failed.problem.code == "card_declined"
