"""The job that reads every student of the account into the e-mail index."""

import logging

from shop.errors import StripeError
from shop.rules.wording import counted
from shop.settings import load
from shop.storage import open_storage
from shop.stripe_gateway import open_gateway
from shop.student_index import StudentIndex

log = logging.getLogger(__name__)


async def index_students() -> None:
    """Build the index anew. Running it twice changes nothing; without it, sign-ups ask Stripe."""
    settings = load()
    async with open_storage(settings) as storage, open_gateway(settings, storage) as gateway:
        try:
            count = await StudentIndex(storage, gateway).bring_up_to_date()
        except StripeError as error:
            log.warning("the e-mail index was not built: %s", error.message)
        else:
            log.info("indexed the e-mail addresses of %s", counted(count, "student"))
