"""The lists of Stripe that reports read, and what is expanded in them.

A list is walked by `pager`, inside a window of `created`; the fields that are read are those of
its row type in `objects`.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Generic

import msgspec

from shop.stripe_gateway.objects import (
    BalanceTransaction,
    Charge,
    Customer,
    Dispute,
    PaymentAttempt,
    Refund,
)
from shop.stripe_gateway.pager.plan import Row
from shop.stripe_gateway.payment_record import IN_FULL, PaymentRecord


@dataclass(frozen=True, kw_only=True)
class Listing(Generic[Row]):
    """One List endpoint.

    Attributes:
        name: what the list is called.
        row: the type a row is decoded into.
        expand: paths, at most four levels deep, `data` included.
        filters: query parameters beside the window and the cursor.
    """

    name: str
    path: str
    row: type[Row]
    expand: tuple[str, ...] = ()
    filters: dict[str, str] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        """What Stripe counts its requests under."""
        return f"GET {self.path}"

    @property
    def kept_as(self) -> str:
        """Under which its finished ranges are kept.

        It changes with what is asked for and what is read of it, so that a new version of the shop
        never goes on from rows that an older one kept otherwise: it reads the list again.
        """
        schema = msgspec.json.schema(self.row)
        asked = msgspec.json.encode([self.path, self.expand, self.filters, schema])
        return f"{self.name}-{hashlib.sha256(asked).hexdigest()[:12]}"


BALANCE_TRANSACTIONS = Listing(
    name="balance-transactions",
    path="/v1/balance_transactions",
    row=BalanceTransaction,
    expand=("data.source", "data.source.charge"),
)
"""Movements of the balance, each with its source and the charge that the source hangs on."""

PAYMENTS = Listing(
    name="payments",
    path="/v1/payment_intents",
    row=PaymentAttempt,
    expand=("data.customer.invoice_settings.default_payment_method", "data.latest_charge"),
)
"""PaymentIntents, each with its latest charge, its student and the student's default card."""

PAYMENTS_IN_FULL = Listing(
    name="payments-in-full",
    path="/v1/payment_intents",
    row=PaymentRecord,
    expand=tuple(f"data.{path}" for path in IN_FULL),
)
"""PaymentIntents, each with its latest charge, what that moved on the balance, and its refunds."""

CUSTOMERS = Listing(name="customers", path="/v1/customers", row=Customer)
"""Customers; deleted ones are not listed."""

CUSTOMERS_WITH_CARDS = Listing(
    name="customers-with-cards",
    path="/v1/customers",
    row=Customer,
    expand=("data.invoice_settings.default_payment_method",),
)
"""Customers with their default card."""

REFUNDS = Listing(
    name="refunds",
    path="/v1/refunds",
    row=Refund,
    expand=("data.charge", "data.balance_transaction", "data.failure_balance_transaction"),
)
"""Refunds, each with its charge and what it moved on the balance."""

DISPUTES = Listing(name="disputes", path="/v1/disputes", row=Dispute, expand=("data.charge",))
"""Disputes with their charge; what they moved on the balance is always inside."""

CHARGES = Listing(
    name="charges",
    path="/v1/charges",
    row=Charge,
    expand=("data.balance_transaction",),
)
"""Charges, each with what its capture moved on the balance."""


def _movements_of_type(kind: str) -> Listing[BalanceTransaction]:
    return Listing(
        name=f"balance-transactions-{kind.replace('_', '-')}",
        path=BALANCE_TRANSACTIONS.path,
        row=BalanceTransaction,
        expand=BALANCE_TRANSACTIONS.expand,
        filters={"type": kind},
    )


MONEY_GIVEN_BACK = tuple(map(_movements_of_type, ("refund", "refund_failure", "adjustment")))
"""The few movements that refunds and disputes made; a dispute's are of the type `adjustment`."""
