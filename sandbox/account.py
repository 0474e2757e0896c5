"""The account: everything one Stripe account holds, and the means to change it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, TypeVar

import msgspec

from sandbox.balance import Balance, PayoutSchedule
from sandbox.clock import Clock
from sandbox.currencies import Code
from sandbox.errors import no_such
from sandbox.idempotency import IdempotencyKeys
from sandbox.ids import Ids
from sandbox.money import DAY
from sandbox.records import (
    NOTHING,
    BalanceTransaction,
    Charge,
    Customer,
    Dispute,
    EarlyFraudWarning,
    Event,
    PaymentIntent,
    PaymentMethod,
    Payout,
    Refund,
    SetupAttempt,
    SetupIntent,
    WebhookEndpoint,
)
from sandbox.store import Record, Table
from sandbox.timers import Action, Timers
from sandbox.truth import Truth

Json = dict[str, Any]
Renderer = Callable[["Account", Any], Json]
EVENTS_KEPT_FOR = 30 * DAY
"""As long as Stripe shows them."""

MOST_EVENTS = 200_000
"""At two kilobytes each. Stripe has no such limit; a payment brings about five."""

Listener = Callable[["Account", Event], None]
R = TypeVar("R", bound=Record)


class AccountSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Stripe's accounts differ in."""

    settlement_currencies: Annotated[tuple[Code, ...], msgspec.Meta(min_length=1)] = ("usd",)
    """Those it has a balance in. A charge in any other one is converted to the first."""

    dispute_fee_returned: bool = False
    """Whether a dispute that is won gives its fee back, as American accounts of 2021 did."""

    payout_schedule: PayoutSchedule = PayoutSchedule.DAILY
    """When what is available is sent to the bank."""

    def settlement_of(self, currency: str) -> str:
        """The currency that a charge in ``currency`` is booked in."""
        kept = currency in self.settlement_currencies
        return currency if kept else self.settlement_currencies[0]


class Account:
    """The state of the sandbox: tables, time, timers, ids and the truth kept beside them.

    ``renderers`` turns a record into Stripe's JSON, by type of record; ``actions`` are what
    timers may do, by name; ``listener`` hears of every event, and without one there are none.
    """

    def __init__(
        self,
        *,
        renderers: Mapping[type[Record], Renderer],
        actions: Mapping[str, Action],
        listener: Listener | None,
        clock: Clock,
        ids: Ids | None = None,
    ) -> None:
        self.clock = clock
        self.settings = AccountSettings()
        self.ids = ids or Ids()
        self.timers = Timers(actions)
        self.truth = Truth()
        self.balance = Balance()
        self.idempotency = IdempotencyKeys()
        self.customers = Table(Customer, "customer", "email")
        self.payment_methods = Table(PaymentMethod, "PaymentMethod", "customer")
        self.setup_intents = Table(SetupIntent, "setupintent", "customer")
        self.setup_attempts = Table(SetupAttempt, "setup attempt")
        self.payment_intents = Table(PaymentIntent, "payment_intent", "customer")
        self.charges = Table(Charge, "charge", "customer")
        self.refunds = Table(Refund, "refund")
        self.disputes = Table(Dispute, "dispute")
        self.balance_transactions = Table(
            BalanceTransaction, "balance transaction", "currency_and_type"
        )
        self.payouts = Table(Payout, "payout")
        self.early_fraud_warnings = Table(
            EarlyFraudWarning, "early fraud warning", "charge", "payment_intent"
        )
        self.events = Table(Event, "event")
        self.webhook_endpoints = Table(WebhookEndpoint, "webhook endpoint")
        self.changes = 0
        """Rises after whatever may have changed what is kept of the account."""

        self.request: tuple[str | None, str | None] = (None, None)
        """The id and idempotency key of the request at work, for the events it causes."""

        self._renderers = renderers
        self._actions = actions
        self._listener = listener
        self._tables: dict[str, Table[Any]] = {
            "customer": self.customers,
            "payment_method": self.payment_methods,
            "setup_intent": self.setup_intents,
            "setup_attempt": self.setup_attempts,
            "payment_intent": self.payment_intents,
            "charge": self.charges,
            "refund": self.refunds,
            "dispute": self.disputes,
            "balance_transaction": self.balance_transactions,
            "payout": self.payouts,
            "radar.early_fraud_warning": self.early_fraud_warnings,
            "event": self.events,
            "webhook_endpoint": self.webhook_endpoints,
        }

    def now(self) -> int:
        """Unix seconds by the sandbox's clock."""
        return self.clock.now()

    def table(self, kind: str) -> Table[Any]:
        """The table of a kind, by the name that ``object`` has in its JSON."""
        return self._tables[kind]

    def stamp(self, prefix: str, *, of_payment: bool = True) -> dict[str, Any]:
        """The ``id``, ``created`` and ``seq`` of a new record."""
        ids = self.ids
        id = ids.new(prefix, of_payment=of_payment)
        return {"id": id, "created": self.clock.now(), "seq": ids.next_seq()}

    def require(self, table: Table[R], id: str, param: str | None, *, status: int = 404) -> R:
        """The record of that id; a missing one is Stripe's "No such …" error."""
        record = table.get(id)
        if record is None:
            raise no_such(table.label, id, param, status=status)
        return record

    def live_customer(self, id: str, param: str = "customer", *, status: int = 400) -> Customer:
        """A customer that exists and is not deleted; a deleted one counts as missing."""
        customer = self.customers.get(id)
        if customer is None or customer.deleted:
            raise no_such(self.customers.label, id, param, status=status)
        return customer

    def render(self, record: Record) -> Json:
        """Stripe's JSON of a record, as it stands now."""
        return self._renderers[type(record)](self, record)

    def emit(self, type: str, record: Record, previous: Json | None = None) -> None:
        """Record an event about ``record``; ``previous`` holds the attributes that changed."""
        if self._listener is None:
            return
        request, key = self.request
        event = Event(
            **self.stamp("evt"),
            type=type,
            object=msgspec.Raw(msgspec.json.encode(self.render(record))),
            previous=NOTHING if previous is None else msgspec.Raw(msgspec.json.encode(previous)),
            request=request,
            idempotency_key=key,
        )
        self.events.add(event)
        self._listener(self, event)

    def tables(self) -> Mapping[str, Table[Any]]:
        """Every table, by the name that ``object`` has in its JSON."""
        return self._tables

    def forget_old(self) -> None:
        """Drop the events that are not shown any more."""
        self.events.forget(before=self.now() - EVENTS_KEPT_FOR, beyond=MOST_EVENTS)

    def draft(self) -> "Account":
        """An account apart, to prepare a history in while this one goes on answering.

        Its ids continue this account's, its clock stands still, it has no events, and its
        records may arrive in any order. ``in_order`` ends that, ``absorb`` takes it over.
        """
        clock = Clock()
        clock.hold(self.now())
        draft = Account(
            renderers=self._renderers,
            actions=self._actions,
            listener=None,
            clock=clock,
            ids=self.ids,
        )
        draft.settings = self.settings
        for table in draft._tables.values():
            table.defer_order()
        return draft

    def in_order(self) -> Iterator[None]:
        """Sort a draft, a little at a time."""
        for table in self._tables.values():
            yield from table.restoring_order()

    def absorb(self, draft: "Account") -> None:
        """Add everything a draft holds, all at once."""
        for kind, table in self._tables.items():
            table.absorb(draft.table(kind))
        self.timers.add(draft.timers.pending())
        self.truth.absorb(draft.truth)
        self.balance.absorb(draft.balance)
