"""Holds, captures, releases and failures.

`amount_capturable_updated` comes when a hold is placed, `succeeded` when it is captured, `canceled`
when it is released or lapses (https://docs.stripe.com/api/events/types). What is written into the
book and told to the student is the payment's state now: a hold that was captured before its event
came gets no letter about the hold.
"""

from jobs.events.desk import Desk
from shop.hold_again import call_off_replaced
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import PaymentEntry, PaymentState

STANDS = frozenset({PaymentState.HELD, PaymentState.CAPTURED})


async def held(desk: Desk, payment_intent_id: str) -> None:
    """The amount can be captured, unless another payment stands in this one's place."""
    payment = await desk.payment(payment_intent_id)
    if (
        payment
        and payment.state is PaymentState.HELD
        and await call_off_replaced(desk.storage, desk.gateway, payment_intent_id)
    ):
        student = await desk.student(payment.student)
        if student:
            await desk.letters.hold_placed(student, payment)


async def captured(desk: Desk, payment_intent_id: str) -> None:
    """All or part of the hold was charged; what it was placed in place of is called off."""
    payment = await desk.payment(payment_intent_id)
    if payment and payment.state is PaymentState.CAPTURED:
        student = await desk.student(payment.student)
        if student:
            await call_off_replaced(desk.storage, desk.gateway, payment_intent_id)
            await desk.letters.charged(student, payment)


async def failed(desk: Desk, payment_intent_id: str) -> None:
    """The card was declined, or its bank wants a confirmation."""
    payment = await desk.payment(payment_intent_id)
    if payment and payment.problem and not await _made_good(desk, payment):
        student = await desk.student(payment.student)
        if student:
            await desk.letters.payment_failed(student, payment, payment.problem)


async def changed(desk: Desk, payment_intent_id: str) -> None:
    """Released or lapsed; the book says which."""
    await desk.payment(payment_intent_id)


async def charge_changed(desk: Desk, charge_id: str) -> None:
    """The charge of a payment lapsed, or money of it went back."""
    payment_intent_id = await desk.gateway.events.payment_behind("charges", charge_id)
    if payment_intent_id is not None:
        await desk.payment(payment_intent_id)


async def _made_good(desk: Desk, payment: PaymentEntry) -> bool:
    """Whether the student has a later payment that stands, so that nothing is left to do."""
    payments = await LessonBook(desk.storage).payments_of([payment.student])
    return any(
        other.created >= payment.created and other.state in STANDS
        for other in payments.get(payment.student, [])
    )
