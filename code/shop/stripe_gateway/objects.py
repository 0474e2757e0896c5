"""What the shop reads of Stripe's objects: frozen values with just the fields it uses.

Amounts are integer minor units (cents), times are unix seconds in UTC.
Members that Stripe sends and the shop does not read are ignored while decoding.
"""

from decimal import Decimal

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


class CardSetup(Struct, frozen=True):
    """A SetupIntent as a student's history reads it, its card expanded."""

    id: str
    created: int
    status: str
    payment_method: PaymentMethod | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class Refund(Struct, frozen=True, omit_defaults=True):
    """Money on its way back to a card.

    Attributes:
        amount: in the charge's currency.
        status: pending, requires_action, succeeded, failed or canceled.
        failure_reason: why its bank sent the money back, where it did.
        balance_transaction: what it took from the balance; expanded in reports.
        failure_balance_transaction: what came back when it failed.
    """

    id: str
    created: int = 0
    amount: int = 0
    currency: str = ""
    status: str | None = None
    reason: str | None = None
    failure_reason: str | None = None
    payment_intent: str | None = None
    charge: "Charge | str | None" = None
    balance_transaction: "BalanceTransaction | str | None" = None
    failure_balance_transaction: "BalanceTransaction | str | None" = None


class EvidenceDetails(Struct, frozen=True, omit_defaults=True):
    """Until when a dispute can be answered, unix seconds; 0 where it can't be answered at all."""

    due_by: int | None = None


class Dispute(Struct, frozen=True, omit_defaults=True):
    """A payment that the card's holder contests.

    Attributes:
        amount: what is contested, in the charge's currency.
        balance_transactions: what it moved so far: none, a withdrawal, or also a reversal.
    """

    id: str
    created: int
    amount: int
    currency: str
    status: str
    reason: str
    charge: "Charge | str | None" = None
    payment_intent: str | None = None
    evidence_details: EvidenceDetails | None = None
    balance_transactions: "tuple[BalanceTransaction, ...]" = ()


class EventObject(Struct, frozen=True):
    """What an event is about, as it was then. A few objects, such as a balance, have no id."""

    id: str | None = None


class EventData(Struct, frozen=True):
    """Where Stripe puts an event's object."""

    object: EventObject


class Event(Struct, frozen=True):
    """Something that happened at Stripe: a hint to look at its object again."""

    id: str
    type: str
    created: int
    data: EventData

    @property
    def object_id(self) -> str | None:
        """Id of the object to fetch."""
        return self.data.object.id


class Outcome(Struct, frozen=True, gc=False, omit_defaults=True):
    """Why a charge went the way it did."""

    type: str | None = None
    advice_code: str | None = None


class BillingDetails(Struct, frozen=True, gc=False, omit_defaults=True):
    """Who stood on the card when it was charged."""

    name: str | None = None
    email: str | None = None


class ChargedCard(Struct, frozen=True, gc=False, omit_defaults=True):
    """The card as a charge remembers it.

    Attributes:
        country: where its bank is, two letters.
        funding: credit, debit, prepaid or unknown.
        capture_before: unix seconds at which a hold lapses, if it is not captured by then.
    """

    brand: str | None = None
    last4: str | None = None
    funding: str | None = None
    country: str | None = None
    capture_before: int | None = None


class ChargedMethod(Struct, frozen=True, gc=False, omit_defaults=True):
    """What a charge was paid with; `card` where it was one."""

    type: str | None = None
    card: ChargedCard | None = None


class Charge(Struct, frozen=True, gc=False, omit_defaults=True):
    """The movement on the card that a PaymentIntent made.

    Attributes:
        amount: what was authorized; `amount_captured` is what was taken of it.
        balance_transaction: expanded where a listing says so.
    """

    id: str
    created: int = 0
    amount: int = 0
    amount_captured: int = 0
    currency: str = ""
    status: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    payment_method: str | None = None
    payment_intent: str | None = None
    customer: str | None = None
    description: str | None = None
    failure_code: str | None = None
    failure_message: str | None = None
    outcome: Outcome | None = None
    billing_details: BillingDetails | None = None
    payment_method_details: ChargedMethod | None = None
    balance_transaction: "BalanceTransaction | str | None" = None

    @property
    def card(self) -> ChargedCard:
        """The card that was charged; an empty one where it was something else."""
        method = self.payment_method_details
        return (method and method.card) or NO_CARD


NO_CARD = ChargedCard()


class LastPaymentError(Struct, frozen=True, omit_defaults=True):
    """Why the latest attempt of a PaymentIntent failed."""

    code: str | None = None
    decline_code: str | None = None
    advice_code: str | None = None
    message: str | None = None
    payment_method: PaymentMethod | None = None


class PaymentAttempt(Struct, frozen=True, omit_defaults=True):
    """A PaymentIntent as reports read it: student and charge expanded.

    Attributes:
        amount_capturable: what a hold still holds.
    """

    id: str
    created: int
    status: str
    amount: int = 0
    amount_capturable: int = 0
    currency: str = ""
    description: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    customer: Customer | str | None = None
    latest_charge: Charge | str | None = None
    last_payment_error: LastPaymentError | None = None


class BalanceSource(Struct, frozen=True, gc=False, omit_defaults=True):
    """What a balance transaction comes from: a charge, refund, dispute or anything else.

    A charge carries its own metadata; refunds and disputes name the charge they belong to.
    Fields that the object at hand has not are None, amounts 0.

    Attributes:
        amount: in the object's own currency; what was authorized, of a charge.
        reason: why, of refunds and disputes.
    """

    id: str
    object: str
    created: int = 0
    amount: int = 0
    amount_captured: int = 0
    currency: str = ""
    metadata: dict[str, str] | None = None
    charge: Charge | str | None = None
    payment_intent: str | None = None
    customer: str | None = None
    description: str | None = None
    reason: str | None = None
    billing_details: BillingDetails | None = None
    payment_method_details: ChargedMethod | None = None

    def as_charge(self) -> Charge:
        """The same object, where it is a charge."""
        return Charge(
            id=self.id,
            created=self.created,
            amount=self.amount,
            amount_captured=self.amount_captured,
            currency=self.currency,
            metadata=self.metadata or {},
            payment_intent=self.payment_intent,
            customer=self.customer,
            description=self.description,
            billing_details=self.billing_details,
            payment_method_details=self.payment_method_details,
        )


class BalanceTransaction(Struct, frozen=True, gc=False, omit_defaults=True):
    """One movement of the account's balance, in the settlement currency.

    Attributes:
        exchange_rate: how much of `currency` one minor unit of the source's currency made, where
            the two differ.
    """

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
    exchange_rate: Decimal | None = None
    source: BalanceSource | str | None = None
