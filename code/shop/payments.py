"""Paying for a lesson: hold, capture, release, refund. Staff do each step by hand.

Amounts are integer cents in `usd`, from 1 up. An `attempt` that comes again after its answer was
lost ends as it did at first. `shop.hold_again` puts a new hold in an old one's place.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shop.accounts import account
from shop.attempts import MADE_BY, NOT_KNOWN_YET, digest_of, made_by, outcome_of
from shop.book_keeping import note_now, note_payment
from shop.errors import BadRequest, NoCard, StripeKeyReused, StripeRefused, StripeUnavailable
from shop.locks import one_at_a_time
from shop.rules.lesson_ledger import LESSON_METADATA
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.objects import Refund
from shop.stripe_gateway.payments import PaymentIntent

INSTRUCTOR = "instructor"
"""In the metadata of a payment: who gives the lesson."""


@dataclass(frozen=True)
class GivenBack:
    """A payment after its money was given back; `refund` is None where a hold was let go."""

    payment: PaymentIntent
    refund: Refund | None = None


async def hold(
    storage: Storage,
    gateway: StripeGateway,
    *,
    customer_id: str,
    amount: int,
    description: str,
    instructor: str | None,
    attempt: str,
    may_come_again: bool,
) -> PaymentIntent:
    """Place a hold on the student's saved card.

    One at a time with whatever else changes the student, so that nobody is deleted meanwhile.

    Args:
        may_come_again: the caller has named the attempt, so the payment bears its digest.

    Raises:
        UnknownCustomer: no such student, or deleted.
        NoCard: the student has no card.
        StripeRefused: the card was declined; the error names the PaymentIntent that was made.
        StripeUnavailable: see `authorize`.
    """
    key = f"{attempt}-hold"
    metadata = (
        LESSON_METADATA
        | ({INSTRUCTOR: instructor} if instructor else {})
        | ({MADE_BY: digest_of(key)} if may_come_again else {})
    )
    async with one_at_a_time(storage, "student", customer_id, until_answered=True):
        return await authorize(
            storage,
            gateway,
            customer_id=customer_id,
            amount=amount,
            description=description,
            metadata=metadata,
            attempt=key,
        )


async def authorize(
    storage: Storage,
    gateway: StripeGateway,
    *,
    customer_id: str,
    amount: int,
    description: str | None,
    metadata: Mapping[str, str],
    attempt: str,
) -> PaymentIntent:
    """Place a hold on the card of now, and write down what became of it.

    To be called under the student's lock. An attempt that comes again once the card is another one,
    or gone, gets what it made at first.

    Raises:
        UnknownCustomer, NoCard, StripeRefused: see `hold`.
        StripeUnavailable: Stripe knows the attempt, and has made nothing of it that is decided.
    """
    try:
        payment = await gateway.payments.authorize(
            customer=customer_id,
            payment_method=await _card_to_charge(gateway, customer_id),
            amount=amount,
            description=description,
            metadata=metadata,
            attempt=attempt,
        )
    except (NoCard, StripeKeyReused) as error:
        if MADE_BY not in metadata:
            raise
        made = made_by(attempt, await gateway.payments.of_student_since(customer_id, 0))
        asked = (amount, description, metadata.get(INSTRUCTOR))
        if made and (made.amount, made.description, made.metadata.get(INSTRUCTOR)) == asked:
            return await outcome_of(storage, gateway, made.id)
        if made is None and isinstance(error, StripeKeyReused):
            raise StripeUnavailable(NOT_KNOWN_YET) from error
        raise
    except StripeRefused as error:
        if error.payment_intent_id is not None:
            await note_now(storage, gateway, error.payment_intent_id)
        raise
    if payment.repeated:
        return await outcome_of(storage, gateway, payment.id)
    await note_payment(storage, gateway, payment)
    return payment


async def _card_to_charge(gateway: StripeGateway, customer_id: str) -> str:
    found = await account(gateway, customer_id)
    if found.card is None:
        raise NoCard(customer_id)
    return found.card.id


async def capture(
    storage: Storage,
    gateway: StripeGateway,
    payment_intent_id: str,
    *,
    amount: int | None,
    attempt: str,
) -> PaymentIntent:
    """Capture all of a hold, or `amount` of it; Stripe releases the rest.

    Capturing again is Stripe's own error.
    """
    key = f"{attempt}-capture"
    async with one_at_a_time(storage, "payment", payment_intent_id, until_answered=True):
        if amount is None:
            amount = await _all_of(gateway, payment_intent_id)
        payment = await gateway.payments.capture(payment_intent_id, amount=amount, attempt=key)
        await note_payment(storage, gateway, payment)
    return payment


async def release(
    storage: Storage, gateway: StripeGateway, payment_intent_id: str, *, attempt: str
) -> PaymentIntent:
    """Let go of a hold, or of a payment that failed or waits for the student.

    Releasing again, or what was captured, is Stripe's own error.
    """
    async with one_at_a_time(storage, "payment", payment_intent_id, until_answered=True):
        return await released(storage, gateway, payment_intent_id, attempt=f"{attempt}-release")


async def released(
    storage: Storage, gateway: StripeGateway, payment_intent_id: str, *, attempt: str
) -> PaymentIntent:
    """The payment once it is let go and written down. To be called under the payment's lock."""
    payment = await gateway.payments.release(payment_intent_id, attempt=attempt)
    await note_payment(storage, gateway, payment)
    return payment


async def give_back(
    storage: Storage,
    gateway: StripeGateway,
    payment_intent_id: str,
    *,
    amount: int | None,
    attempt: str,
) -> GivenBack:
    """Refund all or part of a captured payment; let go of a hold that was never captured.

    Letting go again under the same attempt is the first answer again; anew, it is Stripe's error.

    Raises:
        BadRequest: `amount` is only a part of a hold.
    """
    async with one_at_a_time(storage, "payment", payment_intent_id, until_answered=True):
        payment = await gateway.payments.get(payment_intent_id)
        if payment.status in ("requires_capture", "canceled"):
            if amount is not None and amount != payment.amount:
                raise BadRequest(
                    "This payment is a hold that was not captured yet. It can only be released as"
                    " a whole; capture a part of it to charge less."
                )
            return GivenBack(
                await released(storage, gateway, payment.id, attempt=f"{attempt}-release")
            )
        given = await gateway.payments.refund(
            payment_intent_id, amount=amount, attempt=f"{attempt}-refund"
        )
        await note_payment(storage, gateway, given.payment)
        return GivenBack(given.payment, given.refund)


async def _all_of(gateway: StripeGateway, payment_intent_id: str) -> int:
    """What there is to capture, or was: an attempt that comes again sends what it sent before."""
    held = await gateway.payments.at_hand(payment_intent_id)
    return held.amount_capturable or held.amount_received or held.amount
