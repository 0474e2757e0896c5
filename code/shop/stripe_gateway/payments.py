"""Holds, captures, releases and refunds at Stripe.

Amounts are integer cents, the currency is `usd`. Every write takes an `attempt`: the
idempotency key under which Stripe does it once, however often it is sent. All methods raise
the errors of `shop.errors.StripeError`, and answer with the payment in full: its charge with what
was booked and what was refunded.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
import stripe

from shop.errors import StripeRefused
from shop.stripe_gateway.client import DOTS, StripeClient, Written, expanding, path_to
from shop.stripe_gateway.objects import Refund
from shop.stripe_gateway.payment_record import IN_FULL, PaymentAtHand, PaymentRecord

CURRENCY = "usd"

COLLECTION = "payment_intents"

IN_FULL_OF_REFUND = [f"payment_intent.{path}" for path in IN_FULL]


class PaymentIntent(PaymentRecord, frozen=True, kw_only=True):
    """A hold, a payment, or an attempt at one, as an answer of Stripe's has it.

    Attributes:
        document: the object as Stripe sends it where nothing is expanded, for answers that hand
            it on.
        repeated: Stripe gave the first answer to this attempt again, so the payment may have
            changed since.
    """

    document: dict[str, Any]
    repeated: bool = False


class GivenRefund(msgspec.Struct, frozen=True):
    """A refund, and the payment after it."""

    refund: Refund
    payment: PaymentIntent


class _Payments(msgspec.Struct):
    data: list[PaymentRecord]
    has_more: bool


class Payments:
    """What the shop does with a student's PaymentIntents."""

    def __init__(self, client: StripeClient) -> None:
        self._client = client

    async def get(self, payment_intent_id: str) -> PaymentIntent:
        """The payment as it is now."""
        _refuse_dots(payment_intent_id)
        document = await self._client.read(
            path_to(COLLECTION, payment_intent_id), dict[str, Any], expanding(IN_FULL)
        )
        return _in_full(document)

    async def at_hand(self, payment_intent_id: str) -> PaymentAtHand:
        """The payment as it is now, with what its student's page needs to confirm it."""
        _refuse_dots(payment_intent_id)
        return await self._client.read(path_to(COLLECTION, payment_intent_id), PaymentAtHand, {})

    async def authorize(
        self,
        *,
        customer: str,
        payment_method: str,
        amount: int,
        description: str | None,
        metadata: Mapping[str, str],
        attempt: str,
    ) -> PaymentIntent:
        """Place a hold on the saved card while the student is away (off session).

        Raises:
            StripeRefused: the card was declined; the error names the PaymentIntent.
        """
        params: stripe.params.PaymentIntentCreateParams = {
            "amount": amount,
            "currency": CURRENCY,
            "customer": customer,
            "payment_method": payment_method,
            "allowed_payment_method_types": ["card"],
            "capture_method": "manual",
            "confirm": True,
            "off_session": True,
            "metadata": dict(metadata),
            "expand": list(IN_FULL),
        }
        if description is not None:
            params["description"] = description
        return _payment(await self._client.post(f"/v1/{COLLECTION}", params, attempt=attempt))

    async def capture(self, payment_intent_id: str, *, amount: int, attempt: str) -> PaymentIntent:
        """Capture `amount` of the hold; Stripe releases the rest."""
        _refuse_dots(payment_intent_id)
        params: stripe.params.PaymentIntentCaptureParams = {
            "amount_to_capture": amount,
            "expand": list(IN_FULL),
        }
        path = path_to(COLLECTION, payment_intent_id, "capture")
        return _payment(await self._client.post(path, params, attempt=attempt))

    async def release(self, payment_intent_id: str, *, attempt: str) -> PaymentIntent:
        """Cancel the hold, so that nothing is charged."""
        _refuse_dots(payment_intent_id)
        params: stripe.params.PaymentIntentCancelParams = {
            "cancellation_reason": "requested_by_customer",
            "expand": list(IN_FULL),
        }
        path = path_to(COLLECTION, payment_intent_id, "cancel")
        return _payment(await self._client.post(path, params, attempt=attempt))

    async def refund(
        self, payment_intent_id: str, *, amount: int | None, attempt: str
    ) -> GivenRefund:
        """Give back `amount` of a captured payment, or all that is left of it when None."""
        params: stripe.params.RefundCreateParams = {
            "payment_intent": payment_intent_id,
            "reason": "requested_by_customer",
            "expand": IN_FULL_OF_REFUND,
        }
        if amount is not None:
            params["amount"] = amount
        written = await self._client.post("/v1/refunds", params, attempt=attempt)
        document = msgspec.json.decode(written.body)
        payment = document["payment_intent"]
        refund = msgspec.convert({**document, "payment_intent": payment["id"]}, Refund)
        return GivenRefund(refund, _in_full(payment, repeated=written.repeated))

    async def uncaptured_of(self, customer_id: str) -> list[str]:
        """Ids of the student's open holds, newest first, from every page of their payments."""
        payments = await self.of_student_since(customer_id, 0)
        return [payment.id for payment in payments if payment.status == "requires_capture"]

    async def of_student_since(self, customer_id: str, moment: int) -> list[PaymentRecord]:
        """The student's payments from `moment` on (unix seconds), newest first, nothing expanded.

        From every page of the list.
        """
        found: list[PaymentRecord] = []
        query = {"customer": customer_id, "created[gte]": str(moment), "limit": "100"}
        more = True
        while more:
            page = await self._client.read(f"/v1/{COLLECTION}", _Payments, query)
            found += page.data
            more = page.has_more
            query["starting_after"] = found[-1].id if found else ""
        return found


def _payment(written: Written) -> PaymentIntent:
    return _in_full(msgspec.json.decode(written.body), repeated=written.repeated)


def _in_full(document: dict[str, Any], *, repeated: bool = False) -> PaymentIntent:
    charge = document["latest_charge"]
    unexpanded = {**document, "latest_charge": charge["id"] if charge else None}
    return msgspec.convert(
        {**document, "document": unexpanded, "repeated": repeated}, PaymentIntent
    )


def _refuse_dots(payment_intent_id: str) -> None:
    """Stripe's own answer for an id that would lead to another address."""
    if payment_intent_id in DOTS:
        raise StripeRefused(
            f"No such payment_intent: '{payment_intent_id}'", code="resource_missing", status=404
        )
