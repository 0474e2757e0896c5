"""SetupIntents: saving a card without charging it."""

from collections.abc import Sequence

from sandbox.account import Account, Json
from sandbox.actions.saving import check_usable
from sandbox.actions.setting_up import cancel, confirm
from sandbox.endpoint import Call, Endpoint
from sandbox.errors import StripeError
from sandbox.expansion import ALWAYS_NULL, Embedded, Rule, to
from sandbox.failures import last_error, refused
from sandbox.ids import client_secret
from sandbox.lists import Page, list_form, page
from sandbox.params import boolean, form, list_of, merged, metadata, one_of, text
from sandbox.records import PaymentMethod, SetupIntent
from sandbox.resources.intents import (
    CONFIRM_FIELDS,
    TYPE_PARAMS,
    automatic_payment_methods,
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
    "latest_attempt": to("setup_attempt"),
    **dict.fromkeys(("application", "mandate", "on_behalf_of", "single_use_mandate"), ALWAYS_NULL),
    "last_setup_error": Embedded({"payment_method": Embedded()}),
    "next_action": Embedded(),
    "payment_method_options": Embedded(),
}

CREATE = form(
    **CONFIRM_FIELDS,
    automatic_payment_methods=automatic_payment_methods,
    confirm=boolean,
    customer=text,
    description=text,
    metadata=metadata,
    allowed_payment_method_types=list_of(one_of("card")),
    payment_method_types=list_of(one_of("card")),
    usage=one_of("off_session", "on_session"),
)
UPDATE = form(
    customer=text,
    description=text,
    metadata=metadata,
    payment_method=text,
    allowed_payment_method_types=list_of(one_of("card")),
    payment_method_types=list_of(one_of("card")),
)
CONFIRM = form(**CONFIRM_FIELDS, client_secret=text)
CANCEL = form(cancellation_reason=one_of("abandoned", "duplicate", "requested_by_customer"))
RETRIEVE = form(client_secret=text)
LIST = list_form(attach_to_self=boolean, customer=text, customer_account=text, payment_method=text)

CANCELABLE = (
    IntentStatus.REQUIRES_PAYMENT_METHOD,
    IntentStatus.REQUIRES_CONFIRMATION,
    IntentStatus.REQUIRES_ACTION,
)


def render(account: Account, intent: SetupIntent) -> Json:
    """Stripe's SetupIntent."""
    redirects = {"allow_redirects": intent.allow_redirects, "enabled": True}
    return {
        "id": intent.id,
        "object": "setup_intent",
        "application": None,
        "automatic_payment_methods": redirects if intent.automatic else None,
        "cancellation_reason": intent.cancellation_reason,
        "client_secret": client_secret(intent.id),
        "created": intent.created,
        "customer": intent.customer,
        "customer_account": None,
        "description": intent.description,
        "allowed_payment_method_types": None if intent.automatic else ["card"],
        "excluded_payment_method_types": None,
        "flow_directions": None,
        "last_setup_error": last_error(account, "setup_intent", intent.last_error),
        "latest_attempt": intent.latest_attempt,
        "livemode": False,
        "mandate": None,
        "metadata": intent.metadata,
        "next_action": next_action(intent.next_action),
        "on_behalf_of": None,
        "payment_method": intent.payment_method,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "single_use_mandate": None,
        "status": intent.status,
        "usage": intent.usage,
    }


def create(call: Call) -> SetupIntent:
    """A new intent, confirmed at once if asked."""
    account, params = call.account, call.params
    check_only_confirmed(params, "return_url")
    if "customer" in params:
        account.live_customer(params["customer"])
    method = given_method(call, params.get("customer"), "SetupIntent")
    automatic = params.get("automatic_payment_methods", {})
    intent = SetupIntent(
        **account.stamp("seti"),
        customer=params.get("customer"),
        usage=params.get("usage", "off_session"),
        description=params.get("description"),
        metadata=merged({}, params.get("metadata")),
        automatic=not TYPE_PARAMS & params.keys() and automatic.get("enabled", True),
        allow_redirects=automatic.get("allow_redirects", "always"),
    )
    _use(intent, method)
    if params.get("confirm"):
        check_return_url(call, intent)
    account.setup_intents.add(intent)
    account.emit("setup_intent.created", intent)
    return _confirm(call, intent) if params.get("confirm") else intent


def retrieve(call: Call) -> SetupIntent:
    """An intent; the page must know its client secret."""
    return _find(call)


