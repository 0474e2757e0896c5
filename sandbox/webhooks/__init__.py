"""Delivery of events: signed, in the background, tried again; and made to misbehave on request."""

from sandbox.webhooks.behaviour import Behaviour
from sandbox.webhooks.deliverer import Deliverer
from sandbox.webhooks.signing import roll, signature

__all__ = ["Behaviour", "Deliverer", "roll", "signature"]
