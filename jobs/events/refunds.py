"""Refunds: on their way, arrived, or sent back by the bank.

A refund that fails does so weeks later at times, so the book tells pending, succeeded and failed
apart and staff see the failed ones (https://docs.stripe.com/refunds#failed-refunds).
"""

from jobs.events.desk import Desk
from shop.lesson_book.entries import PaymentEntry

WILL_NOT_ARRIVE = frozenset({"failed", "canceled"})


async def created(desk: Desk, refund_id: str) -> None:
    """Money goes back; the student is told, unless the refund has failed by now."""
    payment = await _payment_of(desk, refund_id)
    if payment is None:
        return
    refund = next((refund for refund in payment.refunds if refund.id == refund_id), None)
    if refund and refund.status not in WILL_NOT_ARRIVE:
        student = await desk.student(payment.student)
        if student:
            await desk.letters.refunded(student, payment, refund)


async def changed(desk: Desk, refund_id: str) -> None:
    """It arrived, or its bank sent it back."""
    await _payment_of(desk, refund_id)


async def _payment_of(desk: Desk, refund_id: str) -> PaymentEntry | None:
    payment_intent_id = await desk.gateway.events.payment_behind("refunds", refund_id)
    return None if payment_intent_id is None else await desk.payment(payment_intent_id)
