"""PaymentMethods: cards as they were entered, on file with a customer or not."""

import msgspec

from sandbox.account import Account, Json
from sandbox.actions.card_entry import entered_card, new_method
from sandbox.actions.saving import attach, detach, find_method
from sandbox.changes import previous_attributes
from sandbox.endpoint import Call, Endpoint
from sandbox.errors import ParameterError, StripeError, missing, no_such
from sandbox.expansion import Embedded, Rule, to
from sandbox.lists import Page, list_form, page
from sandbox.params import (
    Raw,
    clearable_text,
    email,
    form,
    hash_of,
    integer,
    merged,
    metadata,
    one_of,
    text,
)
from sandbox.records import BillingDetails, CardDetails, PaymentMethod
from sandbox.resources.addresses import NO_ADDRESS, address, whole

EXPANDABLE: dict[str, Rule] = {
    "customer": to("customer"),
    "billing_details": Embedded({"address": Embedded()}),
    "card": Embedded({"checks": Embedded(), "networks": Embedded()}),
}

UNSPECIFIED = "unspecified"
"""``allow_redisplay``: the sandbox knows no other."""


def card_fields(name: str, value: Raw) -> dict[str, object]:
    """A card's number, date and CVC, or a token in their place."""
    fields: dict[str, object] = _card(name, value)
    if "token" not in fields:
        for key in ("number", "exp_month", "exp_year"):
            if key not in fields:
                raise missing(f"{name}[{key}]")
    return fields


_card = hash_of(
    {"number": text, "exp_month": integer, "exp_year": integer, "cvc": text, "token": text}
)
billing_fields = hash_of(
    {
        "name": clearable_text,
        "email": email,
        "phone": clearable_text,
        "address": address,
    }
)
METHOD_FIELDS = {
    "type": one_of("card"),
    "card": card_fields,
    "billing_details": billing_fields,
    "metadata": metadata,
}
method_data = hash_of(METHOD_FIELDS)
"""``payment_method_data``: a card entered while an intent is confirmed."""

CREATE = form("type", **METHOD_FIELDS)
RETRIEVE = form()
UPDATE = form(
    billing_details=billing_fields,
    card=hash_of({"exp_month": integer, "exp_year": integer}),
    metadata=metadata,
)
ATTACH = form(customer=text)
_FILTERS = {"type": text, "allow_redisplay": one_of("always", "limited", "unspecified")}
LIST = list_form(created=False, customer=text, customer_account=text, **_FILTERS)
LIST_OF_CUSTOMER = list_form(created=False, **_FILTERS)


def render_billing(billing: BillingDetails) -> Json:
    """The billing details of a card or a charge."""
    return {
        "address": whole(billing.address),
        "email": billing.email,
        "name": billing.name,
        "phone": billing.phone,
        "tax_id": None,
    }


def render_checks(billing: BillingDetails, cvc_check: str | None) -> Json:
    """What the bank made of CVC and postal code; only what was given is checked."""
    address = billing.address or NO_ADDRESS
    return {
        "address_line1_check": cvc_check if address.get("line1") else None,
        "address_postal_code_check": cvc_check if address.get("postal_code") else None,
        "cvc_check": cvc_check,
    }


