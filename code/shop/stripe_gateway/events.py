"""Reading Stripe's events, and which payment their objects belong to.

All methods raise the errors of `shop.errors.StripeError`.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from shop.stripe_gateway.bulk import Bulk
from shop.stripe_gateway.client import StripeClient, path_to
from shop.stripe_gateway.objects import Event

MOST_TYPES = 20
"""Types that one call may ask for (https://docs.stripe.com/api/events/list)."""

PATH = "/v1/events"


class _OfPayment(msgspec.Struct):
    payment_intent: str | None = None


class _Page(msgspec.Struct):
    data: list[Event]
    has_more: bool


class Events:
    """What happened at Stripe, as far back as 30 days."""

    def __init__(self, client: StripeClient, bulk: Bulk) -> None:
        self._client = client
        self._bulk = bulk

    async def since(self, moment: int, types: Iterable[str]) -> list[Event]:
        """Every event of these types from `moment` (unix seconds) on, oldest first.

        For the night: it takes what requests others leave.
        """
        wanted = sorted(types)
        found: dict[str, Event] = {}
        for begin in range(0, len(wanted), MOST_TYPES):
            some = {f"types[{n}]": kind for n, kind in enumerate(wanted[begin:][:MOST_TYPES])}
            query = {**some, "created[gte]": str(moment), "limit": "100"}
            more = True
            while more:
                page = await self._bulk.read_one(PATH, f"GET {PATH}", _Page, query)
                found |= {event.id: event for event in page.data}
                more = page.has_more
                query["starting_after"] = page.data[-1].id if more else ""
        oldest_first = list(found.values())[::-1]
        return sorted(oldest_first, key=lambda event: event.created)

    async def payment_behind(
        self, kind: Literal["charges", "disputes", "refunds"], object_id: str
    ) -> str | None:
        """Id of the PaymentIntent of a charge, dispute or refund; None where there is none.

        Raises:
            StripeRefused: there is no such object, or not yet.
        """
        found = await self._client.read(path_to(kind, object_id), _OfPayment, {})
        return found.payment_intent