def update(call: Call) -> SetupIntent:
    """Change what is given, until the card is saved."""
    account, params = call.account, call.params
    intent = _find(call)
    if intent.status is IntentStatus.SUCCEEDED:
        raise _wrong_state(
            account,
            intent,
            "You cannot update this SetupIntent because it has already succeeded.",
        )
    if intent.status is IntentStatus.CANCELED:
        raise _wrong_state(
            account,
            intent,
            "You cannot update this SetupIntent because it has a status of canceled. Only a "
            "SetupIntent with one of the following statuses may be updated: "
            "`requires_payment_method`, `requires_confirmation`, or `requires_action`.",
        )
    customer = params.get("customer", intent.customer)
    if "customer" in params:
        account.live_customer(customer)
    method = given_method(call, customer, "SetupIntent")
    if "metadata" in params:
        intent.metadata = merged(intent.metadata, params["metadata"])
    if "customer" in params:
        account.setup_intents.change(intent, "customer", customer)
    _use(intent, method)
    intent.description = params.get("description", intent.description)
    return intent


def confirm_intent(call: Call) -> SetupIntent:
    """Ask the bank to let the card be saved."""
    intent = _find(call)
    if intent.status is IntentStatus.SUCCEEDED:
        raise _wrong_state(
            call.account,
            intent,
            "You cannot confirm this SetupIntent because it has already succeeded.",
        )
    if intent.status is IntentStatus.CANCELED:
        raise _wrong_state(
            call.account,
            intent,
            "You cannot confirm this SetupIntent because it has a status of canceled. Only a "
            "SetupIntent with one of the following statuses may be confirmed: "
            "`requires_payment_method`, `requires_confirmation`, or `requires_action`.",
        )
    check_return_url(call, intent)
    _use(intent, given_method(call, intent.customer, "SetupIntent"))
    return _confirm(call, intent)


def cancel_intent(call: Call) -> SetupIntent:
    """Give it up."""
    intent = _find(call)
    if intent.status not in CANCELABLE:
        raise _wrong_state(
            call.account,
            intent,
            f"You cannot cancel this SetupIntent because it has a status of {intent.status}. "
            "Only a SetupIntent with one of the following statuses may be canceled: "
            "`requires_payment_method`, `requires_confirmation`, or `requires_action`.",
        )
    cancel(call.account, intent, call.params.get("cancellation_reason"))
    return intent


def list_all(call: Call) -> Page:
    """Intents, newest first. None of the sandbox's is the account's own."""
    intents, params = call.account.setup_intents, call.params
    rows: Sequence[SetupIntent] | None = None
    if "customer_account" in params or params.get("attach_to_self"):
        rows = ()
    elif "customer" in params:
        rows = intents.where("customer", params["customer"])
    method = params.get("payment_method")
    return page(
        intents,
        params,
        "/v1/setup_intents",
        rows=rows,
        keep=None if method is None else lambda intent: intent.payment_method == method,
    )


def _find(call: Call) -> SetupIntent:
    intents = call.account.setup_intents
    intent = call.account.require(intents, call.path["intent"], "intent")
    check_client_secret(call, intent.id, "SetupIntent")
    return intent


def _use(intent: SetupIntent, method: PaymentMethod | None) -> None:
    if method is not None:
        intent.payment_method = method.id
        intent.status = IntentStatus.REQUIRES_CONFIRMATION
        intent.next_action = None


def _confirm(call: Call, intent: SetupIntent) -> SetupIntent:
    account = call.account
    if intent.payment_method is None:
        raise _wrong_state(
            account,
            intent,
            "You cannot confirm this SetupIntent because it's missing a payment method. Update "
            "the SetupIntent with a payment method and then confirm it again.",
        )
    method = account.require(
        account.payment_methods, intent.payment_method, "payment_method", status=400
    )
    check_usable(method, intent.customer, "SetupIntent")
    if intent.customer is not None:
        account.live_customer(intent.customer)
    confirm(account, intent, method, challenge_of(call, intent.id))
    if intent.last_error is not None:
        raise refused(account, intent)
    return intent


def _wrong_state(account: Account, intent: SetupIntent, message: str) -> StripeError:
    return StripeError(
        400,
        message,
        code="setup_intent_unexpected_state",
        setup_intent=account.render(intent),
    )


_ONE = "/v1/setup_intents/{intent}"
ENDPOINTS = (
    Endpoint("POST", "/v1/setup_intents", create, CREATE, "setup_intent"),
    Endpoint("GET", "/v1/setup_intents", list_all, LIST, "setup_intent", many=True),
    Endpoint("GET", _ONE, retrieve, RETRIEVE, "setup_intent", publishable=True),
    Endpoint("POST", _ONE, update, UPDATE, "setup_intent"),
    Endpoint("POST", f"{_ONE}/confirm", confirm_intent, CONFIRM, "setup_intent", publishable=True),
    Endpoint("POST", f"{_ONE}/cancel", cancel_intent, CANCEL, "setup_intent"),
)
