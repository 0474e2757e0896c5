"""Stripe's events as they arrive: whether one is genuine, and what it is about."""

from collections.abc import Sequence

import msgspec
import stripe

from shop.errors import BadRequest, Unavailable
from shop.stripe_gateway.objects import Event

TOLERANCE = 300
"""Seconds an event may be old; Stripe signs again at every delivery."""


def read_event(body: bytes, signature: str | None, secrets: Sequence[str]) -> Event:
    """The event in `body`, once its signature is proven.

    Args:
        signature: the header `Stripe-Signature`; may hold several while a secret is rolled.
        secrets: those that Stripe may have signed with.

    Raises:
        Unavailable: the shop has no webhook secret, so nothing can be proven.
        BadRequest: forged, too old, or not an event.
    """
    if not secrets:
        raise Unavailable("STRIPE_WEBHOOK_SECRET is empty, so no event can be trusted.")
    if not any(_is_genuine(body, signature, secret) for secret in secrets):
        raise BadRequest("The event's signature is not Stripe's.", code="signature_invalid")
    try:
        return msgspec.json.decode(body, type=Event)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadRequest("This is not one of Stripe's events.") from error


def _is_genuine(body: bytes, signature: str | None, secret: str) -> bool:
    if signature is not None and not signature.isascii():
        return False
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE)
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False
    return True
