"""What handlers of events work with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from jobs.events.letters import Letters
from shop.lesson_book.entries import PaymentEntry, StudentEntry
from shop.lesson_book.refreshing import refresh_payment, refresh_student
from shop.mail.postbox import open_postbox
from shop.settings import Settings
from shop.storage import Storage, open_storage
from shop.stripe_gateway import StripeGateway, open_gateway


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where an event is worked on. Clients are opened inside the job, after the worker forked."""

    settings: Settings
    storage: Storage
    gateway: StripeGateway
    letters: Letters

    def without_letters(self) -> "Desk":
        """The same, but nobody is told."""
        return replace(self, letters=Letters(self.settings, None))

    async def payment(self, payment_intent_id: str) -> PaymentEntry | None:
        """What Stripe says of a payment now, also written into the lesson book.

        None where it is not lesson money: tickets and videos share the account.

        Raises:
            StripeRefused: there is no such payment, or not yet.
        """
        zone = self.settings.shop_zone
        return await refresh_payment(self.storage, self.gateway, payment_intent_id, zone)

    async def student(self, customer_id: str) -> StudentEntry | None:
        """What Stripe says of a student now, also written into the lesson book.

        None where they were deleted, or are a customer of something else.
        """
        return await refresh_student(
            self.storage, self.gateway, customer_id, self.settings.shop_zone
        )


Handler = Callable[[Desk, str], Awaitable[None]]
"""Acts on an event, given the id of its object."""


@asynccontextmanager
async def open_desk(settings: Settings) -> AsyncIterator[Desk]:
    """Open everything a handler needs for as long as the context lasts."""
    async with (
        open_storage(settings) as storage,
        open_gateway(settings, storage) as gateway,
        open_postbox(settings, storage) as postbox,
    ):
        yield Desk(
            settings=settings,
            storage=storage,
            gateway=gateway,
            letters=Letters(settings, postbox),
        )
