"""Students who were changed or deleted, perhaps on Stripe's dashboard."""

from jobs.events.desk import Desk


async def changed(desk: Desk, customer_id: str) -> None:
    """The book says of the student what Stripe says, and strikes out who was deleted."""
    await desk.student(customer_id)
