"""The job that makes the lesson book, and the index of e-mail addresses, again from Stripe."""

import logging

from shop.errors import StripeError
from shop.lesson_book.rebuilding import rebuild
from shop.settings import load
from shop.storage import open_storage
from shop.stripe_gateway import open_gateway

log = logging.getLogger(__name__)

WHOLE = "whole"
NEW = "new"


async def rebuild_lesson_book(extent: str) -> None:
    """Compare the book with all of Stripe (`WHOLE`), or read what is new (`NEW`).

    Running it twice, or two at once, changes nothing.
    """
    settings = load()
    async with open_storage(settings) as storage, open_gateway(settings, storage) as gateway:
        try:
            done = await rebuild(storage, gateway, settings.shop_zone, whole=extent == WHOLE)
        except StripeError as error:
            log.warning("the lesson book was not brought up to date: %s", error.message)
        else:
            log.info(
                "the lesson book %s: students=%d payments=%d struck=%d calls=%d",
                "was compared with all of Stripe" if done.whole else "was brought up to date",
                done.students,
                done.payments,
                done.struck,
                done.calls,
            )
