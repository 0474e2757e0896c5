"""SetupAttempts: each confirmation of a SetupIntent, as ``latest_attempt`` expands to it."""

from sandbox.account import Account, Json
from sandbox.expansion import Embedded, Rule, to
from sandbox.failures import last_error
from sandbox.records import SetupAttempt
from sandbox.resources.charges import three_d_secure
from sandbox.resources.payment_methods import render_checks

EXPANDABLE: dict[str, Rule] = {
    "customer": to("customer"),
    "payment_method": to("payment_method"),
    "payment_method_details": Embedded({"card": Embedded()}),
    "setup_error": Embedded({"payment_method": Embedded()}),
    "setup_intent": to("setup_intent"),
}


def render(account: Account, attempt: SetupAttempt) -> Json:
    """Stripe's SetupAttempt."""
    return {
        "id": attempt.id,
        "object": "setup_attempt",
        "application": None,
        "created": attempt.created,
        "customer": attempt.customer,
        "customer_account": None,
        "flow_directions": None,
        "livemode": False,
        "on_behalf_of": None,
        "payment_method": attempt.payment_method,
        "payment_method_details": {"card": _card(account, attempt), "type": "card"},
        "setup_error": last_error(account, "setup_intent", attempt.error),
        "setup_intent": attempt.setup_intent,
        "status": attempt.status,
        "usage": attempt.usage,
    }


def _card(account: Account, attempt: SetupAttempt) -> Json:
    method = account.require(account.payment_methods, attempt.payment_method, None)
    card, details = method.details.card, method.details
    return {
        "brand": card.brand,
        "checks": render_checks(method.billing, details.cvc_check),
        "country": card.country,
        "exp_month": details.exp_month,
        "exp_year": details.exp_year,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "last4": card.last4,
        "network": card.brand,
        "three_d_secure": three_d_secure(attempt.id) if method.set_up else None,
        "wallet": None,
    }
