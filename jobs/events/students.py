"""Students who were changed or deleted, perhaps on Stripe's dashboard."""

from jobs.events.desk import Desk
from shop.errors import UnknownCustomer
from shop.forgetting import forget_student
from shop.mail.postbox import mail_folder


async def changed(desk: Desk, customer_id: str) -> None:
    """The book says of the student what Stripe says, and strikes out who was deleted."""
    await desk.student(customer_id)


async def deleted(desk: Desk, customer_id: str) -> None:
    """What the shop keeps of the student is removed, if Stripe says that they are gone."""
    try:
        await desk.gateway.students.get(customer_id)
    except UnknownCustomer:
        await forget_student(desk.storage, mail_folder(desk.settings), customer_id)
    else:
        await desk.student(customer_id)
