"""Whole lists of Stripe, page by page, decoded straight into the fields that reports read.

A list is walked newest first inside a window that is frozen before the first call: rows that
arrive meanwhile are newer than the window's end and cannot shift the pages
(https://docs.stripe.com/api/pagination).
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import msgspec

from shop.errors import StripeUnavailable
from shop.rules.window import Window
from shop.stripe_gateway.client import StripeClient
from shop.stripe_gateway.objects import (
    BalanceTransaction,
    Charge,
    Customer,
    PaymentAttempt,
)

LARGEST_PAGE = 100
SMALLEST_PAGE = 10


class Listed(Protocol):
    """What every row of a list has: an id to continue after, and its time in unix seconds."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def created(self) -> int: ...  # noqa: D102


Row = TypeVar("Row", bound=Listed)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, newest first.

    Attributes:
        walked_to: unix seconds; everything of the window that is newer has been read.
    """

    rows: tuple[Row, ...]
    walked_to: int


class _List(msgspec.Struct, Generic[Row]):
    data: list[Row]
    has_more: bool


class Bulk:
    """The lists that reports read."""

    def __init__(self, client: StripeClient) -> None:
        self._client = client

    def balance_transactions(self, window: Window) -> AsyncIterator[Page[BalanceTransaction]]:
        """Movements of the balance in the window, each with its source and the source's charge."""
        return self._walk(
            "/v1/balance_transactions",
            BalanceTransaction,
            _within(window) | _expanding("data.source", "data.source.charge"),
            window.start,
        )

    def payment_attempts(self, window: Window) -> AsyncIterator[Page[PaymentAttempt]]:
        """PaymentIntents made in the window, each with its charge, its student and their card."""
        return self._walk(
            "/v1/payment_intents",
            PaymentAttempt,
            _within(window)
            | _expanding(
                "data.customer.invoice_settings.default_payment_method", "data.latest_charge"
            ),
            window.start,
        )

    def customers_since(self, start: int) -> AsyncIterator[Page[Customer]]:
        """Customers made at `start` (unix seconds) or later; deleted ones are not listed."""
        return self._walk("/v1/customers", Customer, {"created[gte]": str(start)}, start)

    async def charge(self, charge_id: str) -> Charge:
        """One charge, for a row whose charge Stripe did not expand."""
        body = await self._client.page(f"/v1/charges/{charge_id}", {})
        return msgspec.json.decode(body, type=Charge)

    async def _walk(
        self, path: str, kind: type[Row], query: Mapping[str, str], start: int
    ) -> AsyncIterator[Page[Row]]:
        decoder = msgspec.json.Decoder(_List[kind])  # type: ignore[valid-type]
        cursor: dict[str, str] = {}
        while True:
            listed = await self._page(path, {**query, **cursor}, decoder)
            walked_to = listed.data[-1].created if listed.has_more else start
            yield Page(tuple(listed.data), walked_to)
            if not listed.has_more:
                return
            cursor = {"starting_after": listed.data[-1].id}

    async def _page(
        self, path: str, query: Mapping[str, str], decoder: msgspec.json.Decoder[_List[Row]]
    ) -> _List[Row]:
        """One page, asking for half as many rows each time the answer arrives cut short."""
        limit = LARGEST_PAGE
        while True:
            body = await self._client.page(path, {**query, "limit": str(limit)})
            try:
                return decoder.decode(body)
            except msgspec.ValidationError:
                raise
            except msgspec.DecodeError as error:
                if limit <= SMALLEST_PAGE:
                    raise StripeUnavailable("Stripe's answer arrived cut short.") from error
                limit //= 2


def _within(window: Window) -> dict[str, str]:
    return {"created[gte]": str(window.start), "created[lte]": str(window.end)}


def _expanding(*paths: str) -> dict[str, str]:
    return {f"expand[{n}]": path for n, path in enumerate(paths)}
