"""PaymentIntents: authorize, capture, release."""

from collections.abc import Sequence

from sandbox.account import Account, Json
from sandbox.actions import capturing, charging, releasing
from sandbox.actions.payment_checks import (
    check_amount,
    check_cancelable,
    check_capturable,
    check_changeable,
    check_confirmable,
    check_has_method,
)
from sandbox.actions.saving import check_usable
from sandbox.endpoint import Call, Endpoint
from sandbox.expansion import ALWAYS_NULL, Embedded, Rule, to
from sandbox.failures import last_error, refused
from sandbox.ids import client_secret
from sandbox.lists import Page, page
from sandbox.params import merged
from sandbox.records import PaymentIntent, PaymentMethod
from sandbox.resources import payment_intent_forms as forms
from sandbox.resources.intents import (
    TYPE_PARAMS,
    challenge_of,
    check_client_secret,
    check_only_confirmed,
    check_return_url,
    given_method,
    next_action,
)
from sandbox.states import IntentStatus

EXPANDABLE: dict[str, Rule] = {
    "customer": to("customer"),
    "payment_method": to("payment_method"),
    "latest_charge": to("charge"),
    **dict.fromkeys(("application", "on_behalf_of", "payment_record", "review"), ALWAYS_NULL),
    "last_payment_error": Embedded({"payment_method": Embedded()}),
    "next_action": Embedded(),
    "payment_method_options": Embedded(),
}


def render(account: Account, intent: PaymentIntent) -> Json:
    """Stripe's PaymentIntent."""
    held = intent.status is IntentStatus.REQUIRES_CAPTURE
    redirects = {"allow_redirects": intent.allow_redirects, "enabled": True}
    return {
        "id": intent.id,
        "object": "payment_intent",
        "amount": intent.amount,
        "amount_capturable": intent.amount if held else 0,
        "amount_details": {"tip": {}},
        "amount_received": intent.amount_received,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": redirects if intent.automatic else None,
        "canceled_at": intent.canceled_at,
        "cancellation_reason": intent.cancellation_reason,
        "capture_method": intent.capture_method,
        "client_secret": client_secret(intent.id),
        "confirmation_method": "automatic",
        "created": intent.created,
        "currency": intent.currency,
        "customer": intent.customer,
        "customer_account": None,
        "description": intent.description,
        "allowed_payment_method_types": None if intent.automatic else ["card"],
        "excluded_payment_method_types": None,
        "last_payment_error": last_error(account, "payment_intent", intent.last_error),
        "latest_charge": intent.charges[-1] if intent.charges else None,
        "livemode": False,
        "managed_payments": None,
        "metadata": intent.metadata,
        "next_action": next_action(intent.next_action),
        "on_behalf_of": None,
        "payment_method": intent.payment_method,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": intent.receipt_email,
        "review": None,
        "setup_future_usage": intent.setup_future_usage,
        "shipping": intent.shipping,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": intent.statement_descriptor_suffix,
        "status": intent.status,
        "transfer_data": None,
        "transfer_group": None,
    }


def create(call: Call) -> PaymentIntent:
    """A new intent; with ``confirm`` the bank is asked at once.

    An intent that is declined, or has no card, stays, with its id in the error.
    """
    account, params = call.account, call.params
    check_amount(account, params["amount"], params["currency"])
    if "customer" in params:
        account.live_customer(params["customer"])
    check_only_confirmed(params, "off_session", "return_url")
    method = given_method(call, params.get("customer"), "PaymentIntent")
    automatic = params.get("automatic_payment_methods", {})
    intent = PaymentIntent(
        **account.stamp("pi"),
        amount=params["amount"],
        currency=params["currency"],
        customer=params.get("customer"),
        capture_method=params.get("capture_method", "automatic_async"),
        description=params.get("description"),
        metadata=merged({}, params.get("metadata")),
        automatic=not TYPE_PARAMS & params.keys() and automatic.get("enabled", True),
        allow_redirects=automatic.get("allow_redirects", "always"),
        setup_future_usage=params.get("setup_future_usage"),
        receipt_email=params.get("receipt_email"),
        shipping=params.get("shipping"),
        statement_descriptor_suffix=params.get("statement_descriptor_suffix"),
    )
    _use(intent, method)
    if params.get("confirm"):
        check_return_url(call, intent)
    account.payment_intents.add(intent)
    account.emit("payment_intent.created", intent)
    if not params.get("confirm"):
        return intent
    check_has_method(account, intent)
    return _confirm(call, intent)


def retrieve(call: Call) -> PaymentIntent:
    """An intent; the page must know its client secret."""
    return _find(call)


