"""The job that acts on one of Stripe's events.

An event is a hint: it may come late, twice or out of order, so every handler fetches the object
again and acts on what Stripe says now (https://docs.stripe.com/webhooks#best-practices).
"""

import logging
from collections.abc import Awaitable, Callable, Mapping
from uuid import uuid4

from shop.accounts import finish_confirmed_card
from shop.errors import UnknownCustomer
from shop.settings import load
from shop.storage import Storage, open_storage
from shop.stripe_gateway import StripeGateway, open_gateway

log = logging.getLogger(__name__)

Handler = Callable[[Storage, StripeGateway, str, str], Awaitable[None]]


async def _finish_signup(
    storage: Storage, gateway: StripeGateway, event_id: str, setup_intent_id: str
) -> None:
    """A student's card was confirmed, perhaps by a page that is closed by now."""
    try:
        await finish_confirmed_card(
            storage, gateway, setup_intent_id, attempt=f"{event_id}-{uuid4()}"
        )
    except UnknownCustomer:
        log.info("event %s is about a student who was deleted", event_id)


HANDLERS: Mapping[str, Handler] = {
    "setup_intent.succeeded": _finish_signup,
}


async def handle_event(event_id: str, event_type: str, object_id: str) -> None:
    """Act on an event whose signature was checked. Events without a handler are not queued."""
    settings = load()
    async with open_storage(settings) as storage, open_gateway(settings, storage) as gateway:
        await HANDLERS[event_type](storage, gateway, event_id, object_id)
