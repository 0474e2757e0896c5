"""API keys: who may call what."""

import base64
import binascii
from collections.abc import Mapping
from enum import Enum, auto

from sandbox.errors import StripeError

KEYS_OF_SERVERS = "sk_test_sandbox"
KEYS_OF_PAGES = "pk_test_sandbox"
"""What the sandbox's keys start with."""


class Caller(Enum):
    """Whose key it is."""

    SERVER = auto()
    """The secret key: may do everything."""

    PAGE = auto()
    """The publishable key: may make cards and confirm intents it knows the client secret of."""


def authenticate(headers: Mapping[str, str], form_key: object = None) -> Caller:
    """Tell the caller by the key in ``Authorization`` (Bearer or Basic) or the ``key`` parameter.

    Raises 401 with Stripe's text for no key or one that is not the sandbox's.
    """
    key = _key(headers.get("Authorization", "")) or form_key
    if not isinstance(key, str) or not key:
        raise StripeError(
            401,
            "You did not provide an API key. You need to provide your API key in the "
            "Authorization header, using Bearer auth (e.g. 'Authorization: Bearer "
            "YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or "
            "we can help at https://support.stripe.com/.",
        )
    if key.startswith(KEYS_OF_SERVERS):
        return Caller.SERVER
    if key.startswith(KEYS_OF_PAGES):
        return Caller.PAGE
    raise StripeError(401, f"Invalid API Key provided: {_masked(key)}")


def secret_key_required() -> StripeError:
    """The page asked for something only the server may do."""
    return StripeError(
        403,
        "This API call cannot be made with a publishable API key. Please use a secret API key. "
        "You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.",
        code="secret_key_required",
    )


def _key(header: str) -> str:
    scheme, _, credentials = header.partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials, validate=True).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _masked(key: str) -> str:
    """``sk_test_****1234``"""
    kept = key[:8] if key[:8] in ("sk_test_", "sk_live_", "pk_test_", "pk_live_") else ""
    hidden = max(len(key) - len(kept) - 4, 0)
    return kept + "*" * hidden + key[-4:] if hidden else kept + "*" * (len(key) - len(kept))
