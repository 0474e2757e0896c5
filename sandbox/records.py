"""What the sandbox remembers: one record per object, holding only what varies.

Everything else that Stripe's JSON shows is constant, derived from the id, or looked up when an
answer is rendered. That keeps a payment with its charge and balance transaction near one
kilobyte, so a history of a million fits in memory. Amounts are cents; times are unix seconds.
"""

from typing import Any, NamedTuple

import msgspec

from sandbox.cards import Card
from sandbox.declines import Decline
from sandbox.states import DisputeStatus, IntentStatus, RefundStatus, SetupAttemptStatus
from sandbox.store import Record

Metadata = dict[str, str]
"""Never changed in place: an update stores a new dict, so payments may share one."""

Address = dict[str, str | None]
"""city, country, line1, line2, postal_code, state; never changed in place."""

Shipping = dict[str, Any]
"""address, carrier, name, phone, tracking_number; never changed in place."""


class Customer(Record, kw_only=True):
    """A student."""

    deleted: bool = False
    email: str | None = None
    name: str | None = None
    phone: str | None = None
    description: str | None = None
    address: Address | None = None
    metadata: Metadata
    default_payment_method: str | None = None
    """``invoice_settings.default_payment_method``"""


class CardDetails(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The card part of a PaymentMethod; a charge keeps the one it was made with."""

    card: Card
    exp_month: int
    exp_year: int
    cvc_check: str | None = None
    """None: no CVC was given; ``unchecked`` until the bank has seen it; then ``pass``."""


class BillingDetails(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Whose card it is; a charge keeps what it was made with."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: Address | None = None


class PaymentMethod(Record, kw_only=True):
    """A card as somebody entered it."""

    customer: str | None = None
    details: CardDetails
    billing: BillingDetails
    metadata: Metadata
    set_up: bool = False
    """Whether it has passed a challenge for later use off session."""

    spent: bool = False
    """Used without being attached, or detached: may not be used again."""


class Failure(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """Why the last attempt of an intent failed."""

    decline: Decline
    payment_method: str
    charge: str | None = None


class NextAction(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """The challenge an intent waits for: the page it is on, and the shop's page after it.

    Without ``return_url`` Stripe.js is to open the page, and nobody leaves the shop's.
    """

    url: str
    return_url: str | None = None


class SetupAttempt(Record, kw_only=True):
    """One confirmation of a SetupIntent."""

    setup_intent: str
    customer: str | None = None
    payment_method: str
    status: SetupAttemptStatus
    usage: str
    error: Failure | None = None


class SetupIntent(Record, kw_only=True):
    """The saving of a card."""

    customer: str | None = None
    payment_method: str | None = None
    status: IntentStatus = IntentStatus.REQUIRES_PAYMENT_METHOD
    usage: str = "off_session"
    description: str | None = None
    metadata: Metadata
    automatic: bool = False
    """Whether ``automatic_payment_methods`` is on (no ``payment_method_types`` were given)."""

    allow_redirects: str = "always"
    last_error: Failure | None = None
    latest_attempt: str | None = None
    cancellation_reason: str | None = None
    next_action: NextAction | None = None
    """What the student has to do, while that is required."""


class PaymentIntent(Record, kw_only=True):
    """A payment, from the first attempt to the money."""

    amount: int
    currency: str = "usd"
    customer: str | None = None
    payment_method: str | None = None
    status: IntentStatus = IntentStatus.REQUIRES_PAYMENT_METHOD
    capture_method: str = "automatic_async"
    description: str | None = None
    metadata: Metadata
    amount_received: int = 0
    charges: tuple[str, ...] = ()
    """Every attempt's charge, oldest first."""

    automatic: bool = False
    allow_redirects: str = "always"
    off_session: bool = False
    """How it was last confirmed."""

    setup_future_usage: str | None = None
    receipt_email: str | None = None
    shipping: Shipping | None = None
    statement_descriptor_suffix: str | None = None
    last_error: Failure | None = None
    canceled_at: int | None = None
    cancellation_reason: str | None = None
    next_action: NextAction | None = None


class Charge(Record, kw_only=True):
    """One attempt to take money. Description, metadata and card are copied from the intent."""

    payment_intent: str
    customer: str | None = None
    payment_method: str
    details: CardDetails
    billing: BillingDetails
    amount: int
    currency: str = "usd"
    description: str | None = None
    metadata: Metadata
    receipt_email: str | None = None
    shipping: Shipping | None = None
    statement_descriptor_suffix: str | None = None
    decline: Decline | None = None
    """None if the bank said yes."""

    authenticated: bool = False
    """Whether a challenge was passed for it."""

    capture_before: int | None = None
    """When an uncaptured hold expires."""

    captured: bool = False
    settlement_currency: str = ""
    """What it is booked in, decided when it is captured; empty before."""

    amount_captured: int = 0
    amount_refunded: int = 0
    balance_transaction: str | None = None
    refunds: tuple[str, ...] = ()
    dispute: str | None = None


class Refund(Record, kw_only=True):
    """Money given back."""

    charge: str
    payment_intent: str
    amount: int
    currency: str = "usd"
    reason: str | None = None
    status: RefundStatus = RefundStatus.SUCCEEDED
    metadata: Metadata
    balance_transaction: str | None = None
    failure_balance_transaction: str | None = None
    failure_reason: str | None = None


class Dispute(Record, kw_only=True):
    """A charge that the card holder contests."""

    charge: str
    payment_intent: str
    amount: int
    currency: str = "usd"
    reason: str
    status: DisputeStatus
    inquiry: bool = False
    evidence: dict[str, str]
    submissions: int = 0
    due_by: int
    metadata: Metadata
    balance_transactions: tuple[str, ...] = ()


class BalanceTransaction(Record, kw_only=True):
    """A movement of the shop's balance. Never changes; pending turns to available by time."""

    type: str
    reporting_category: str
    amount: int
    fee: int = 0
    """Less than 0 for a fee that is given back."""

    fee_description: str = "Stripe processing fees"
    currency: str = "usd"
    """That of the settlement, which may differ from the charge's."""

    exchange_rate: float | None = None
    """What one smallest unit of the charge's currency came to, if that is another one."""

    source: str | None = None
    """None for Stripe's own fees."""

    description: str | None = None
    available_on: int
    payout: str | None = None
    """The payout that took it out of the balance, or that it is the row of."""

    @property
    def currency_and_type(self) -> tuple[str, str]:
        """What lists filter on, together: few pairs, so few indices."""
        return self.currency, self.type


class Payout(Record, kw_only=True):
    """What was available, sent to the shop's bank account. Its status follows from the time."""

    amount: int
    currency: str = "usd"
    arrival_date: int
    balance_transaction: str
    since: int
    until: int
    """When the oldest and the newest of the rows were made that it paid out."""


class EarlyFraudWarning(Record, kw_only=True):
    """The bank's word that a charge may be fraud. Whether one can still act follows from it."""

    charge: str
    payment_intent: str
    fraud_type: str = "misc"


NOTHING = msgspec.Raw(b"")


class Event(Record, kw_only=True):
    """Something that happened, with the object as it was then."""

    type: str
    object: msgspec.Raw
    """JSON."""

    previous: msgspec.Raw = NOTHING
    """JSON of the attributes that changed, as they were before; empty if it tells of none.

    Not ``None``: msgspec reads no ``Raw`` back where the type is a union.
    """

    request: str | None = None
    idempotency_key: str | None = None
    pending_webhooks: int = 0


class FormerSecret(NamedTuple):
    """A secret that was rolled, and until when (unix seconds) it signs beside the new one."""

    secret: str
    until: int


class WebhookEndpoint(Record, kw_only=True):
    """Where events are delivered."""

    deleted: bool = False
    url: str
    secret: str
    former_secrets: tuple[FormerSecret, ...] = ()
    """The latest first."""

    api_version: str | None = None
    """As asked for; ``None`` is the account's. The sandbox speaks one version only."""

    enabled_events: tuple[str, ...]
    description: str | None = None
    metadata: Metadata
    enabled: bool = True
