"""The job of the night: does what lost events left undone, has the lesson book compared, tidies up.

Events get lost: the shop or its Redis was away for longer than Stripe repeats, or an endpoint was
switched off. Stripe's list of events is complete at once, so whatever is in it and was never done
is run through the same table as any other event.
"""

import logging
import time
from contextlib import closing

from jobs.catalogue import HANDLED_EVENTS, REBUILD_LESSON_BOOK
from jobs.events.desk import Desk, open_desk
from jobs.events.table import act
from jobs.queue import JobQueue
from jobs.rebuild_lesson_book import WHOLE
from jobs.tidying import tidy
from shop.errors import ShopError
from shop.night_record import NightRecord, NightRecords
from shop.seen_events import SeenEvents
from shop.settings import load
from shop.stripe_gateway.objects import Event

LOOK_BACK = 3 * 24 * 3600
"""Seconds. Ids of events are remembered longer (`shop.seen_events`), so nothing is done twice."""

BEYOND_THE_BOOK = frozenset({"setup_intent.succeeded", "customer.deleted"})
"""Events that change more than the book and lead to more than a letter."""

log = logging.getLogger(__name__)


async def nightly(night: str) -> None:
    """Repair, once a night however often it is queued.

    Args:
        night: its date in the shop's zone, `2026-11-23`.
    """
    settings = load()
    async with open_desk(settings) as desk:
        records = NightRecords(desk.storage)
        last = await records.last()
        if last and last.night >= night:
            return
        record = await repair(desk, night)
        with closing(JobQueue(settings)) as queue:
            queue.put_once(REBUILD_LESSON_BOOK, WHOLE, job_id=f"lesson-book-{night}")
        await tidy(settings, desk.storage)
        await records.put(record)
    log.info(
        "night %s: events=%d repaired=%d failed=%d",
        *(record.night, record.events, record.repaired, record.failed),
    )


async def repair(desk: Desk, night: str) -> NightRecord:
    """Act on every event of the last days that nobody has finished, the oldest first.

    A new Redis, or one that was emptied, has forgotten what was done and which letters were sent.
    Of events older than its memory only those are run that the compared book does not make up
    for, and without letters.
    """
    seen = SeenEvents(desk.storage)
    since = await seen.since()
    now = int(time.time())
    events = await desk.gateway.events.since(now - LOOK_BACK, HANDLED_EVENTS)
    lost = await seen.not_done([event.id for event in events])
    repaired = failed = 0
    for event in events:
        forgotten = event.created < since
        if event.id not in lost or (forgotten and event.type not in BEYOND_THE_BOOK):
            continue
        if await _acted_on(desk.without_letters() if forgotten else desk, event):
            repaired += 1
        else:
            failed += 1
    return NightRecord(night=night, at=now, events=len(events), repaired=repaired, failed=failed)


async def _acted_on(desk: Desk, event: Event) -> bool:
    """Whether it could be done. One that can't does not keep the others from it."""
    if event.object_id is None:
        return False
    try:
        await act(desk, event.id, event.type, event.object_id)
    except ShopError as error:
        log.warning("event %s (%s) could not be repaired: %s", event.id, event.type, error.message)
        return False
    return True
