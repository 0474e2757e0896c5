"""The audit trail for as long as the web process runs: shipped, and its troubles told."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from aiohttp import web
from redis.exceptions import RedisError

from server.keys import JOURNAL, RESULTS, SETTINGS, SHIPPER, STORAGE
from shop.audit.journal import Journal, Trouble
from shop.audit.shipping import SHIP_EVERY, Shipper, journal_folder
from shop.audit.troubles import Troubles
from shop.errors import ResultsUnavailable
from shop.tasks import end

log = logging.getLogger(__name__)


@asynccontextmanager
async def audit_trail(app: web.Application) -> AsyncIterator[None]:
    """Open the journal and ship it every few seconds; at the end ship what is left.

    To be left when nobody is at work any more, and before Redis is closed.
    """
    app[JOURNAL] = Journal(journal_folder(app[SETTINGS]))
    app[SHIPPER] = Shipper(app[JOURNAL], app[RESULTS])
    shipping = asyncio.create_task(_keep_shipping(app))
    yield
    await end([shipping])
    await app[SHIPPER].finish()


async def troubles(app: web.Application) -> list[Trouble]:
    """Why the trail is not whole, of this process and of all that could say so to Redis."""
    own, process = app[SHIPPER].trouble, app[JOURNAL].process
    try:
        said = await Troubles(app[STORAGE]).said()
    except RedisError:
        said = {}
    others = [trouble for name, trouble in said.items() if name != process]
    return [own, *others] if own else others


async def _keep_shipping(app: web.Application) -> None:
    told: Trouble | None = None
    while True:
        await asyncio.sleep(SHIP_EVERY)
        with suppress(ResultsUnavailable):  # it is in trouble then, and ships later
            await app[SHIPPER].ship()
        trouble = app[SHIPPER].trouble
        if trouble or told:
            try:
                await Troubles(app[STORAGE]).say(app[JOURNAL].process, trouble)
                told = trouble
            except RedisError as error:
                log.warning("the trouble with the audit trail could not be told: %s", error)
