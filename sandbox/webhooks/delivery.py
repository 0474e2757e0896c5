"""One event on its way to one endpoint."""

from dataclasses import dataclass
from enum import StrEnum

from sandbox.account import Account, Json
from sandbox.records import Event, WebhookEndpoint


class State(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    """Not sent yet, or to be tried again."""

    DELIVERED = "delivered"
    """Answered with 2xx."""

    GIVEN_UP = "given_up"
    """Tried as often as the schedule allows."""

    DROPPED = "dropped"
    """The endpoint was deleted, disabled or asked for other events meanwhile."""


@dataclass(eq=False)
class Delivery:
    """What is sent where, and how that went so far."""

    account: Account
    endpoint: WebhookEndpoint
    event: Event
    copy: int = 0
    """0, or which duplicate it is."""

    state: State = State.WAITING
    attempts: int = 0
    last_status: int | None = None
    """The status of the last answer, if there was one."""

    last_error: str | None = None
    """Why there was none."""

    def shown(self) -> Json:
        """The delivery as ``GET /_sandbox/webhooks`` lists it."""
        return {
            "event": self.event.id,
            "type": self.event.type,
            "endpoint": self.endpoint.id,
            "copy": self.copy,
            "state": self.state,
            "attempts": self.attempts,
            "last_status": self.last_status,
            "last_error": self.last_error,
        }


def wants(endpoint: WebhookEndpoint, type: str) -> bool:
    """Whether an endpoint is to hear of events of this type."""
    listening = endpoint.enabled and not endpoint.deleted
    return listening and ("*" in endpoint.enabled_events or type in endpoint.enabled_events)
