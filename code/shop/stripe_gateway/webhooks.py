"""Stripe's events as they arrive: whether one is genuine, and what it is about."""

import msgspec
import stripe

from shop.errors import BadRequest, Unavailable

TOLERANCE = 300
"""Seconds an event may be old; Stripe signs again at every delivery."""


class _Object(msgspec.Struct):
    id: str | None = None


class _Data(msgspec.Struct):
    object: _Object


class Event(msgspec.Struct, frozen=True):
    """An event, and the object it is a hint about."""

    id: str
    type: str
    data: _Data

    @property
    def object_id(self) -> str | None:
        """Id of the object to fetch; a few objects, such as a balance, have none."""
        return self.data.object.id


def read_event(body: bytes, signature: str | None, secret: str) -> Event:
    """The event in `body`, once its signature is proven.

    Raises:
        Unavailable: the shop has no webhook secret, so nothing can be proven.
        BadRequest: forged, too old, or not an event.
    """
    if not secret:
        raise Unavailable("STRIPE_WEBHOOK_SECRET is empty, so no event can be trusted.")
    if signature is not None and not signature.isascii():
        raise _forged()
    try:
        stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE)
        return msgspec.json.decode(body, type=Event)
    except stripe.SignatureVerificationError as error:
        raise _forged() from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadRequest("This is not one of Stripe's events.") from error


def _forged() -> BadRequest:
    return BadRequest("The event's signature is not Stripe's.", code="signature_invalid")
