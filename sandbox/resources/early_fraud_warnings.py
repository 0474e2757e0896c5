"""Early fraud warnings: what a bank suspects, before or instead of a dispute."""

from collections.abc import Sequence

from sandbox.account import Account, Json
from sandbox.endpoint import Call, Endpoint
from sandbox.expansion import Rule, to
from sandbox.lists import Page, list_form, page
from sandbox.params import form, text
from sandbox.records import EarlyFraudWarning

EXPANDABLE: dict[str, Rule] = {"charge": to("charge"), "payment_intent": to("payment_intent")}

RETRIEVE = form()
LIST = list_form(charge=text, payment_intent=text)


def render(account: Account, warning: EarlyFraudWarning) -> Json:
    """Stripe's warning; one can act on it until the charge is contested or all given back."""
    charge = account.require(account.charges, warning.charge, None)
    return {
        "id": warning.id,
        "object": "radar.early_fraud_warning",
        "actionable": charge.dispute is None and charge.amount_refunded < charge.amount_captured,
        "charge": warning.charge,
        "created": warning.created,
        "fraud_type": warning.fraud_type,
        "livemode": False,
        "payment_intent": warning.payment_intent,
    }


def retrieve(call: Call) -> EarlyFraudWarning:
    """One warning."""
    warnings, id = call.account.early_fraud_warnings, call.path["early_fraud_warning"]
    return call.account.require(warnings, id, "early_fraud_warning")


def list_all(call: Call) -> Page:
    """Warnings, newest first."""
    account, params = call.account, call.params
    table = account.early_fraud_warnings
    wanted = {kind: params[kind] for kind in ("charge", "payment_intent") if kind in params}
    rows: Sequence[EarlyFraudWarning] | None = None
    for kind, id in wanted.items():
        rows = table.where(kind, account.require(account.table(kind), id, kind, status=400).id)
    return page(table, params, _ALL, rows=rows, keep=lambda row: _matches(row, wanted))


def _matches(warning: EarlyFraudWarning, wanted: dict[str, str]) -> bool:
    return all(getattr(warning, name) == value for name, value in wanted.items())


_ALL = "/v1/radar/early_fraud_warnings"
_KIND = "radar.early_fraud_warning"
ENDPOINTS = (
    Endpoint("GET", _ALL, list_all, LIST, _KIND, many=True),
    Endpoint("GET", _ALL + "/{early_fraud_warning}", retrieve, RETRIEVE, _KIND),
)
