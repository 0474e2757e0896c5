"""Disputes: staff see them beside the payment, with the day by which to answer."""

from jobs.events.desk import Desk


async def changed(desk: Desk, dispute_id: str) -> None:
    """Opened, answered, decided, or its money was moved."""
    payment_intent_id = await desk.gateway.events.payment_behind("disputes", dispute_id)
    if payment_intent_id is not None:
        await desk.payment(payment_intent_id)
