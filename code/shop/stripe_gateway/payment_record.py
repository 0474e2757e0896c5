"""A payment with all that hangs on it: its charge, the charge's refunds, and what was booked.

Amounts are integer minor units (cents) of the payment's currency, times unix seconds in UTC.
Reports read the slimmer types of `objects`, a million rows at a time.
"""

from msgspec import Struct, field

from shop.stripe_gateway.objects import (
    NO_CARD,
    BalanceTransaction,
    ChargedCard,
    ChargedMethod,
    LastPaymentError,
    Refund,
)

IN_FULL = ("latest_charge.balance_transaction", "latest_charge.refunds")
"""What is expanded for a `PaymentRecord`. In lists, `data.` goes before each path."""


class RefundList(Struct, frozen=True):
    """The newest refunds of a charge; Stripe puts ten of them into it at most."""

    data: tuple[Refund, ...] = ()


class ChargeRecord(Struct, frozen=True, omit_defaults=True):
    """A charge, with what became of its money.

    Attributes:
        status: succeeded, pending or failed; a hold's is `succeeded` too.
        amount_captured: what was taken of the amount that was authorized.
        amount_refunded: what went back or is on its way; a refund that failed is not in it.
        balance_transaction: what the capture moved on the balance; only that proves Stripe's fee.
        disputed: whether its card's holder ever contested it.
    """

    id: str
    created: int = 0
    status: str | None = None
    amount_captured: int = 0
    amount_refunded: int = 0
    disputed: bool = False
    payment_method_details: ChargedMethod | None = None
    balance_transaction: BalanceTransaction | str | None = None
    refunds: RefundList | None = None

    @property
    def card(self) -> ChargedCard:
        """The card that was charged; an empty one where it was something else."""
        method = self.payment_method_details
        return (method and method.card) or NO_CARD


class PaymentRecord(Struct, frozen=True, omit_defaults=True):
    """A PaymentIntent; see `IN_FULL` for what is expanded in it.

    Attributes:
        cancellation_reason: `expired` (or `automatic`, of older versions) where its hold lapsed.
        customer: the student's id; None for a payment that belongs to nobody.
    """

    id: str
    created: int
    status: str
    amount: int
    currency: str
    amount_capturable: int = 0
    amount_received: int = 0
    canceled_at: int | None = None
    cancellation_reason: str | None = None
    customer: str | None = None
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    latest_charge: ChargeRecord | str | None = None
    last_payment_error: LastPaymentError | None = None

    @property
    def charge(self) -> ChargeRecord | None:
        """The latest charge, where there is one and it was expanded."""
        return self.latest_charge if isinstance(self.latest_charge, ChargeRecord) else None


class PaymentAtHand(PaymentRecord, frozen=True, kw_only=True, omit_defaults=True):
    """A payment whose student is there and may be asked for something; nothing is expanded.

    Attributes:
        client_secret: with it Stripe.js confirms the payment; for that student's page alone.
        payment_method: the id of the card; None once the card was declined.
    """

    client_secret: str
    payment_method: str | None = None

    @property
    def tried_on(self) -> str | None:
        """The id of the card that was tried last: Stripe takes a declined one off the payment."""
        error = self.last_payment_error
        declined = error.payment_method.id if error and error.payment_method else None
        return self.payment_method or declined
