"""What goes at night because its time is over."""

import asyncio
import logging
import time

from redis.exceptions import ResponseError

from shop.mail.postbox import mail_folder
from shop.settings import Settings
from shop.storage import Storage

LETTERS_KEPT = 30 * 24 * 3600
"""Seconds for which letters are kept where no mail server takes them."""

log = logging.getLogger(__name__)


async def tidy(settings: Settings, storage: Storage) -> None:
    """Remove old letters, and from Redis's file on disk what Redis itself has forgotten.

    Until its append-only file is rewritten, everything that was ever deleted stands in it.

    Raises:
        RedisError: Redis is away.
    """
    until = time.time() - LETTERS_KEPT
    try:
        removed = await asyncio.to_thread(mail_folder(settings).remove_until, until)
    except OSError as error:
        log.warning("old letters could not be removed: %s", error.strerror)
    else:
        log.info("%d old letters were removed", removed)
    await _rewrite_file(storage)


async def _rewrite_file(storage: Storage) -> None:
    persistence = await storage.redis.info("persistence")
    if not persistence.get("aof_enabled"):
        return
    try:
        await storage.redis.bgrewriteaof()
    except ResponseError as error:  # under way already, or not for us to ask of a managed Redis
        log.info("Redis does not rewrite its file now: %s", error)
