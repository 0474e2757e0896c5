"""Payments of one lesson that were made in each other's place, by what Stripe keeps of them.

Each new hold names the first payment of its line in its metadata, at Stripe, where every process
reads it. Only one of a line may stand: another hold beside it would take the amount twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.payment_record import PaymentRecord

IN_PLACE_OF = "hold_again_of"
"""In the metadata of a new hold: the id of the first payment of its line."""

STANDS = frozenset({"requires_capture", "succeeded"})

OVER = frozenset({"succeeded", "canceled"})
"""States in which nothing can be called off."""


@dataclass(frozen=True)
class Line:
    """The other payments of a payment's line, newest first.

    Attributes:
        first: the id of the one with which the line began.
        newer, older: those that were made after this payment, and before it.
    """

    first: str
    newer: Sequence[PaymentRecord]
    older: Sequence[PaymentRecord]

    @property
    def in_its_place(self) -> PaymentRecord | None:
        """The one that stands in the payment's place: a later hold, or whichever was captured."""
        later = [other for other in self.newer if other.status in STANDS]
        return next(iter([*later, *self.captured]), None)

    @property
    def captured(self) -> list[PaymentRecord]:
        """Older ones that were captured: the lesson is paid."""
        return [other for other in self.older if other.status == "succeeded"]

    @property
    def to_call_off(self) -> list[str]:
        """Ids of those that must go once the payment itself is the hold that stands."""
        return [other.id for other in self.older if other.status not in OVER]

    @property
    def waiting(self) -> list[str]:
        """Ids of those that are neither held nor over: confirmed later, they would be a hold."""
        others = [*self.newer, *self.older]
        return [other.id for other in others if other.status not in STANDS | OVER]


async def line_of(gateway: StripeGateway, payment: PaymentRecord) -> Line:
    """The line of a student's payment.

    Raises:
        StripeError: see `shop.errors`.
    """
    first = payment.metadata.get(IN_PLACE_OF, payment.id)
    if payment.customer is None:
        return Line(first, (), ())
    began = payment if first == payment.id else await gateway.payments.get(first)
    since = await gateway.payments.of_student_since(payment.customer, began.created)
    line = [each for each in since if first in (each.id, each.metadata.get(IN_PLACE_OF))]
    place = [each.id for each in line].index(payment.id)
    return Line(first, line[:place], line[place + 1 :])
