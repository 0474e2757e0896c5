"""The job that acts on one of Stripe's events whose signature was checked."""

import logging

from rq import get_current_job

from jobs.events.desk import open_desk
from jobs.events.table import act
from shop.errors import ShopError
from shop.seen_events import SeenEvents
from shop.settings import load

log = logging.getLogger(__name__)


async def handle_event(event_id: str, event_type: str, object_id: str, created: str) -> None:
    """Act on the event. What can't be done now is raised, so that the queue tries it again.

    That may be for Stripe, a mail server or another change of the same payment to be over, or
    for an object to appear: Stripe's events can be quicker than its API.

    A Redis that was emptied does not know which letters were sent, so an old event that comes
    once more to a new one is told to nobody.

    Args:
        created: when it happened, unix seconds.
    """
    async with open_desk(load()) as desk:
        if await SeenEvents(desk.storage).is_forgotten(int(created)):
            desk = desk.without_letters()
        try:
            await act(desk, event_id, event_type, object_id)
        except ShopError as error:
            job = get_current_job()
            is_retried = job is not None and job.should_retry
            log.log(
                logging.WARNING if is_retried else logging.ERROR,
                "event %s (%s of %s) could not be handled and is tried again %s: %s",
                event_id,
                event_type,
                object_id,
                "later" if is_retried else "at night",
                error.message,
            )
            raise
