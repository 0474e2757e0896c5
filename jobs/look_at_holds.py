"""The hourly job that looks at holds which lapse within a day, or should have lapsed by now.

Stripe says when a hold has lapsed by an event, which may be lost, and never that it is about to.
"""

import logging
import time
from contextlib import closing

from jobs.catalogue import REBUILD_LESSON_BOOK
from jobs.events.desk import Desk, open_desk
from jobs.queue import JobQueue
from jobs.rebuild_lesson_book import WHOLE
from shop.errors import ShopError
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import PaymentState
from shop.lesson_book.keys import BookKeys
from shop.lesson_book.upkeep import Upkeep
from shop.seen_events import SeenEvents
from shop.settings import load

SOON = 24 * 3600
"""Seconds before its end in which a hold is about to lapse."""

log = logging.getLogger(__name__)


async def look_at_holds() -> None:
    """Log how many holds lapse soon, and read those again whose time is over.

    A Redis that was emptied begins to remember again within the hour, and has no lesson book and no
    index of e-mail addresses: they are made anew rather than at night.
    """
    settings = load()
    async with open_desk(settings) as desk:
        await SeenEvents(desk.storage).since()
        if (await Upkeep(desk.storage).marks()).compared_at is None:
            with closing(JobQueue(settings)) as queue:
                hour = int(time.time()) // 3600  # a job that failed keeps its id to itself for days
                queue.put_once(REBUILD_LESSON_BOOK, WHOLE, job_id=f"lesson-book-{hour}")
        lapsed, soon = await look(desk, int(time.time()))
    if lapsed or soon:
        log.info("holds: %d lapsed unnoticed, %d lapse within a day", lapsed, soon)


async def look(desk: Desk, now: int) -> tuple[int, int]:
    """How many holds had lapsed unnoticed by `now` (unix seconds), and how many lapse soon."""
    holds = BookKeys(desk.storage).holds
    ids = await desk.storage.redis.zrangebyscore(holds, "-inf", now + SOON)
    entries = (await LessonBook(desk.storage).payments(map(str, ids))).values()
    over = [entry.id for entry in entries if entry.capture_before and entry.capture_before <= now]
    lapsed = 0
    for payment_intent_id in over:
        try:
            entry = await desk.payment(payment_intent_id)
        except ShopError as error:
            log.warning("hold %s could not be read again: %s", payment_intent_id, error.message)
        else:
            lapsed += entry is not None and entry.state is PaymentState.EXPIRED
    return lapsed, len(entries) - len(over)
