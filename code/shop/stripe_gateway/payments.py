"""Holds, captures, releases and refunds at Stripe.

Amounts are integer cents, the currency is `usd`. Every write takes an `attempt`: the
idempotency key under which Stripe does it once, however often it is sent. All methods raise
the errors of `shop.errors.StripeError`.
"""

from collections.abc import Mapping

import msgspec
import stripe

from shop.errors import StripeRefused
from shop.stripe_gateway.client import DOTS, StripeClient
from shop.stripe_gateway.decoding import convert, plain
from shop.stripe_gateway.objects import PaymentIntent, Refund

CURRENCY = "usd"


class Payments:
    """What the shop does with a student's PaymentIntents."""

    def __init__(self, client: StripeClient) -> None:
        self._client = client
        self._v1 = client.v1

    async def get(self, payment_intent_id: str) -> PaymentIntent:
        """The payment as it is now."""
        _refuse_dots(payment_intent_id)
        return _payment(
            await self._client.call(
                lambda: self._v1.payment_intents.retrieve_async(payment_intent_id)
            )
        )

    async def authorize(
        self,
        *,
        customer: str,
        payment_method: str,
        amount: int,
        description: str,
        metadata: Mapping[str, str],
        attempt: str,
    ) -> PaymentIntent:
        """Place a hold on the saved card while the student is away (off session).

        Raises:
            StripeRefused: the card was declined; the error names the PaymentIntent.
        """
        return _payment(
            await self._client.write(
                lambda: self._v1.payment_intents.create_async(
                    {
                        "amount": amount,
                        "currency": CURRENCY,
                        "customer": customer,
                        "payment_method": payment_method,
                        "allowed_payment_method_types": ["card"],
                        "capture_method": "manual",
                        "confirm": True,
                        "off_session": True,
                        "description": description,
                        "metadata": dict(metadata),
                    },
                    {"idempotency_key": attempt},
                )
            )
        )

    async def capture(self, payment_intent_id: str, *, amount: int, attempt: str) -> PaymentIntent:
        """Capture `amount` of the hold; Stripe releases the rest."""
        _refuse_dots(payment_intent_id)
        return _payment(
            await self._client.write(
                lambda: self._v1.payment_intents.capture_async(
                    payment_intent_id,
                    {"amount_to_capture": amount},
                    {"idempotency_key": attempt},
                )
            )
        )

    async def release(self, payment_intent_id: str, *, attempt: str) -> PaymentIntent:
        """Cancel the hold, so that nothing is charged."""
        return _payment(
            await self._client.write(
                lambda: self._v1.payment_intents.cancel_async(
                    payment_intent_id,
                    {"cancellation_reason": "requested_by_customer"},
                    {"idempotency_key": attempt},
                )
            )
        )

    async def refund(self, payment_intent_id: str, *, amount: int | None, attempt: str) -> Refund:
        """Give back `amount` of a captured payment, or all that is left of it when None."""
        params: stripe.params.RefundCreateParams = {
            "payment_intent": payment_intent_id,
            "reason": "requested_by_customer",
        }
        if amount is not None:
            params["amount"] = amount
        return convert(
            await self._client.write(
                lambda: self._v1.refunds.create_async(params, {"idempotency_key": attempt})
            ),
            Refund,
        )

    async def uncaptured_of(self, customer_id: str) -> list[str]:
        """Ids of the student's open holds, newest first, from every page of their payments."""
        open_holds: list[str] = []
        cursor: str | None = None
        while True:
            params: stripe.params.PaymentIntentListParams = {
                "customer": customer_id,
                "limit": 100,
            }
            if cursor is not None:
                params["starting_after"] = cursor
            page = await self._client.call(
                lambda params=params: self._v1.payment_intents.list_async(params)  # type: ignore[misc]
            )
            open_holds += [p.id for p in page.data if p.status == "requires_capture"]
            if not page.has_more:
                return open_holds
            cursor = page.data[-1].id


def _payment(document: stripe.PaymentIntent) -> PaymentIntent:
    return msgspec.structs.replace(convert(document, PaymentIntent), document=plain(document))


def _refuse_dots(payment_intent_id: str) -> None:
    """Stripe's own answer for an id that would lead to another address."""
    if payment_intent_id in DOTS:
        raise StripeRefused(
            f"No such payment_intent: '{payment_intent_id}'", code="resource_missing", status=404
        )
