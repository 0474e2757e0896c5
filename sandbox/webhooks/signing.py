"""How a shop knows that an event is Stripe's: the signature, and the secrets it is made with."""

import hashlib
import hmac
from collections.abc import Sequence

from sandbox.ids import derived_text
from sandbox.records import FormerSecret, WebhookEndpoint


def new_secret(endpoint: str, rolled: int = 0) -> str:
    """A secret for the endpoint of that id, which has had so many before."""
    return f"whsec_{derived_text(endpoint, f'whsec{rolled}', 32)}"


def roll(endpoint: WebhookEndpoint, until: int) -> None:
    """Sign with a new secret, and until then (unix seconds) with the one it replaces as well."""
    former = FormerSecret(endpoint.secret, until)
    endpoint.former_secrets = (former, *endpoint.former_secrets)
    endpoint.secret = new_secret(endpoint.id, len(endpoint.former_secrets))


def secrets_of(endpoint: WebhookEndpoint, now: int) -> list[str]:
    """What deliveries are signed with: the secret, and those that are still being rolled."""
    rolling = [former.secret for former in endpoint.former_secrets if now < former.until]
    return [endpoint.secret, *rolling]


def signature(secrets: Sequence[str], timestamp: int, body: bytes) -> str:
    """The ``Stripe-Signature`` header: ``v1`` is HMAC-SHA256 of ``<timestamp>.<body>``.

    While a secret is being rolled there are several ``secrets``, and a ``v1`` of each. In test mode
    Stripe adds a ``v0`` that means nothing, so that receivers learn to pass over schemes they do
    not know.
    """
    signed = f"{timestamp}.".encode() + body
    v1 = ",".join(f"v1={_hex(secret, signed)}" for secret in secrets)
    return f"t={timestamp},{v1},v0={_hex(f'v0 {secrets[0]}', signed)}"


def _hex(key: str, signed: bytes) -> str:
    return hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
