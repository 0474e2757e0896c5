"""Holds, captures, releases and failures: what the book says afterwards, and who is told."""

import random

import pytest

from shop.errors import MailUnavailable, StripeRefused
from shop.lesson_book.entries import PaymentState
from shop.rules.decline_reasons import Remedy
from tests.integration.events.conftest import Studio
from tests.integration.students import answer_challenge, change_card

DAY = 24 * 3600


async def capture(studio: Studio, payment: str, amount: int) -> None:
    body = {"payment_intent_id": payment, "amount": amount}
    status, answer = await studio.shop.post("/complete-lesson-payment", body)
    assert status == 200, answer


async def refused(studio: Studio, customer_id: str, amount: int = 6500) -> str:
    """A hold that the card's bank refuses; answers with the PaymentIntent's id."""
    status, answer = await studio.shop.post(
        "/schedule-lesson",
        {"customer_id": customer_id, "amount": amount, "description": "Guitar lesson"},
    )
    assert status >= 400
    return answer["payment_intent_id"]


async def ticket(studio: Studio, **more: str) -> str:
    """A payment on the same account that is no lesson's."""
    _, customer = await studio.stripe.form("/v1/customers", email="buyer@example.com")
    status, payment = await studio.stripe.form(
        "/v1/payment_intents",
        amount="2000",
        currency="usd",
        customer=customer["id"],
        confirm="true",
        **{
            "payment_method": "pm_card_visa",
            "allowed_payment_method_types[]": "card",
            "metadata[type]": "ticket",
            **more,
        },
    )
    assert status == 200, payment
    return payment["id"]


async def handle_all(studio: Studio) -> None:
    for event_type, object_id in await studio.happened():
        await studio.handle(event_type, object_id)


def plain(studio: Studio, name: str) -> str:
    return studio.letters()[name].get_body(("plain",)).get_content()


async def test_a_hold_is_written_down_and_told(studio: Studio):
    """With the amount that Stripe holds."""
    student = await studio.student()
    payment = await studio.hold(student, 6500)
    await studio.handle("payment_intent.amount_capturable_updated", payment)
    entry = await studio.payment(payment)
    assert (entry.state, entry.amount) == (PaymentState.HELD, 6500)
    assert list(studio.letters()) == [f"hold-placed:{payment}"]
    assert "$65.00" in plain(studio, f"hold-placed:{payment}")


async def test_a_capture_of_a_part_tells_both_amounts(studio: Studio):
    """What was charged, and what of the hold is free again."""
    student = await studio.student()
    payment = await studio.hold(student, 6500)
    await capture(studio, payment, 2000)
    await studio.handle("payment_intent.succeeded", payment)
    entry = await studio.payment(payment)
    assert (entry.state, entry.captured) == (PaymentState.CAPTURED, 2000)
    body = plain(studio, f"charged:{payment}")
    assert ("$20.00" in body, "$45.00" in body) == (True, True)


@pytest.mark.parametrize("seed", range(4))
async def test_neither_order_nor_repetition_matters(studio: Studio, seed: int):
    """Events of a captured and refunded lesson, shuffled and doubled, come to the same."""
    student = await studio.student()
    payment = await studio.hold(student, 6500)
    await capture(studio, payment, 6000)
    await studio.shop.post("/refund-lesson", {"payment_intent_id": payment, "amount": 1500})
    events = await studio.happened() * 2
    random.Random(seed).shuffle(events)  # noqa: S311 (no secret)
    for event_type, object_id in events:
        await studio.handle(event_type, object_id)
    entry = await studio.payment(payment)
    [refund] = entry.refunds
    assert (entry.state, entry.captured, entry.refunded) == (PaymentState.CAPTURED, 6000, 1500)
    assert set(studio.letters()) == {
        f"welcome:{student['id']}",
        f"charged:{payment}",
        f"refunded:{refund.id}",
    }


async def test_a_late_event_about_a_hold_that_is_over_tells_nobody(studio: Studio):
    """The student has heard of the charge; "nothing has been charged" would be wrong now."""
    payment = await studio.hold(await studio.student())
    await capture(studio, payment, 6500)
    await studio.handle("payment_intent.succeeded", payment)
    await studio.handle("payment_intent.amount_capturable_updated", payment)
    assert list(studio.letters()) == [f"charged:{payment}"]


