"""Paying for a lesson: hold, capture, release, refund. Staff do each step by hand.

Amounts are integer cents in `usd`, from 1 up.
"""

from dataclasses import dataclass

from shop.accounts import account
from shop.errors import BadRequest
from shop.locks import one_at_a_time
from shop.rules.lesson_ledger import LESSON_METADATA
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.objects import PaymentIntent


@dataclass(frozen=True)
class GivenBack:
    """What a refund came to: a Refund of captured money, or a hold that was let go.

    Exactly one of the two is set.
    """

    refund_id: str | None = None
    released: PaymentIntent | None = None


async def hold(
    storage: Storage,
    gateway: StripeGateway,
    *,
    customer_id: str,
    amount: int,
    description: str,
    attempt: str,
) -> PaymentIntent:
    """Place a hold on the student's saved card.

    One at a time with whatever else changes the student, so that nobody is deleted meanwhile.

    Raises:
        UnknownCustomer: no such student, or deleted.
        BadRequest: the student has no card.
        StripeRefused: the card was declined; the error names the PaymentIntent that was made.
    """
    async with one_at_a_time(storage, "student", customer_id):
        found = await account(gateway, customer_id)
        if found.card is None:
            raise BadRequest(f"no payment methods found for {customer_id}")
        return await gateway.payments.authorize(
            customer=customer_id,
            payment_method=found.card.id,
            amount=amount,
            description=description,
            metadata=LESSON_METADATA,
            attempt=f"{attempt}-hold",
        )


async def capture(
    gateway: StripeGateway, payment_intent_id: str, *, amount: int | None, attempt: str
) -> PaymentIntent:
    """Capture all of a hold, or `amount` of it; Stripe releases the rest.

    Capturing again is Stripe's own error.
    """
    if amount is None:
        held = await gateway.payments.get(payment_intent_id)
        amount = held.amount_capturable or held.amount
    return await gateway.payments.capture(
        payment_intent_id, amount=amount, attempt=f"{attempt}-capture"
    )


async def give_back(
    gateway: StripeGateway, payment_intent_id: str, *, amount: int | None, attempt: str
) -> GivenBack:
    """Refund all or part of a captured payment; let go of a hold that was never captured.

    Letting go again under the same attempt is the first answer again; anew, it is Stripe's error.

    Raises:
        BadRequest: `amount` is only a part of a hold.
    """
    payment = await gateway.payments.get(payment_intent_id)
    if payment.status in ("requires_capture", "canceled"):
        if amount is not None and amount != payment.amount:
            raise BadRequest(
                "This payment is a hold that was not captured yet. It can only be released as a"
                " whole; capture a part of it to charge less."
            )
        return GivenBack(
            released=await gateway.payments.release(payment.id, attempt=f"{attempt}-release")
        )
    refund = await gateway.payments.refund(
        payment_intent_id, amount=amount, attempt=f"{attempt}-refund"
    )
    return GivenBack(refund_id=refund.id)
