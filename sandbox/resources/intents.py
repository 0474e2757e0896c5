"""What PaymentIntents and SetupIntents share: the card, the challenge, the client secret."""

from sandbox.account import Json
from sandbox.actions.saving import check_usable, find_method
from sandbox.auth import Caller
from sandbox.endpoint import Call
from sandbox.errors import ParameterError
from sandbox.ids import client_secret
from sandbox.params import boolean, hash_of, one_of, text
from sandbox.records import PaymentIntent, PaymentMethod, SetupIntent
from sandbox.resources.payment_methods import method_data, method_from

automatic_payment_methods = hash_of(
    {"enabled": boolean, "allow_redirects": one_of("always", "never")}
)
TYPE_PARAMS = frozenset({"allowed_payment_method_types", "payment_method_types"})
"""The name at the pinned version, and the one before, which Stripe's own snippets still send."""

CONFIRM_FIELDS = {
    "payment_method": text,
    "payment_method_data": method_data,
    "return_url": text,
    "use_stripe_sdk": boolean,
}


def next_action(challenge_url: str | None) -> Json | None:
    """What Stripe.js is to do: open the challenge."""
    if challenge_url is None:
        return None
    challenge = {"type": "three_d_secure_redirect", "stripe_js": challenge_url}
    return {"type": "use_stripe_sdk", "use_stripe_sdk": challenge}


def given_method(call: Call, customer: str | None, intent: str) -> PaymentMethod | None:
    """The card named in the call, or entered with it; checked for use on an intent."""
    account, params = call.account, call.params
    if "payment_method_data" in params:
        return method_from(account, params["payment_method_data"])
    if "payment_method" not in params:
        return None
    method = find_method(account, params["payment_method"])
    check_usable(method, customer, intent)
    return method


def check_return_url(call: Call, intent: PaymentIntent | SetupIntent) -> None:
    """A server that lets Stripe choose payment methods must say where a redirect may return to."""
    allowed = not intent.automatic or intent.allow_redirects == "never"
    if allowed or call.caller is Caller.PAGE or call.params.get("off_session"):
        return
    if "return_url" not in call.params:
        name = "SetupIntent" if isinstance(intent, SetupIntent) else "PaymentIntent"
        raise ParameterError(
            f"This {name} is configured to accept payment methods enabled in your Dashboard. "
            "Because some of these payment methods might redirect your customer off of your "
            "page, you must provide a `return_url`. If you don't want to accept redirect-based "
            "payment methods, set `automatic_payment_methods[enabled]` to `true` and "
            "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents "
            "and Payment Intents.",
            None,
        )


def challenge_url(call: Call, id: str) -> str:
    """The page on which a student passes or fails the challenge of an intent."""
    return f"{call.origin}/js/challenge.html?intent={id}&client_secret={client_secret(id)}"


def check_client_secret(call: Call, id: str, intent: str) -> None:
    """The page must show the intent's client secret; a server need not."""
    secret = call.params.get("client_secret")
    if secret is None and call.caller is Caller.SERVER:
        return
    if secret != client_secret(id):
        raise ParameterError(
            f"The client_secret provided does not match any associated {intent} on this account.",
            "client_secret",
            "resource_missing",
        )
