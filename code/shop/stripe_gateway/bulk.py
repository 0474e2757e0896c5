"""Reading beyond one object: whole lists for reports, and what is newest in a list."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from typing import Any, TypeVar

import msgspec

from shop.errors import StripeRefused, StripeUnavailable
from shop.rules.retry import Failure
from shop.rules.window import Window
from shop.stripe_gateway.budget import Budget
from shop.stripe_gateway.client import StripeClient, path_to
from shop.stripe_gateway.listings import CUSTOMERS, PAYMENTS, Listing
from shop.stripe_gateway.objects import Charge, Customer, PaymentAttempt, PaymentMethod
from shop.stripe_gateway.pager.parts import Parts
from shop.stripe_gateway.pager.patience import Patience
from shop.stripe_gateway.pager.plan import Row
from shop.stripe_gateway.pager.walk import Walk
from shop.stripe_gateway.payment_record import IN_FULL, PaymentRecord

Found = TypeVar("Found")


YEAR = 365 * 24 * 3600
AGES = tuple(int(years * YEAR) for years in (0.25, 0.5, 1, 2, 4, 8, 16))
"""How old, in seconds, the oldest object of a list may be."""


class _Anything(msgspec.Struct):
    data: list[msgspec.Raw]


class _Customers(msgspec.Struct):
    data: list[Customer]
    has_more: bool


class _Payments(msgspec.Struct):
    data: list[PaymentAttempt]


class _Cards(msgspec.Struct):
    data: list[PaymentMethod]


class Bulk:
    """The lists of the account."""

    def __init__(self, client: StripeClient, budget: Budget) -> None:
        self._client = client
        self._budget = budget

    @property
    def silence(self) -> float:
        """Seconds for which Stripe has answered nothing that was asked here; 0 if it owes none."""
        return self._client.silence.seconds

    def walk(self, listing: Listing[Row], window: Window, parts: Parts) -> Walk[Row]:
        """Everything of a list inside the window, with several cursors at once."""
        return Walk(self._client, self._budget, listing, window, parts)

    async def narrowed(self, listing: Listing[Any], window: Window) -> Window:
        """The window without the years at its beginning in which the list holds nothing.

        The share of it that was read then tells how far a walk is. For lists that nobody can
        add to in the past.
        """
        bounds = [bound for age in AGES if (bound := window.end - age) > window.start]
        empty = await asyncio.gather(
            *(self._is_empty(listing, Window(window.start, bound)) for bound in bounds)
        )
        starts = [bound + 1 for bound, nothing in zip(bounds, empty, strict=True) if nothing]
        return Window(max(starts, default=window.start), window.end)

    async def _is_empty(self, listing: Listing[Any], window: Window) -> bool:
        query = {
            **listing.filters,
            "created[gte]": str(window.start),
            "created[lte]": str(window.end),
            "limit": "1",
        }
        found = await self.read_one(listing.path, listing.endpoint, _Anything, query)
        return not found.data

    async def newest_customers(self, since: int) -> AsyncIterator[list[Customer]]:
        """Customers made at `since` (unix seconds) or later, newest first, a page at a time.

        For somebody who waits and needs a page or two.
        """
        query = {"created[gte]": str(since), "limit": "100"}
        more = True
        while more:
            listed = await self._client.read(CUSTOMERS.path, _Customers, query)
            yield listed.data
            more = listed.has_more
            query["starting_after"] = listed.data[-1].id if more else ""

    async def charge(self, charge_id: str) -> Charge:
        """One charge, for a row whose charge Stripe did not expand."""
        return await self.read_one(path_to("charges", charge_id), "GET /v1/charges/{id}", Charge)

    async def newest_payments(self, customer_id: str) -> list[PaymentAttempt]:
        """A student's newest payments of any kind, newest first, at most a hundred.

        Raises:
            StripeRefused: `resource_missing`, no such student.
        """
        expand = {f"expand[{n}]": path for n, path in enumerate(PAYMENTS.expand)}
        query = {**expand, "customer": customer_id, "limit": "100"}
        return (await self.read_one(PAYMENTS.path, PAYMENTS.endpoint, _Payments, query)).data

    async def payment(self, payment_intent_id: str) -> PaymentRecord:
        """One payment in full, which no list inside a window has."""
        path = "/v1/payment_intents/{id}"
        query = {f"expand[{n}]": expanded for n, expanded in enumerate(IN_FULL)}
        found = path.format(id=payment_intent_id)
        return await self.read_one(found, f"GET {path}", PaymentRecord, query)

    async def newest_card(self, customer_id: str) -> PaymentMethod | None:
        """The newest saved card, for a student without a default one; None without any.

        Also None for a student who was deleted meanwhile.
        """
        path = path_to("customers", customer_id, "payment_methods")
        endpoint = "GET /v1/customers/{id}/payment_methods"
        query = {"type": "card", "limit": "1"}
        try:
            cards = await self.read_one(path, endpoint, _Cards, query)
        except StripeRefused as refusal:
            if refusal.code == "resource_missing":
                return None
            raise
        return cards.data[0] if cards.data else None

    async def read_one(
        self, path: str, endpoint: str, kind: type[Found], query: dict[str, str] | None = None
    ) -> Found:
        """One object or page, for a report or the night; it waits for the budget as lists do.

        What arrives cut short is asked for again.
        """
        await self._budget.take(endpoint)
        patience = Patience(self._budget, endpoint)
        for cut_short in itertools.count(1):
            body = await self._client.patient(path, query or {}, endpoint, patience.retry)
            try:
                return msgspec.json.decode(body, type=kind)
            except msgspec.ValidationError:
                raise
            except msgspec.DecodeError as error:
                if not await patience.retry(Failure(status=200), cut_short):
                    raise StripeUnavailable("Stripe's answers arrive cut short.") from error
        raise AssertionError("counting never ends")