def update(call: Call) -> PaymentIntent:
    """Change what is given, or nothing. What was copied to a charge stays as it was there."""
    account, params = call.account, call.params
    intent = _find(call)
    amount = params.get("amount", intent.amount)
    currency = params.get("currency", intent.currency)
    customer = params.get("customer", intent.customer)
    _check_update(call, intent, amount, currency)
    method = given_method(call, customer, "PaymentIntent")
    if "metadata" in params:
        intent.metadata = merged(intent.metadata, params["metadata"])
    intent.amount, intent.currency = amount, currency
    if "customer" in params:
        account.payment_intents.change(intent, "customer", customer)
    _use(intent, method)
    for field in ("description", *_KEPT):
        if field in params:
            setattr(intent, field, params[field])
    return intent


def confirm(call: Call) -> PaymentIntent:
    """Ask the bank."""
    account, params = call.account, call.params
    intent = _find(call)
    check_confirmable(account, intent)
    check_return_url(call, intent)
    _use(intent, given_method(call, intent.customer, "PaymentIntent"))
    check_has_method(account, intent)
    for field in ("capture_method", *_KEPT):
        if field in params:
            setattr(intent, field, params[field])
    return _confirm(call, intent)


def capture(call: Call) -> PaymentIntent:
    """Take all or part of a hold; the rest is released."""
    account, params = call.account, call.params
    intent = _find(call)
    amount = params.get("amount_to_capture", intent.amount)
    check_capturable(account, intent, amount)
    charge = account.require(account.charges, intent.charges[-1], None)
    if "metadata" in params:
        intent.metadata = merged(intent.metadata, params["metadata"])
    capturing.capture(account, intent, charge, amount)
    return intent


def cancel(call: Call) -> PaymentIntent:
    """Give the payment up and release what is held."""
    account = call.account
    intent = _find(call)
    check_cancelable(account, intent)
    releasing.cancel(account, intent, call.params.get("cancellation_reason"))
    return intent


def list_all(call: Call) -> Page:
    """Intents, newest first."""
    intents, params = call.account.payment_intents, call.params
    rows: Sequence[PaymentIntent] | None = None
    if "customer_account" in params:
        rows = ()
    elif "customer" in params:
        rows = intents.where("customer", params["customer"])
    return page(intents, params, "/v1/payment_intents", rows=rows)


_KEPT = ("receipt_email", "setup_future_usage", "shipping", "statement_descriptor_suffix")


def _find(call: Call) -> PaymentIntent:
    intents = call.account.payment_intents
    intent = call.account.require(intents, call.path["intent"], "intent")
    check_client_secret(call, intent.id, "PaymentIntent")
    return intent


def _check_update(call: Call, intent: PaymentIntent, amount: int, currency: str) -> None:
    account, params = call.account, call.params
    if "amount" in params or "currency" in params:
        check_amount(account, amount, currency)
    for param in ("amount", "currency", "payment_method"):
        if param in params:
            check_changeable(account, intent, param)
    if "customer" in params:
        account.live_customer(params["customer"])


def _use(intent: PaymentIntent, method: PaymentMethod | None) -> None:
    if method is not None:
        intent.payment_method = method.id
        intent.status = IntentStatus.REQUIRES_CONFIRMATION
        intent.next_action = None


def _confirm(call: Call, intent: PaymentIntent) -> PaymentIntent:
    account = call.account
    method = account.require(account.payment_methods, intent.payment_method or "", None)
    check_usable(method, intent.customer, "PaymentIntent")
    charging.confirm(
        account,
        intent,
        method,
        off_session=call.params.get("off_session", False),
        challenge=challenge_of(call, intent.id),
    )
    if intent.last_error is not None:
        raise refused(account, intent)
    return intent


_ONE = "/v1/payment_intents/{intent}"
ENDPOINTS = (
    Endpoint("POST", "/v1/payment_intents", create, forms.CREATE, "payment_intent"),
    Endpoint("GET", "/v1/payment_intents", list_all, forms.LIST, "payment_intent", many=True),
    Endpoint("GET", _ONE, retrieve, forms.RETRIEVE, "payment_intent", publishable=True),
    Endpoint("POST", _ONE, update, forms.UPDATE, "payment_intent"),
    Endpoint("POST", f"{_ONE}/confirm", confirm, forms.CONFIRM, "payment_intent", publishable=True),
    Endpoint("POST", f"{_ONE}/capture", capture, forms.CAPTURE, "payment_intent"),
    Endpoint("POST", f"{_ONE}/cancel", cancel, forms.CANCEL, "payment_intent"),
)
