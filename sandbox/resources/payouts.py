"""Payouts: money sent to the shop's bank account. All are automatic."""

from collections.abc import Callable

from sandbox.account import Account, Json
from sandbox.actions.ledger import PAYOUT
from sandbox.endpoint import Call, Endpoint
from sandbox.expansion import ALWAYS_NULL, Embedded, OnDemand, Rule, to
from sandbox.ids import derived_text
from sandbox.lists import Page, list_form, page
from sandbox.params import TimeRange, form, text, time_range
from sandbox.records import Payout

SUBMITTED_AFTER = 6 * 3_600
"""Seconds until a payout is handed to the bank."""

RETRIEVE = form()
LIST = list_form(arrival_date=time_range, destination=text, status=text)


def status_of(account: Account, payout: Payout) -> str:
    """Where it is, as time alone decides: none fails, and none is cancelled."""
    now = account.now()
    if now >= payout.arrival_date:
        return "paid"
    return "in_transit" if now >= payout.created + SUBMITTED_AFTER else "pending"


def bank_account(_: Account, payout: Json) -> Json:
    """The shop's bank account that takes this payout; there is one for each currency."""
    currency = payout["currency"]
    return {
        "id": destination(currency),
        "object": "bank_account",
        "account_holder_name": None,
        "account_holder_type": None,
        "account_type": None,
        "bank_name": "STRIPE TEST BANK",
        "country": "US",
        "currency": currency,
        "customer": None,
        "fingerprint": derived_text(currency, "bank account", 16),
        "last4": "6789",
        "metadata": {},
        "routing_number": "110000000",
        "status": "verified",
    }


def destination(currency: str) -> str:
    """The id of the shop's bank account for a currency."""
    return f"ba_1{derived_text(currency, 'destination', 24)}"


EXPANDABLE: dict[str, Rule] = {
    "application_fee": ALWAYS_NULL,
    "balance_transaction": to("balance_transaction"),
    "destination": OnDemand(bank_account),
    "failure_balance_transaction": ALWAYS_NULL,
    "original_payout": ALWAYS_NULL,
    "reversed_by": ALWAYS_NULL,
    "trace_id": Embedded(),
}


def render(account: Account, payout: Payout) -> Json:
    """Stripe's payout. Its rows can be listed from the start, so it is reconciled."""
    status = status_of(account, payout)
    return {
        "id": payout.id,
        "object": "payout",
        "amount": payout.amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": payout.arrival_date,
        "automatic": True,
        "balance_transaction": payout.balance_transaction,
        "created": payout.created,
        "currency": payout.currency,
        "description": PAYOUT,
        "destination": destination(payout.currency),
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": False,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "completed",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": status,
        "trace_id": {"status": "unsupported" if status == "paid" else "pending", "value": None},
        "type": "bank_account",
    }


def retrieve(call: Call) -> Payout:
    """One payout."""
    return call.account.require(call.account.payouts, call.path["payout"], "payout")


def list_all(call: Call) -> Page:
    """Payouts, newest first."""
    return page(call.account.payouts, call.params, "/v1/payouts", keep=_wanted(call))


def _wanted(call: Call) -> Callable[[Payout], bool]:
    account, params = call.account, call.params
    arrives: TimeRange = params.get("arrival_date", TimeRange())

    def wanted(payout: Payout) -> bool:
        return (
            (arrives.first is None or payout.arrival_date >= arrives.first)
            and (arrives.last is None or payout.arrival_date <= arrives.last)
            and params.get("status") in (None, status_of(account, payout))
            and params.get("destination") in (None, destination(payout.currency))
        )

    return wanted


ENDPOINTS = (
    Endpoint("GET", "/v1/payouts", list_all, LIST, "payout", many=True),
    Endpoint("GET", "/v1/payouts/{payout}", retrieve, RETRIEVE, "payout"),
)
