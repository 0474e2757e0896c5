"""A payment that its student has to confirm with the bank, on a page of their own.

The shop places holds while the student is away. A bank that wants to see the student declines such
a hold with `authentication_required`; the PaymentIntent stays, and with its client secret the
student can confirm it later
(https://docs.stripe.com/payments/save-and-reuse#charge-saved-payment-method).
"""

from dataclasses import dataclass

from msgspec.structs import replace

from shop.accounts import account
from shop.errors import StripeRefused
from shop.lesson_book.entries import PaymentEntry, PaymentState, payment_entry
from shop.replacements import line_of
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.objects import PaymentMethod
from shop.stripe_gateway.payment_record import PaymentAtHand


@dataclass(frozen=True)
class WayToConfirm:
    """What Stripe.js confirms a payment with: its secret, and the card it was tried on."""

    client_secret: str
    card: PaymentMethod


@dataclass(frozen=True)
class Confirmation:
    """A payment as its student sees it.

    Attributes:
        payment: released also where another one stands in its place and it merely was not called
            off yet: confirmed now, it would be a second hold.
        way: None where nothing is left to confirm, and where it can't be confirmed any more.
        card_replaced: it waits for a confirmation of a card that is not the student's any more.
    """

    payment: PaymentEntry
    way: WayToConfirm | None
    card_replaced: bool


async def confirmation(gateway: StripeGateway, payment_intent_id: str) -> Confirmation:
    """The payment, and how it can be confirmed if it still waits for that.

    Raises:
        StripeRefused: no such payment, or none of ours: other parts of the account take money too.
        UnknownCustomer: the student was deleted.
    """
    payment = await gateway.payments.at_hand(payment_intent_id)
    entry = payment_entry(payment)
    if entry is None:
        raise StripeRefused(
            f"No such payment_intent: '{payment_intent_id}'", code="resource_missing", status=404
        )
    card = (await account(gateway, entry.student)).card
    if entry.state is PaymentState.NEEDS_CONFIRMATION:
        line = await line_of(gateway, payment)
        if line.in_its_place is not None:
            entry = replace(entry, state=PaymentState.RELEASED)
    if entry.state is not PaymentState.NEEDS_CONFIRMATION:
        return Confirmation(entry, way=None, card_replaced=False)
    way = _way(payment, card)
    return Confirmation(entry, way, card_replaced=way is None)


def _way(payment: PaymentAtHand, card: PaymentMethod | None) -> WayToConfirm | None:
    """A student has one card. Stripe confirms no payment with one that was taken off them."""
    if card is None or card.id != payment.tried_on:
        return None
    return WayToConfirm(payment.client_secret, card)
