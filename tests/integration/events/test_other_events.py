"""Refunds, disputes and changed students: what the book says after their events."""

import asyncio

import pytest

from shop.lesson_book.entries import PaymentState
from tests.integration.events.conftest import Studio


async def charged(studio: Studio, card: str = "pm_card_visa") -> str:
    """A captured lesson of $65; answers with its PaymentIntent's id."""
    payment = await studio.hold(await studio.student(card))
    status, _ = await studio.shop.post("/complete-lesson-payment", {"payment_intent_id": payment})
    assert status == 200
    return payment


async def refund(studio: Studio, payment: str, amount: int) -> str:
    body = {"payment_intent_id": payment, "amount": amount}
    status, answer = await studio.shop.post("/refund-lesson", body)
    assert status == 200, answer
    return answer["refund"]


@pytest.mark.parametrize("by", ["refund.created", "charge.refunded"])
async def test_a_refund_is_written_down_by_either_event(studio: Studio, by: str):
    """The student hears of it once, with its own amount."""
    payment = await charged(studio)
    refunded = await refund(studio, payment, 1500)
    [about] = [object_id for event_type, object_id in await studio.happened() if event_type == by]
    await studio.handle(by, about)
    entry = await studio.payment(payment)
    assert (entry.captured, entry.refunded) == (6500, 1500)
    told = {name: letter["Subject"] for name, letter in studio.letters().items()}
    expected = {f"refunded:{refunded}": "Your refund of $15.00"}
    assert told == (expected if by == "refund.created" else {})


async def test_a_refund_that_failed_does_not_look_done(studio: Studio):
    """Its bank sent the money back: staff see it, and the book counts nothing as refunded."""
    payment = await charged(studio, "pm_card_refundFail")
    refunded = await refund(studio, payment, 6500)
    await studio.handle("refund.created", refunded)
    await studio.pass_time(60)
    await studio.handle("refund.failed", refunded)
    entry = await studio.payment(payment)
    assert (entry.refunded, entry.refund_pending) == (0, 0)
    assert [(each.id, each.status) for each in entry.refunds] == [(refunded, "failed")]


async def test_a_refund_that_failed_before_its_event_came_is_not_announced(studio: Studio):
    """Nothing is on its way."""
    payment = await charged(studio, "pm_card_refundFail")
    refunded = await refund(studio, payment, 6500)
    await studio.pass_time(60)
    await studio.handle("refund.created", refunded)
    assert studio.letters() == {}


async def test_a_pending_refund_says_so(studio: Studio):
    """Until its bank has it."""
    payment = await charged(studio, "pm_card_pendingRefund")
    refunded = await refund(studio, payment, 2000)
    await studio.handle("refund.created", refunded)
    pending = await studio.payment(payment)
    await studio.pass_time(60)
    await studio.handle("refund.updated", refunded)
    arrived = await studio.payment(payment)
    assert (pending.refunded, pending.refund_pending) == (0, 2000)
    assert (arrived.refunded, arrived.refund_pending) == (2000, 0)


async def test_a_dispute_stands_beside_its_payment(studio: Studio):
    """From the day it is opened to its end."""
    payment = await charged(studio, "pm_card_createDispute")
    [dispute] = {about for kind, about in await studio.happened() if "dispute.created" in kind}
    await studio.handle("charge.dispute.created", dispute)
    opened = await studio.payment(payment)
    await studio.stripe.form(
        f"/v1/disputes/{dispute}",
        **{"evidence[uncategorized_text]": "winning_evidence", "submit": "true"},
    )
    await studio.pass_time(60)
    await studio.handle("charge.dispute.closed", dispute)
    closed = await studio.payment(payment)
    assert opened.dispute
    assert closed.dispute
    assert (opened.dispute.id, opened.dispute.status) == (dispute, "needs_response")
    assert (closed.dispute.id, closed.dispute.status) == (dispute, "won")
    assert closed.state is PaymentState.CAPTURED


async def test_a_student_changed_on_the_dashboard_is_changed_in_the_book(studio: Studio):
    """Name and e-mail follow Stripe."""
    student = await studio.student()
    await studio.stripe.form(f"/v1/customers/{student['id']}", name="Jenny R.", email="new@e.org")
    await studio.handle("customer.updated", student["id"])
    known = await studio.known(student["id"])
    assert (known.name, known.email) == ("Jenny R.", "new@e.org")


async def test_an_address_changed_on_the_dashboard_is_taken_in_any_letter_case(studio: Studio):
    """One Customer per address, although Stripe's own list minds the letter case."""
    student = await known_for_long(studio)
    await studio.stripe.form(f"/v1/customers/{student['id']}", email="New.One@Example.org")
    await studio.handle("customer.updated", student["id"])
    assert await owner_of(studio, "NEW.one@example.org") == student["id"]


async def test_an_address_whose_change_was_lost_is_taken_in_any_letter_case(studio: Studio):
    """Stripe had saved it; the retry finds it saved and sees to the rest."""
    student = await known_for_long(studio)
    rule = {"kind": "reset_after", "method": "POST", "path": "/v1/customers/{customer}"}
    await studio.stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    body, key = {"email": "New.Two@Example.org"}, {"Idempotency-Key": student["id"]}
    path = f"/account-update/{student['id']}"
    assert (await studio.shop.post(path, body, headers=key))[0] == 503
    await studio.stripe.post("/_sandbox/faults", {"rules": []})
    assert (await studio.shop.post(path, body, headers=key))[0] == 200
    assert await owner_of(studio, "NEW.two@example.org") == student["id"]


async def owner_of(studio: Studio, email: str) -> str | None:
    """Whom a sign-up with this address is told of."""
    body = {"name": "A", "email": email, "first_lesson": "x"}
    status, answer = await studio.shop.post("/lessons", body)
    return str(answer["customer_id"]) if status == 409 else None


async def known_for_long(studio: Studio) -> dict:
    """A student who is not read again with the newest customers."""
    student = await studio.student()
    await past_the_second(studio)
    for _ in range(2):
        await studio.student()  # the second one moves the mark to the first
    return student


async def past_the_second(studio: Studio) -> None:
    """Until whoever comes next is made later than anybody before."""
    began = await studio.now()
    while await studio.now() == began:  # noqa: ASYNC110 (the sandbox's clock tells nobody)
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("event_type", ["customer.deleted", "customer.updated"])
async def test_a_deleted_student_is_struck_out(studio: Studio, event_type: str):
    """Also by an older event that comes late: what counts is what Stripe says now."""
    student = await studio.student()
    await studio.handle("customer.updated", student["id"])
    assert await studio.knows(student["id"])
    await studio.stripe.delete(f"/v1/customers/{student['id']}")
    await studio.handle(event_type, student["id"])
    assert not await studio.knows(student["id"])


async def test_a_customer_of_something_else_is_no_student(studio: Studio):
    """Others sell tickets on this account."""
    _, customer = await studio.stripe.form("/v1/customers", email="buyer@example.com")
    await studio.handle("customer.updated", customer["id"])
    assert not await studio.knows(customer["id"])


async def test_payments_of_a_deleted_student_are_still_followed(studio: Studio):
    """A refund can be made afterwards; the letter has nobody to go to."""
    payment = await charged(studio)
    [(_, customer), *_] = await studio.happened("cus_")
    await studio.stripe.delete(f"/v1/customers/{customer}")
    refunded = await refund(studio, payment, 6500)
    await studio.handle("refund.created", refunded)
    entry = await studio.payment(payment)
    assert entry.refunded == 6500
    assert studio.letters() == {}
