"""The gateway: everything the shop asks of Stripe, in six rooms.

gateway.students   customers and their one saved card
gateway.payments   holds, captures, releases and refunds
gateway.history    what became of payments and cards, for staff who look at them
gateway.bulk       whole lists, for reports
gateway.events     what happened of late, for the night
gateway.account    whether Stripe takes the key, and what is left of the budget
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from shop.settings import Settings
from shop.storage import Storage
from shop.stripe_gateway.account import Account
from shop.stripe_gateway.budget import Budget, Limits
from shop.stripe_gateway.bulk import Bulk
from shop.stripe_gateway.client import StripeClient
from shop.stripe_gateway.events import Events
from shop.stripe_gateway.getter import open_getter
from shop.stripe_gateway.history import History
from shop.stripe_gateway.payments import Payments
from shop.stripe_gateway.students import Students


@dataclass(frozen=True)
class StripeGateway:
    """One Stripe account, open for calls."""

    students: Students
    payments: Payments
    history: History
    bulk: Bulk
    events: Events
    account: Account


@asynccontextmanager
async def open_gateway(settings: Settings, storage: Storage) -> AsyncIterator[StripeGateway]:
    """Open the account of `settings` for as long as the context lasts.

    Args:
        settings: the account's key and limits.
        storage: where the budget is that all processes share.
    """
    budget = Budget(
        storage,
        Limits(total=settings.stripe_rate_total, per_endpoint=settings.stripe_rate_per_endpoint),
    )
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as session,
        open_getter(settings.api_base) as getter,
    ):
        client = StripeClient(
            session,
            getter,
            budget,
            storage.figures,
            secret_key=settings.secret_key,
            api_base=settings.api_base,
        )
        bulk = Bulk(client, budget)
        yield StripeGateway(
            students=Students(client),
            payments=Payments(client),
            history=History(client),
            bulk=bulk,
            events=Events(client, bulk),
            account=Account(client, budget),
        )
        await budget.told()
