"""Events: what happened, with the object as it was then, for 30 days."""

from collections.abc import Callable
from fnmatch import fnmatchcase

from sandbox.account import EVENTS_KEPT_FOR, Account, Json
from sandbox.endpoint import Call, Endpoint
from sandbox.errors import ParameterError
from sandbox.expansion import Embedded, Rule
from sandbox.lists import Page, list_form, page
from sandbox.params import boolean, form, list_of, text
from sandbox.records import Event
from sandbox.version import API_VERSION

EXPANDABLE: dict[str, Rule] = {"data": Embedded({"object": Embedded()}), "request": Embedded()}

MOST_TYPES = 20
RETRIEVE = form()
LIST = list_form(type=text, types=list_of(text), delivery_success=boolean)


def render(_: Account, event: Event) -> Json:
    """Stripe's event."""
    data: Json = {"object": event.object}
    if event.previous:
        data["previous_attributes"] = event.previous
    return {
        "id": event.id,
        "object": "event",
        "api_version": API_VERSION,
        "created": event.created,
        "data": data,
        "livemode": False,
        "pending_webhooks": event.pending_webhooks,
        "request": {"id": event.request, "idempotency_key": event.idempotency_key},
        "type": event.type,
    }


def retrieve(call: Call) -> Event:
    """One event."""
    return call.account.require(call.account.events, call.path["id"], "id")


def list_all(call: Call) -> Page:
    """Events of the last 30 days, newest first; ``type`` may end in ``*``."""
    account, params = call.account, call.params
    if "type" in params and "types" in params:
        raise ParameterError("You may only specify one of these parameters: type, types.", None)
    if len(params.get("types", ())) > MOST_TYPES:
        raise ParameterError(f"You may list at most {MOST_TYPES} types.", "types")
    types = params.get("types", [params["type"]] if "type" in params else None)
    return page(
        account.events,
        params,
        "/v1/events",
        keep=_shown(account.now() - EVENTS_KEPT_FOR, types, params.get("delivery_success")),
    )


def _shown(since: int, types: list[str] | None, delivered: bool | None) -> Callable[[Event], bool]:
    def shown(event: Event) -> bool:
        return (
            event.created >= since
            and (types is None or any(fnmatchcase(event.type, name) for name in types))
            and (delivered is None or delivered == (event.pending_webhooks == 0))
        )

    return shown


ENDPOINTS = (
    Endpoint("GET", "/v1/events", list_all, LIST, "event", many=True),
    Endpoint("GET", "/v1/events/{id}", retrieve, RETRIEVE, "event"),
)
