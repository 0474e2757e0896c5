"""One payment or student, read from Stripe into the book."""

import time

import msgspec
import pytest

from shop.errors import StripeRefused
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import (
    CardUsed,
    Lesson,
    PaymentEntry,
    PaymentState,
    Problem,
    StudentEntry,
)
from shop.lesson_book.refreshing import refresh_payment, refresh_student
from shop.rules.decline_reasons import Remedy
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.objects import Card
from tests.integration.conftest import Caller
from tests.integration.lesson_book.conftest import NEW_YORK
from tests.integration.students import hold, sign_up


async def refreshed(storage: Storage, gateway: StripeGateway, payment: str) -> PaymentEntry:
    """The entry, which the book has too."""
    entry = await refresh_payment(storage, gateway, payment)
    assert entry is not None
    assert await LessonBook(storage).payment(payment) == entry
    return entry


async def test_a_payment_from_hold_to_refund(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway
):
    """Every step as Stripe tells it: 65 dollars held, 40 captured, 15 given back."""
    student = await sign_up(shop, stripe)
    held = await hold(shop, student["id"])
    charge = (await stripe.get(f"/v1/charges/{held['latest_charge']}"))[1]
    capture_before = charge["payment_method_details"]["card"]["capture_before"]
    expected = PaymentEntry(
        id=held["id"],
        student=student["id"],
        created=held["created"],
        state=PaymentState.HELD,
        amount=6500,
        currency="usd",
        description="Guitar lesson",
        authorized_at=charge["created"],
        capture_before=capture_before,
        card=CardUsed("visa", "4242"),
    )
    assert await refreshed(storage, gateway, held["id"]) == expected

    body = {"payment_intent_id": held["id"], "amount": 4000}
    assert (await shop.post("/complete-lesson-payment", body))[0] == 200
    captured = await refreshed(storage, gateway, held["id"])
    assert captured.ended_at is not None
    assert abs(captured.ended_at - time.time()) < 60
    expected = msgspec.structs.replace(
        expected,
        state=PaymentState.CAPTURED,
        captured=4000,
        fee=146,
        capture_before=None,
        ended_at=captured.ended_at,
    )
    assert captured == expected

    body = {"payment_intent_id": held["id"], "amount": 1500}
    assert (await shop.post("/refund-lesson", body))[0] == 200
    refunded = await refreshed(storage, gateway, held["id"])
    assert [(r.amount, r.status) for r in refunded.refunds] == [(1500, "succeeded")]
    assert refunded == msgspec.structs.replace(expected, refunded=1500, refunds=refunded.refunds)


async def test_a_declined_payment_says_why(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway
):
    """In Stripe's words, with what helps."""
    student = await sign_up(shop, stripe, card="pm_card_chargeCustomerFail")
    body = {"customer_id": student["id"], "amount": 6500, "description": "Guitar lesson"}
    _, declined = await shop.post("/schedule-lesson", body)
    entry = await refreshed(storage, gateway, declined["payment_intent_id"])
    assert (entry.state, entry.problem) == (
        PaymentState.FAILED,
        Problem(
            remedy=Remedy.TRY_AGAIN,
            code="card_declined",
            decline_code="generic_decline",
            message="Your card was declined.",
        ),
    )


async def test_a_disputed_payment_has_its_dispute(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway
):
    """With the day until which it can be answered."""
    student = await sign_up(shop, stripe, card="pm_card_createDispute")
    held = await hold(shop, student["id"])
    await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    entry = await refreshed(storage, gateway, held["id"])
    assert entry.dispute is not None
    assert (entry.dispute.status, entry.dispute.reason) == ("needs_response", "fraudulent")
    assert entry.dispute.amount == 6500
    assert entry.dispute.due_by is not None


async def test_other_money_is_not_written_down(
    stripe: Caller, storage: Storage, gateway: StripeGateway, book: LessonBook
):
    """Tickets and videos share the account."""
    _, ticket = await stripe.form(
        "/v1/payment_intents",
        **{"amount": "1500", "currency": "usd", "confirm": "true"},
        **{"payment_method": "pm_card_visa", "payment_method_types[]": "card"},
    )
    assert ticket["status"] == "succeeded"
    assert await refresh_payment(storage, gateway, ticket["id"]) is None
    assert await book.payment(ticket["id"]) is None


@pytest.mark.parametrize("unknown", ["pi_unknown", "..", "pi_1/capture"])
async def test_an_unknown_payment(storage: Storage, gateway: StripeGateway, unknown: str):
    """Stripe's own answer, also for what would lead to another address."""
    with pytest.raises(StripeRefused) as refused:
        await refresh_payment(storage, gateway, unknown)
    assert (refused.value.status, refused.value.message) == (
        404,
        f"No such payment_intent: '{unknown}'",
    )


async def test_a_student_with_lesson_and_card(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, book: LessonBook
):
    """As the sign-up left them; and gone once deleted."""
    student = await sign_up(shop, stripe)
    card = student["card"]
    expected = StudentEntry(
        id=student["id"],
        created=(await stripe.get(f"/v1/customers/{student['id']}"))[1]["created"],
        name="Jenny Rosen",
        email=student["email"],
        lesson=Lesson("01 Dec 3:00 p.m.", 1796155200),
        card=Card("visa", "4242", card["exp_month"], card["exp_year"]),
    )
    assert await refresh_student(storage, gateway, student["id"], NEW_YORK) == expected
    assert await book.student(student["id"]) == expected

    assert (await shop.post(f"/delete-account/{student['id']}"))[0] == 200
    assert await refresh_student(storage, gateway, student["id"], NEW_YORK) is None
    assert await book.student(student["id"]) is None


async def test_who_only_buys_tickets_is_no_student(
    stripe: Caller, storage: Storage, gateway: StripeGateway, book: LessonBook
):
    """Until there is a lesson payment; then their name is read with it."""
    _, customer = await stripe.form("/v1/customers", name="Bo Ticket", email="bo@example.com")
    assert await refresh_student(storage, gateway, customer["id"], NEW_YORK) is None
    assert await book.student(customer["id"]) is None

    _, payment = await stripe.form(
        "/v1/payment_intents",
        **{"amount": "6500", "currency": "usd", "confirm": "true", "customer": customer["id"]},
        **{"payment_method": "pm_card_visa", "payment_method_types[]": "card"},
        **{"metadata[type]": "lessons-payment"},
    )
    await refresh_payment(storage, gateway, payment["id"], NEW_YORK)
    student = await book.student(customer["id"])
    assert student is not None
    assert (student.name, student.lesson) == ("Bo Ticket", None)