def render(_: Account, method: PaymentMethod) -> Json:
    """Stripe's PaymentMethod."""
    details = method.details
    card = details.card
    return {
        "id": method.id,
        "object": "payment_method",
        "allow_redisplay": UNSPECIFIED,
        "billing_details": render_billing(method.billing),
        "card": {
            "brand": card.brand,
            "checks": render_checks(method.billing, details.cvc_check),
            "country": card.country,
            "display_brand": card.brand,
            "exp_month": details.exp_month,
            "exp_year": details.exp_year,
            "fingerprint": card.fingerprint,
            "funding": card.funding,
            "generated_from": None,
            "last4": card.last4,
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "created": method.created,
        "customer": method.customer,
        "customer_account": None,
        "livemode": False,
        "metadata": method.metadata,
        "type": "card",
    }


def method_from(account: Account, fields: Json) -> PaymentMethod:
    """Store the card of ``payment_method_data`` or of a create call."""
    if "card" not in fields:
        raise missing("card")
    details = entered_card(account, fields["card"])
    billing = BillingDetails(**fields.get("billing_details", {}))
    return new_method(account, details, billing, merged({}, fields.get("metadata")))


def create(call: Call) -> PaymentMethod:
    """A card that belongs to nobody yet; a declining card is still fine here."""
    return method_from(call.account, dict(call.params))


def retrieve(call: Call) -> PaymentMethod:
    """A card, attached or not."""
    return find_method(call.account, call.path["id"], status=404)


def update(call: Call) -> PaymentMethod:
    """Change billing details, expiry or metadata of a card on file."""
    account, params = call.account, call.params
    method = account.require(account.payment_methods, call.path["id"], "payment_method")
    if method.customer is None:
        raise StripeError(
            400,
            "You must save this PaymentMethod to a customer before you can update it.",
        )
    before = account.render(method)
    details = method.details
    if "card" in params:
        details = _with_expiry(account, details, params["card"])
    if "metadata" in params:
        method.metadata = merged(method.metadata, params["metadata"])
    method.details = details
    method.billing = _merged_billing(method.billing, params.get("billing_details", {}))
    previous = previous_attributes(before, account.render(method))
    if previous:
        account.emit("payment_method.updated", method, previous)
    return method


def attach_to_customer(call: Call) -> PaymentMethod:
    """Put a card on file."""
    account, params = call.account, call.params
    method = find_method(account, call.path["id"], status=404)
    if "customer" not in params:
        raise ParameterError(
            "Must provide customer or customer_account.", None, "parameter_missing"
        )
    attach(account, method, account.live_customer(params["customer"]))
    return method


def detach_from_customer(call: Call) -> PaymentMethod:
    """Take a card off file, for good."""
    account = call.account
    method = account.require(account.payment_methods, call.path["id"], "payment_method")
    detach(account, method)
    return method


def list_all(call: Call) -> Page:
    """The cards of a customer; without one, an empty list."""
    account, wanted = call.account, call.params.get("customer")
    if wanted is not None:
        account.live_customer(wanted)
    return _page(call, wanted, "/v1/payment_methods")


def list_of_customer(call: Call) -> Page:
    """The same rows under the customer's own path."""
    account = call.account
    customer = account.live_customer(call.path["id"], "id", status=404)
    return _page(call, customer.id, f"/v1/customers/{customer.id}/payment_methods")


def retrieve_of_customer(call: Call) -> PaymentMethod:
    """One card of a customer."""
    account = call.account
    customer = account.live_customer(call.path["id"], "id", status=404)
    id = call.path["payment_method"]
    method = account.payment_methods.get(id)
    if method is None:
        raise no_such(account.payment_methods.label, id, "payment_method")
    if method.customer != customer.id:
        raise StripeError(404, "Invalid request", param="customer")
    return method


def _page(call: Call, customer: str | None, url: str) -> Page:
    methods = call.account.payment_methods
    of_type = call.params.get("type", "card") == "card"
    shown = call.params.get("allow_redisplay", UNSPECIFIED) == UNSPECIFIED
    rows = methods.where("customer", customer) if of_type and shown else ()
    return page(methods, call.params, url, rows=rows)


def _merged_billing(billing: BillingDetails, given: Json) -> BillingDetails:
    address = {**(billing.address or {}), **given.get("address", {})}
    current = {
        "name": billing.name,
        "email": billing.email,
        "phone": billing.phone,
        **given,
        "address": address or None,
    }
    return BillingDetails(**current)


def _with_expiry(account: Account, details: CardDetails, given: Json) -> CardDetails:
    checked = entered_card(
        account,
        {
            "number": details.card.number,
            "exp_month": given.get("exp_month", details.exp_month),
            "exp_year": given.get("exp_year", details.exp_year),
        },
    )
    return msgspec.structs.replace(checked, cvc_check=details.cvc_check)


ENDPOINTS = (
    Endpoint("POST", "/v1/payment_methods", create, CREATE, "payment_method", publishable=True),
    Endpoint("GET", "/v1/payment_methods", list_all, LIST, "payment_method", many=True),
    Endpoint("GET", "/v1/payment_methods/{id}", retrieve, RETRIEVE, "payment_method"),
    Endpoint("POST", "/v1/payment_methods/{id}", update, UPDATE, "payment_method"),
    Endpoint(
        "POST", "/v1/payment_methods/{id}/attach", attach_to_customer, ATTACH, "payment_method"
    ),
    Endpoint(
        "POST", "/v1/payment_methods/{id}/detach", detach_from_customer, RETRIEVE, "payment_method"
    ),
    Endpoint(
        "GET",
        "/v1/customers/{id}/payment_methods",
        list_of_customer,
        LIST_OF_CUSTOMER,
        "payment_method",
        many=True,
    ),
    Endpoint(
        "GET",
        "/v1/customers/{id}/payment_methods/{payment_method}",
        retrieve_of_customer,
        RETRIEVE,
        "payment_method",
    ),
)
