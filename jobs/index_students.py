"""The job that reads every student of the account into the e-mail index."""

import logging

from shop.settings import load
from shop.storage import open_storage
from shop.stripe_gateway import open_gateway
from shop.student_index import StudentIndex

log = logging.getLogger(__name__)


async def index_students() -> None:
    """Build the index anew; running it twice changes nothing."""
    settings = load()
    async with open_storage(settings) as storage, open_gateway(settings) as gateway:
        count = await StudentIndex(storage, gateway).rebuild()
        log.info("indexed the e-mail addresses of %d students", count)
