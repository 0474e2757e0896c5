"""What the shop reads of Stripe's objects: frozen values with just the fields it uses.

Amounts are integer minor units (cents), times are unix seconds in UTC.
Members that Stripe sends and the shop does not read are ignored while decoding.
"""

from typing import Any

from msgspec import Struct, field


class Card(Struct, frozen=True):
    """The visible part of a card."""

    brand: str
    last4: str
    exp_month: int
    exp_year: int


class PaymentMethod(Struct, frozen=True):
    """A saved way to pay; the shop itself saves cards only.

    Attributes:
        created: when it was entered, unix seconds UTC.
        card: None where it is something else, saved by another part of the account.
        customer: None once it was detached, or before it was attached.
    """

    id: str
    created: int
    card: Card | None = None
    customer: str | None = None


class InvoiceSettings(Struct, frozen=True):
    """Where Stripe keeps the default card; an id where it was not expanded."""

    default_payment_method: PaymentMethod | str | None = None


class Customer(Struct, frozen=True):
    """A student at Stripe. A deleted one has `deleted` set and nothing else."""

    id: str
    created: int = 0
    name: str | None = None
    email: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    invoice_settings: InvoiceSettings = InvoiceSettings()
    deleted: bool = False

    @property
    def default_card(self) -> PaymentMethod | None:
        """The default card, where it was expanded and is set."""
        method = self.invoice_settings.default_payment_method
        return method if isinstance(method, PaymentMethod) and method.card else None


class SetupIntent(Struct, frozen=True):
    """The saving of a card, in progress or done."""

    id: str
    status: str
    client_secret: str
    customer: str | None = None
    payment_method: PaymentMethod | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class PaymentIntent(Struct, frozen=True):
    """A hold, a payment, or an attempt at one.

    Attributes:
        document: the object as Stripe sent it, for answers that hand it on.
    """

    id: str
    status: str
    amount: int
    amount_capturable: int
    document: dict[str, Any] = field(default_factory=dict)


class Refund(Struct, frozen=True):
    """Money on its way back to a card."""

    id: str
    status: str | None = None


class Outcome(Struct, frozen=True):
    """Why a charge went the way it did."""

    type: str | None = None


class Charge(Struct, frozen=True):
    """The movement on the card that a PaymentIntent made."""

    id: str
    status: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    payment_method: str | None = None
    payment_intent: str | None = None
    customer: str | None = None
    description: str | None = None
    outcome: Outcome | None = None


class LastPaymentError(Struct, frozen=True):
    """Why the latest attempt of a PaymentIntent failed."""

    code: str | None = None
    decline_code: str | None = None
    payment_method: PaymentMethod | None = None


class PaymentAttempt(Struct, frozen=True):
    """A PaymentIntent as the failed-payments report reads it: student and charge expanded."""

    id: str
    created: int
    status: str
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    customer: Customer | str | None = None
    latest_charge: Charge | str | None = None
    last_payment_error: LastPaymentError | None = None


class BalanceSource(Struct, frozen=True):
    """What a balance transaction comes from: a charge, refund, dispute or anything else.

    A charge carries its metadata itself; refunds and disputes name the charge they belong to.
    """

    id: str
    object: str
    metadata: dict[str, str] | None = None
    charge: Charge | str | None = None
    payment_intent: str | None = None
    customer: str | None = None
    description: str | None = None


class BalanceTransaction(Struct, frozen=True):
    """One movement of the account's balance, in the settlement currency."""

    id: str
    created: int
    available_on: int
    currency: str
    amount: int
    fee: int
    net: int
    reporting_category: str
    type: str
    description: str | None = None
    source: BalanceSource | str | None = None
