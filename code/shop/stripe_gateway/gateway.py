"""The gateway: everything the shop asks of Stripe, in three rooms.

gateway.students   customers and their one saved card
gateway.payments   holds, captures, releases and refunds
gateway.bulk       whole lists, page by page, for reports
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from shop.settings import Settings
from shop.stripe_gateway.bulk import Bulk
from shop.stripe_gateway.client import StripeClient
from shop.stripe_gateway.payments import Payments
from shop.stripe_gateway.students import Students


@dataclass(frozen=True)
class StripeGateway:
    """One Stripe account, open for calls."""

    students: Students
    payments: Payments
    bulk: Bulk


@asynccontextmanager
async def open_gateway(settings: Settings) -> AsyncIterator[StripeGateway]:
    """Open the account of `settings` for as long as the context lasts."""
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=100)) as session:
        client = StripeClient(session, secret_key=settings.secret_key, api_base=settings.api_base)
        yield StripeGateway(students=Students(client), payments=Payments(client), bulk=Bulk(client))
