"""How a failed attempt shows on an intent, and as the answer to the call that made it."""

from collections.abc import Mapping
from typing import Any

from sandbox import declines
from sandbox.account import Account, Json
from sandbox.declines import Decline
from sandbox.errors import DOCUMENTATION, StripeError
from sandbox.records import Failure, PaymentIntent, SetupIntent

AUTHENTICATION_FAILURE = {
    "setup_intent": "The latest attempt to set up the payment method has failed because "
    "authentication failed.",
    "payment_intent": "The provided PaymentMethod has failed authentication. You can provide "
    "payment_method_data or a new PaymentMethod to attempt to fulfill this PaymentIntent again.",
}


def decline_members(decline: Decline) -> Json:
    """The members that tell a decline in every error object; absent ones are ``None``."""
    return {
        "code": decline.code,
        "decline_code": decline.decline_code,
        "advice_code": decline.advice,
        "network_decline_code": decline.network_code,
    }


def last_error(account: Account, kind: str, failure: Failure | None) -> Json | None:
    """``last_setup_error`` or ``last_payment_error`` of an intent of this kind."""
    if failure is None:
        return None
    method = account.payment_methods.get(failure.payment_method)
    error = {
        **_reason(kind, failure.decline),
        "charge": failure.charge,
        "payment_method": None if method is None else account.render(method),
    }
    if kind == "payment_intent":
        error["payment_method_type"] = "card"
    elif failure.decline.param:
        error["param"] = failure.decline.param
    error["doc_url"] = DOCUMENTATION + error["code"].replace("_", "-")
    return {name: error[name] for name in sorted(error) if error[name] is not None}


def refused(account: Account, intent: SetupIntent | PaymentIntent) -> StripeError:
    """The 402 for a card that was declined while ``intent`` was confirmed."""
    kind = "setup_intent" if isinstance(intent, SetupIntent) else "payment_intent"
    error: Mapping[str, Any] = last_error(account, kind, intent.last_error) or {}
    beside = ("doc_url", "message", "payment_method_type")
    members: Json = {name: value for name, value in error.items() if name not in beside}
    members[kind] = account.render(intent)
    return StripeError(402, error["message"], **members)


def _reason(kind: str, decline: Decline) -> Json:
    if decline is declines.AUTHENTICATION_FAILED:
        return {
            "type": "invalid_request_error",
            "code": f"{kind}_authentication_failure",
            "message": AUTHENTICATION_FAILURE[kind],
        }
    return {"type": "card_error", "message": decline.message, **decline_members(decline)}
