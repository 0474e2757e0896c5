"""How an attempt that comes again after a lost answer finds the payment that it made.

Stripe does a write once per idempotency key, but only as long as its parameters stay the same
(https://docs.stripe.com/api/idempotent_requests). The card of a hold may have changed meanwhile:
then Stripe refuses the key and does nothing. So a payment bears a digest of its attempt in its
metadata, at Stripe, where any process finds it, also when Redis was lost.
"""

import hashlib
from collections.abc import Iterable

from shop.book_keeping import note_payment
from shop.errors import StripeRefused, StripeUnavailable
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.payment_record import PaymentRecord
from shop.stripe_gateway.payments import PaymentIntent

MADE_BY = "attempt"
"""In the metadata of a payment: the digest of the attempt that made it."""

NOT_KNOWN_YET = "Stripe has not said yet what came of the first try. Please try again in a moment."

SETTLED = frozenset({"requires_capture", "succeeded", "canceled"})
"""States of a payment that the bank has said yes to, or that is over."""


def digest_of(attempt: str) -> str:
    """What a payment bears of its attempt, in place of the caller's key itself."""
    return hashlib.sha256(attempt.encode()).hexdigest()[:32]


def made_by(attempt: str, payments: Iterable[PaymentRecord]) -> PaymentRecord | None:
    """The one of these payments that the attempt made, if it did."""
    digest = digest_of(attempt)
    return next((each for each in payments if each.metadata.get(MADE_BY) == digest), None)


async def outcome_of(
    storage: Storage, gateway: StripeGateway, payment_intent_id: str
) -> PaymentIntent:
    """What became of a payment that was made before, also written down.

    Raises:
        StripeRefused: its card was declined, as whoever made it was told at first.
        StripeUnavailable: it is made, and nobody has said yes or no to it.
    """
    payment = await gateway.payments.get(payment_intent_id)
    await note_payment(storage, gateway, payment)
    why = payment.last_payment_error
    if why is None and payment.status not in SETTLED:
        raise StripeUnavailable(NOT_KNOWN_YET)
    if why is None:
        return payment
    raise StripeRefused(
        why.message or "The card was declined.",
        code=why.code,
        status=402,
        decline_code=why.decline_code,
        payment_intent_id=payment.id,
    )
