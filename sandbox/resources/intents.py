"""What PaymentIntents and SetupIntents share: the card, the challenge, the client secret."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.account import Json
from sandbox.actions.saving import check_usable, find_method
from sandbox.auth import Caller
from sandbox.endpoint import Call
from sandbox.errors import ParameterError
from sandbox.ids import client_secret
from sandbox.params import Raw, boolean, hash_of, one_of, text
from sandbox.records import NextAction, PaymentIntent, PaymentMethod, SetupIntent
from sandbox.resources.payment_methods import method_data, method_from

WITH_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")

automatic_payment_methods = hash_of(
    {"enabled": boolean, "allow_redirects": one_of("always", "never")}
)
TYPE_PARAMS = frozenset({"allowed_payment_method_types", "payment_method_types"})
"""The name at the pinned version, and the one before, which Stripe's own snippets still send."""


def return_url(name: str, value: Raw) -> str:
    """An address of the web, or one that opens an app (``lessons://saved``)."""
    address = text(name, value)
    if not WITH_SCHEME.match(address):
        raise ParameterError(
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            name,
            "url_invalid",
        )
    return address


CONFIRM_FIELDS = {
    "payment_method": text,
    "payment_method_data": method_data,
    "return_url": return_url,
    "use_stripe_sdk": boolean,
}


def next_action(action: NextAction | None) -> Json | None:
    """Where the student is to be sent, or what Stripe.js is to do: open the challenge."""
    if action is None:
        return None
    if action.return_url is not None:
        redirect = {"return_url": action.return_url, "url": action.url}
        return {"type": "redirect_to_url", "redirect_to_url": redirect}
    challenge = {"type": "three_d_secure_redirect", "stripe_js": action.url}
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
        name, kind = "PaymentIntent", "payment_intent"
        if isinstance(intent, SetupIntent):
            name, kind = "SetupIntent", "setup_intent"
        stored = call.account.table(kind).get(intent.id)
        members: Json = {} if stored is None else {kind: call.account.render(stored)}
        raise ParameterError(
            f"This {name} is configured to accept payment methods enabled in your Dashboard. "
            "Because some of these payment methods might redirect your customer off of your "
            "page, you must provide a `return_url`. If you don't want to accept redirect-based "
            "payment methods, set `automatic_payment_methods[enabled]` to `true` and "
            "`automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents "
            "and Payment Intents.",
            None,
            **members,
        )


def challenge_of(call: Call, id: str) -> NextAction:
    """The page on which a student passes or fails the challenge of an intent.

    Stripe.js opens it over the shop's page, and tells a server's confirmation that it will with
    ``use_stripe_sdk``. A server that says where to return to instead gets a redirect.
    """
    url = f"{call.origin}/js/challenge.html?intent={id}&client_secret={client_secret(id)}"
    over_the_page = call.caller is Caller.PAGE or call.params.get("use_stripe_sdk", False)
    return NextAction(url=url, return_url=None if over_the_page else call.params.get("return_url"))


def check_only_confirmed(params: Mapping[str, Any], *names: str) -> None:
    """Refuse what a new intent takes only if it is confirmed at once."""
    for name in names:
        if name in params and not params.get("confirm"):
            raise ParameterError(f"You may only use `{name}` when `confirm` is true.", None)


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
