"""A new hold in an old one's place: it lapses soon, has lapsed, or its card was declined.

The new hold comes first, so that a declined card leaves the old one as it is. Then the old one is
called off, also where it was declined or waits for the student: confirmed later, it would be a
second hold. Which payment stands in which one's place is written in the new one's metadata, at
Stripe, where every process reads it.
"""

import asyncio
from dataclasses import dataclass

import msgspec

from shop.attempts import decided_once
from shop.errors import AlreadyHeldAgain, BadRequest, StripeRefused
from shop.locks import one_at_a_time
from shop.payments import authorize, card_to_charge, released
from shop.rules.lesson_ledger import is_lesson
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.payments import PaymentIntent

IN_PLACE_OF = "hold_again_of"
"""The metadata of a new hold that names the old one."""

STANDS = frozenset({"requires_capture", "succeeded"})
"""States of a payment that another hold beside it would double."""

UNEXPECTED_STATE = "payment_intent_unexpected_state"


@dataclass(frozen=True)
class HeldAgain:
    """The new hold; `released` is the old payment, None where it was over already."""

    payment: PaymentIntent
    released: PaymentIntent | None


class _Decision(msgspec.Struct, frozen=True):
    card: str
    release: bool


async def hold_again(
    storage: Storage, gateway: StripeGateway, payment_intent_id: str, *, attempt: str
) -> HeldAgain:
    """Hold the same amount for the same student and lesson, then call the old payment off.

    Raises:
        AlreadyHeldAgain: another hold has taken this one's place.
        BadRequest: it was captured, is no lesson payment, or the student has no card any more.
        UnknownCustomer: the student was deleted.
        StripeRefused: the card was declined; the old hold stands, the error names the new payment.
    """
    student = _student_of(await gateway.payments.get(payment_intent_id))
    async with (
        one_at_a_time(storage, "student", student),
        one_at_a_time(storage, "payment", payment_intent_id),
    ):
        old = await gateway.payments.get(payment_intent_id)
        key = f"{attempt}-hold-again"
        decided = msgspec.json.decode(
            await decided_once(storage, key, lambda: _decide(gateway, student, old)),
            type=_Decision,
        )
        payment = await authorize(
            storage,
            gateway,
            customer_id=student,
            card=decided.card,
            amount=old.amount,
            description=old.description,
            metadata=old.metadata | {IN_PLACE_OF: old.id},
            attempt=key,
        )
        let_go = await _let_go(storage, gateway, old, attempt) if decided.release else None
    return HeldAgain(payment, let_go)


def _student_of(payment: PaymentIntent) -> str:
    if payment.customer is None or not is_lesson(payment.metadata):
        raise BadRequest("This is not the payment of a lesson.")
    return payment.customer


async def _decide(gateway: StripeGateway, student: str, old: PaymentIntent) -> str:
    if old.status == "succeeded":
        raise BadRequest("This payment was captured already.", code=UNEXPECTED_STATE)
    card, since = await asyncio.gather(
        card_to_charge(gateway, student), gateway.payments.of_student_since(student, old.created)
    )
    for other in since:
        if other.metadata.get(IN_PLACE_OF) == old.id and other.status in STANDS:
            raise AlreadyHeldAgain(other.id)
    decision = _Decision(card, release=old.status != "canceled")
    return msgspec.json.encode(decision).decode()


async def _let_go(
    storage: Storage, gateway: StripeGateway, old: PaymentIntent, attempt: str
) -> PaymentIntent | None:
    """The old payment, called off; None where it lapsed a moment ago."""
    try:
        return await released(storage, gateway, old.id, attempt=f"{attempt}-release")
    except StripeRefused as error:
        if error.code != UNEXPECTED_STATE:
            raise
        return None
