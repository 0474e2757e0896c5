"""Requests to Stripe against the typed parameters of the installed stripe-python."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from stripe import params

from tests.integration.conformance.problems import Problem
from tests.integration.conformance.typed import FORM, mismatches

PARAMETERS: Mapping[str, type] = {
    "GET /v1/balance_transactions": params.BalanceTransactionListParams,
    "GET /v1/charges": params.ChargeListParams,
    "GET /v1/charges/{}": params.ChargeRetrieveParams,
    "GET /v1/customers": params.CustomerListParams,
    "POST /v1/customers": params.CustomerCreateParams,
    "GET /v1/customers/{}": params.CustomerRetrieveParams,
    "POST /v1/customers/{}": params.CustomerUpdateParams,
    "DELETE /v1/customers/{}": params.CustomerDeleteParams,
    "GET /v1/customers/{}/payment_methods": params.CustomerPaymentMethodListParams,
    "GET /v1/disputes": params.DisputeListParams,
    "GET /v1/disputes/{}": params.DisputeRetrieveParams,
    "GET /v1/events": params.EventListParams,
    "GET /v1/payment_intents": params.PaymentIntentListParams,
    "POST /v1/payment_intents": params.PaymentIntentCreateParams,
    "GET /v1/payment_intents/{}": params.PaymentIntentRetrieveParams,
    "POST /v1/payment_intents/{}/cancel": params.PaymentIntentCancelParams,
    "POST /v1/payment_intents/{}/capture": params.PaymentIntentCaptureParams,
    "POST /v1/payment_methods/{}": params.PaymentMethodUpdateParams,
    "POST /v1/payment_methods/{}/detach": params.PaymentMethodDetachParams,
    "GET /v1/refunds": params.RefundListParams,
    "GET /v1/refunds/{}": params.RefundRetrieveParams,
    "POST /v1/refunds": params.RefundCreateParams,
    "POST /v1/setup_intents": params.SetupIntentCreateParams,
    "GET /v1/setup_intents": params.SetupIntentListParams,
    "GET /v1/setup_intents/{}": params.SetupIntentRetrieveParams,
}
"""Every call the shop makes; `{}` stands for an id."""

BRACKETED = re.compile(r"\[([^\]]*)\]")


def operation(method: str, path: str) -> str:
    """A call as `PARAMETERS` names it: in Stripe's paths every second segment is an id."""
    version, *segments = path.strip("/").split("/")
    named = [segment if place % 2 == 0 else "{}" for place, segment in enumerate(segments)]
    return f"{method} /{version}/{'/'.join(named)}"


def wrong_parameters(method: str, path: str, encoded: str) -> Iterator[Problem]:
    """What is wrong with the parameters of a request; `encoded` is its query or its form."""
    called = operation(method, path)
    if called not in PARAMETERS:
        yield Problem(called, "is no call that PARAMETERS knows")
    else:
        yield from mismatches(nested(encoded), PARAMETERS[called], FORM, called)


def nested(encoded: str) -> Any:
    """Bracket notation as nested dicts and lists.

    `a[b]=1&c[0]=2` or `a[b]=1&c[]=2` is `{"a": {"b": "1"}, "c": ["2"]}`; all values stay texts.

    Raises:
        ValueError: a parameter is given twice, or as a value and as an object.
    """
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True, strict_parsing=bool(encoded)):
        *outer, last = [name.partition("[")[0], *BRACKETED.findall(name)]
        branch = tree
        for key in outer:
            branch = branch.setdefault(key, {})
        if not isinstance(branch, dict) or last in branch:
            raise ValueError(f"{name} is given twice")
        branch[last or str(len(branch))] = value
    return _with_lists(tree)


def _with_lists(branch: Any) -> Any:
    if not isinstance(branch, dict):
        return branch
    values = [_with_lists(value) for value in branch.values()]
    if branch and list(branch) == [str(place) for place in range(len(branch))]:
        return values
    return dict(zip(branch, values, strict=True))
