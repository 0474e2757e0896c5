"""The signature by which a shop knows that an event is Stripe's."""

import hashlib
import hmac


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The ``Stripe-Signature`` header: ``v1`` is HMAC-SHA256 of ``<timestamp>.<body>``.

    In test mode Stripe adds a ``v0`` that means nothing, so that receivers learn to pass over
    schemes they do not know.
    """
    signed = f"{timestamp}.".encode() + body
    v1, v0 = _hex(secret, signed), _hex(f"v0 {secret}", signed)
    return f"t={timestamp},v1={v1},v0={v0}"


def _hex(key: str, signed: bytes) -> str:
    return hmac.new(key.encode(), signed, hashlib.sha256).hexdigest()
