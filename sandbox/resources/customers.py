"""Customers: students, with their default card and their first lesson in the metadata."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.account import Account, Json
from sandbox.actions.saving import (
    attach,
    check_attachable,
    find_method,
    forget_cards,
    not_on_file,
)
from sandbox.changes import previous_attributes
from sandbox.endpoint import Call, Endpoint
from sandbox.expansion import ALWAYS_NULL, Embedded, OnDemand, Rule, to
from sandbox.ids import derived
from sandbox.lists import Page, list_form, page
from sandbox.params import (
    clearable,
    clearable_text,
    email,
    form,
    hash_of,
    merged,
    metadata,
    text,
)
from sandbox.records import Customer
from sandbox.resources.addresses import address, whole


def sources_of(_: Account, customer: Json) -> Json:
    """``customer.sources``: cards are PaymentMethods here, so there are none."""
    url = f"/v1/customers/{customer['id']}/sources"
    return {"object": "list", "data": [], "has_more": False, "total_count": 0, "url": url}


def tax_of(_: Account, __: Json) -> Json:
    """``customer.tax``: the sandbox reckons no taxes."""
    return {
        "automatic_tax": "unrecognized_location",
        "ip_address": None,
        "location": None,
        "provider": "stripe",
    }


EXPANDABLE: dict[str, Rule] = {
    "address": Embedded(),
    "default_source": ALWAYS_NULL,
    "shipping": Embedded(),
    "sources": OnDemand(sources_of),
    "tax": OnDemand(tax_of),
    "test_clock": ALWAYS_NULL,
    "invoice_settings": Embedded({"default_payment_method": to("payment_method")}),
}

_FIELDS = {
    "email": email,
    "name": clearable_text,
    "phone": clearable_text,
    "description": clearable_text,
    "address": clearable(address),
    "metadata": metadata,
    "invoice_settings": hash_of({"default_payment_method": clearable_text}),
}
PLAIN_FIELDS = ("name", "phone", "description", "address")
CREATE = form(**_FIELDS, payment_method=text)
UPDATE = form(**_FIELDS)
RETRIEVE = form()
LIST = list_form(email=text, test_clock=text)


def render(_: Account, customer: Customer) -> Json:
    """Stripe's customer; a deleted one is a stub."""
    if customer.deleted:
        return {"id": customer.id, "object": "customer", "deleted": True}
    return {
        "id": customer.id,
        "object": "customer",
        "address": None if customer.address is None else whole(customer.address),
        "balance": 0,
        "created": customer.created,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": customer.description,
        "discount": None,
        "email": customer.email,
        "invoice_prefix": f"{derived(customer.id, 'invoice'):08X}",
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": customer.default_payment_method,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": customer.metadata,
        "name": customer.name,
        "next_invoice_sequence": 1,
        "phone": customer.phone,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def create(call: Call) -> Customer:
    """A new customer, optionally with a card attached."""
    account, params = call.account, call.params
    method = None
    if "payment_method" in params:
        method = find_method(account, params["payment_method"])
        check_attachable(method)
    settings = params.get("invoice_settings", {})
    default = settings.get("default_payment_method")
    if default is not None and (method is None or method.id != default):
        raise not_on_file(default)
    customer = Customer(
        **account.stamp("cus"),
        metadata=merged({}, params.get("metadata")),
        default_payment_method=default,
        **{field: params[field] for field in ("email", *PLAIN_FIELDS) if field in params},
    )
    account.customers.add(customer)
    account.emit("customer.created", customer)
    if method is not None:
        attach(account, method, customer)
    return customer


def retrieve(call: Call) -> Customer:
    """A customer, or the stub of a deleted one."""
    return call.account.require(call.account.customers, call.path["id"], "id")


def update(call: Call) -> Customer:
    """Change what is given."""
    account = call.account
    customer = account.live_customer(call.path["id"], "id", status=404)
    before = account.render(customer)
    _assign(account, customer, call.params)
    previous = previous_attributes(before, account.render(customer))
    if previous:
        account.emit("customer.updated", customer, previous)
    return customer


def delete(call: Call) -> Json:
    """Delete a customer and their cards; payments keep the id and stay readable."""
    account = call.account
    customer = account.live_customer(call.path["id"], "id", status=404)
    account.emit("customer.deleted", customer)
    forget_cards(account, customer)
    account.customers.withdraw(customer)
    customer.deleted = True
    return account.render(customer)


def list_all(call: Call) -> Page:
    """Customers, newest first; ``email`` minds the case; nobody lives by a test clock."""
    customers, params = call.account.customers, call.params
    rows: Sequence[Customer] | None = None
    if "test_clock" in params:
        rows = ()
    elif "email" in params:
        rows = customers.where("email", params["email"])
    return page(customers, params, "/v1/customers", rows=rows)


def _assign(account: Account, customer: Customer, params: Mapping[str, Any]) -> None:
    settings = params.get("invoice_settings", {})
    if "default_payment_method" in settings:
        default = settings["default_payment_method"]
        method = None if default is None else account.payment_methods.get(default)
        if default is not None and (method is None or method.customer != customer.id):
            raise not_on_file(default)
    if "metadata" in params:
        customer.metadata = merged(customer.metadata, params["metadata"])
    if "default_payment_method" in settings:
        customer.default_payment_method = settings["default_payment_method"]
    if "email" in params:
        account.customers.change(customer, "email", params["email"])
    for field in PLAIN_FIELDS:
        if field in params:
            setattr(customer, field, params[field])


ENDPOINTS = (
    Endpoint("POST", "/v1/customers", create, CREATE, "customer"),
    Endpoint("GET", "/v1/customers", list_all, LIST, "customer", many=True),
    Endpoint("GET", "/v1/customers/{id}", retrieve, RETRIEVE, "customer"),
    Endpoint("POST", "/v1/customers/{id}", update, UPDATE, "customer"),
    Endpoint("DELETE", "/v1/customers/{id}", delete, RETRIEVE, "customer"),
)