@pytest.mark.parametrize("by", ["payment_intent.canceled", "charge.expired"])
async def test_a_hold_that_lapsed_is_known_by_either_event(studio: Studio, by: str):
    """Stripe cancels it with the reason `expired`; staff see that nobody let go of it."""
    payment = await studio.hold(await studio.student())
    await studio.pass_time(5 * DAY)
    [about] = [object_id for event_type, object_id in await studio.happened() if event_type == by]
    await studio.handle(by, about)
    entry = await studio.payment(payment)
    assert entry.state is PaymentState.EXPIRED


async def test_a_hold_that_somebody_released_is_no_lapse(studio: Studio):
    """The same event type, another reason."""
    payment = await studio.hold(await studio.student())
    await studio.shop.post("/refund-lesson", {"payment_intent_id": payment})
    await studio.handle("payment_intent.canceled", payment)
    entry = await studio.payment(payment)
    assert entry.state is PaymentState.RELEASED
    assert studio.letters() == {}


async def test_a_student_whose_card_was_refused_is_led_to_the_account_page(studio: Studio):
    """With the amount, and what helps."""
    student = await studio.student("pm_card_chargeCustomerFail")
    payment = await refused(studio, student["id"])
    await studio.handle("payment_intent.payment_failed", payment)
    entry = await studio.payment(payment)
    assert entry.problem
    assert (entry.state, entry.problem.code) == (PaymentState.FAILED, "card_declined")
    body = plain(studio, f"payment-failed:{payment}")
    assert "$65.00" in body
    assert f"/account-update/{student['id']}" in body


async def test_a_student_whose_bank_wants_a_confirmation_is_led_to_that_page(studio: Studio):
    """One click from the letter to what helps."""
    student = await studio.student("pm_card_authenticationRequired")
    payment = await refused(studio, student["id"])
    await studio.handle("payment_intent.payment_failed", payment)
    entry = await studio.payment(payment)
    assert entry.problem
    assert (entry.state, entry.problem.remedy) == (
        PaymentState.NEEDS_CONFIRMATION,
        Remedy.AUTHENTICATION,
    )
    body = plain(studio, f"payment-failed:{payment}")
    assert f"{studio.desk.settings.domain}/confirm-payment/{payment}" in body


async def test_a_failure_that_was_made_good_since_tells_nobody(studio: Studio):
    """The event comes after another hold was placed on a better card."""
    student = await studio.student("pm_card_chargeCustomerFail")
    failed = await refused(studio, student["id"])
    _, update = await studio.shop.post(f"/account-update/{student['id']}", {"name": "Jenny"})
    setup_intent = update["client_secret"].split("_secret_")[0]
    await studio.stripe.form(
        f"/v1/setup_intents/{setup_intent}/confirm", payment_method="pm_card_visa"
    )
    await studio.shop.post(
        f"/update-payment-details/{student['id']}", {"setup_intent_id": setup_intent}
    )
    held = await studio.hold(student)
    await studio.handle("payment_intent.amount_capturable_updated", held)
    await studio.handle("payment_intent.payment_failed", failed)
    assert list(studio.letters()) == [f"hold-placed:{held}"]


async def test_tickets_and_videos_are_none_of_the_shops_business(studio: Studio):
    """Captured, refunded, disputed or held: not in the book, and no letter."""
    sold = await ticket(studio)
    disputed = await ticket(studio, payment_method="pm_card_createDispute")
    await ticket(studio, capture_method="manual")
    await studio.stripe.form("/v1/refunds", payment_intent=sold, amount="500")
    await studio.pass_time(DAY)
    kinds = {event_type for event_type, _ in await studio.happened()}
    await handle_all(studio)
    assert {
        "payment_intent.succeeded",
        "payment_intent.amount_capturable_updated",
        "charge.refunded",
        "refund.created",
        "charge.dispute.created",
    } <= kinds
    assert (await studio.has(sold), await studio.has(disputed)) == (False, False)
    assert studio.letters() == {}


@pytest.mark.parametrize(
    ("event_type", "object_id"),
    [
        ("setup_intent.succeeded", "seti_1"),
        ("payment_intent.succeeded", "pi_1"),
        ("refund.created", "re_1"),
        ("charge.expired", "ch_1"),
        ("charge.dispute.created", "du_1"),
    ],
)
async def test_an_object_that_cannot_be_seen_yet_is_looked_for_again(
    studio: Studio, event_type: str, object_id: str
):
    """The handler raises, and the queue tries the event again after a pause."""
    with pytest.raises(StripeRefused) as missing:
        await studio.handle(event_type, object_id)
    assert missing.value.code == "resource_missing"


