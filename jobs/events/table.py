"""From an event's type to what is done about it.

The types also stand in `jobs.catalogue.HANDLED_EVENTS`, by which the web process decides what to
queue; a test holds the two together.
"""

from collections.abc import Mapping

from jobs.events import disputes, payments, refunds, signups, students
from jobs.events.desk import Desk, Handler
from shop.figures.table import EVENTS_HANDLED
from shop.seen_events import SeenEvents

HANDLERS: Mapping[str, Handler] = {
    "setup_intent.succeeded": signups.card_confirmed,
    "payment_intent.amount_capturable_updated": payments.held,
    "payment_intent.succeeded": payments.captured,
    "payment_intent.payment_failed": payments.failed,
    "payment_intent.canceled": payments.changed,
    "charge.expired": payments.charge_changed,
    "charge.refunded": payments.charge_changed,
    "refund.created": refunds.created,
    "refund.updated": refunds.changed,
    "refund.failed": refunds.changed,
    "charge.dispute.created": disputes.changed,
    "charge.dispute.updated": disputes.changed,
    "charge.dispute.closed": disputes.changed,
    "charge.dispute.funds_withdrawn": disputes.changed,
    "charge.dispute.funds_reinstated": disputes.changed,
    "customer.updated": students.changed,
    "customer.deleted": students.deleted,
}


async def act(desk: Desk, event_id: str, event_type: str, object_id: str) -> None:
    """Do what the event asks for, and remember that it was done.

    Raises:
        ShopError: it could not be done now, and should be tried again.
    """
    await HANDLERS[event_type](desk, object_id)
    await SeenEvents(desk.storage).done(event_id)
    desk.storage.figures.count(EVENTS_HANDLED, event_type)
