"""Sign-ups: a student's card was confirmed, perhaps by a page that is closed by now."""

from uuid import uuid4

from jobs.events.desk import Desk
from shop.accounts import finish_confirmed_card
from shop.errors import UnknownCustomer
from shop.rules.lesson_ledger import is_lesson


async def card_confirmed(desk: Desk, setup_intent_id: str) -> None:
    """Make the card the student's one card; welcome a student whose first card it is."""
    setup = await desk.gateway.students.card_setup(setup_intent_id)
    if setup.customer is None or not is_lesson(setup.metadata):
        return
    try:
        await finish_confirmed_card(
            desk.storage,
            desk.gateway,
            setup_intent_id,
            attempt=f"event-{setup_intent_id}-{uuid4()}",
        )
        is_first = await _first_confirmed(desk, setup.customer) == setup_intent_id
    except UnknownCustomer:
        is_first = False  # deleted since; the book strikes the student out
    student = await desk.student(setup.customer)
    if student and is_first:
        await desk.letters.welcome(student)


async def _first_confirmed(desk: Desk, customer_id: str) -> str | None:
    """The SetupIntent with which the student saved a card for lessons for the first time.

    An old card is detached when a new one takes its place, so the cards themselves don't tell.
    """
    setups = await desk.gateway.history.card_setups_of(customer_id)
    confirmed = [s.id for s in setups if s.status == "succeeded" and is_lesson(s.metadata)]
    return confirmed[-1] if confirmed else None