async def test_a_letter_that_cannot_be_sent_delays_nothing_else(studio: Studio):
    """The book is right already; the letter comes with the next try, once."""
    payment = await studio.hold(await studio.student())
    mail = studio.desk.settings.var_dir / "mail"
    if mail.exists():
        mail.rmdir()
    mail.write_text("in the way")
    with pytest.raises(MailUnavailable):
        await studio.handle("payment_intent.amount_capturable_updated", payment)
    assert await studio.has(payment)
    mail.unlink()
    for _ in range(2):
        await studio.handle("payment_intent.amount_capturable_updated", payment)
    assert list(studio.letters()) == [f"hold-placed:{payment}"]


async def test_a_student_without_an_address_gets_no_letter(studio: Studio):
    """Staff may have taken it away on the dashboard; the book is written all the same."""
    student = await studio.student()
    payment = await studio.hold(student)
    await studio.stripe.form(f"/v1/customers/{student['id']}", email="")
    await handle_all(studio)
    assert await studio.has(payment)
    assert studio.letters() == {}


async def test_a_hold_that_its_student_confirmed_takes_the_old_ones_place(studio: Studio):
    """The old hold goes only now; the same news again, or about the old one, changes nothing."""
    student = await studio.student()
    old = await studio.hold(student)
    await change_card(studio.shop, studio.stripe, student, "pm_card_authenticationRequired")
    _, declined = await studio.shop.post("/hold-lesson-again", {"payment_intent_id": old})
    new = declined["payment_intent_id"]
    _, told = await studio.shop.get(f"/payment-confirmation/{new}")
    await studio.stripe.form(
        f"/v1/payment_intents/{new}/confirm", payment_method=told["payment_method"]
    )
    await answer_challenge(studio.stripe, told["client_secret"], "complete")
    for payment in (new, new, old):
        await studio.handle("payment_intent.amount_capturable_updated", payment)
    assert (await studio.payment(old)).state is PaymentState.RELEASED
    assert (await studio.payment(new)).state is PaymentState.HELD
    assert [name for name in studio.letters() if name.startswith("hold")] == [f"hold-placed:{new}"]


async def test_nobody_is_told_of_a_hold_that_was_confirmed_too_late(studio: Studio):
    """The page was open while staff captured the old one: the hold is called off at once."""
    student = await studio.student()
    old = await studio.hold(student)
    await change_card(studio.shop, studio.stripe, student, "pm_card_authenticationRequired")
    _, declined = await studio.shop.post("/hold-lesson-again", {"payment_intent_id": old})
    new = declined["payment_intent_id"]
    _, told = await studio.shop.get(f"/payment-confirmation/{new}")
    await capture(studio, old, 6500)
    path = f"/v1/payment_intents/{new}/confirm"
    await studio.stripe.form(path, payment_method=told["payment_method"])
    await answer_challenge(studio.stripe, told["client_secret"], "complete")
    for _ in range(2):
        await studio.handle("payment_intent.amount_capturable_updated", new)
    entries = [await studio.payment(each) for each in (old, new)]
    assert [entry.state for entry in entries] == [PaymentState.CAPTURED, PaymentState.RELEASED]
    assert studio.letters() == {}


@pytest.mark.parametrize("news", ["payment_intent.succeeded", "payment_intent.canceled"])
async def test_the_old_hold_goes_where_the_new_one_was_captured_before_its_event(
    studio: Studio, news: str
):
    """Stripe let nobody release the old one then. It stays where the new one was let go."""
    student = await studio.student()
    old = await studio.hold(student)
    rule = {"kind": "502", "method": "POST", "path": "/v1/payment_intents/{intent}/cancel"}
    await studio.stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule | {"times": 5}]})
    status, _ = await studio.shop.post("/hold-lesson-again", {"payment_intent_id": old})
    assert status == 503
    _, listed = await studio.stripe.get(f"/v1/payment_intents?customer={student['id']}")
    [new] = {payment["id"] for payment in listed["data"]} - {old}
    is_captured = news == "payment_intent.succeeded"
    over = "/complete-lesson-payment" if is_captured else "/release-lesson"
    assert (await studio.shop.post(over, {"payment_intent_id": new}))[0] == 200
    for event_type in ("payment_intent.amount_capturable_updated", news):
        await studio.handle(event_type, new)
    state = PaymentState.RELEASED if is_captured else PaymentState.HELD
    assert (await studio.payment(old)).state is state
