"""Reading what became of payments and cards, for staff who look at them.

Answers are decoded straight into the fields that are read, as in `bulk`; a person waits, so no
call is held back by the budget. All methods raise the errors of `shop.errors.StripeError`.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from shop.errors import StripeRefused, UnknownCustomer
from shop.stripe_gateway.client import DOTS, StripeClient, expanding, path_to
from shop.stripe_gateway.objects import CardSetup, Dispute
from shop.stripe_gateway.payment_record import IN_FULL, PaymentRecord

Row = TypeVar("Row")

FULL_PAGE = 100

MOST_PAYMENTS = 300
"""Payments of one student that are read while a person waits: three pages."""


class _Page(msgspec.Struct, Generic[Row]):
    data: list[Row]
    has_more: bool


@dataclass(frozen=True)
class PaymentsOfStudent:
    """A student's newest payments, newest first; `complete` where there are no older ones."""

    payments: list[PaymentRecord]
    complete: bool


class History:
    """What has happened, read from Stripe at this moment."""

    def __init__(self, client: StripeClient) -> None:
        self._client = client

    async def payment(self, payment_intent_id: str) -> PaymentRecord:
        """A payment with all that hangs on it.

        Raises:
            StripeRefused: there is no such payment.
        """
        if payment_intent_id in DOTS:
            raise StripeRefused(
                f"No such payment_intent: '{payment_intent_id}'",
                code="resource_missing",
                status=404,
            )
        path = path_to("payment_intents", payment_intent_id)
        return await self._client.read(path, PaymentRecord, expanding(IN_FULL))

    async def dispute_of(self, payment: PaymentRecord) -> Dispute | None:
        """The newest dispute of a payment, None where nobody ever contested it."""
        if payment.charge is None or not payment.charge.disputed:
            return None
        query = {"payment_intent": payment.id, "limit": "1"}
        page = await self._client.read("/v1/disputes", _Page[Dispute], query)
        return page.data[0] if page.data else None

    async def payments_of(self, customer_id: str) -> PaymentsOfStudent:
        """A student's newest payments of any kind, in full, at most `MOST_PAYMENTS`.

        Raises:
            UnknownCustomer: no such student, or deleted.
        """
        query = {
            **expanding(tuple(f"data.{path}" for path in IN_FULL)),
            "customer": customer_id,
            "limit": str(FULL_PAGE),
        }
        found: list[PaymentRecord] = []
        more = True
        while more and len(found) < MOST_PAYMENTS:
            page = await self._page_of_student("/v1/payment_intents", query, PaymentRecord)
            found += page.data
            more = page.has_more
            query["starting_after"] = page.data[-1].id if page.data else ""
        return PaymentsOfStudent(found, complete=not more)

    async def card_setups_of(self, customer_id: str) -> list[CardSetup]:
        """A student's newest hundred attempts at saving a card, newest first.

        Raises:
            UnknownCustomer: no such student, or deleted.
        """
        query = {
            **expanding(("data.payment_method",)),
            "customer": customer_id,
            "limit": str(FULL_PAGE),
        }
        return (await self._page_of_student("/v1/setup_intents", query, CardSetup)).data

    async def _page_of_student(
        self, path: str, query: dict[str, str], row: type[Row]
    ) -> _Page[Row]:
        try:
            return await self._client.read(path, _Page[row], query)  # type: ignore[valid-type]
        except StripeRefused as refusal:
            if refusal.code == "resource_missing":
                raise UnknownCustomer(query["customer"]) from refusal
            raise
