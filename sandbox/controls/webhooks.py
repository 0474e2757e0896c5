"""Making deliveries go wrong, seeing how they went, sending one again, rolling a secret."""

from typing import Annotated

import msgspec
from aiohttp import web

from sandbox.controls.answers import answer, refusal
from sandbox.controls.orders import NOTHING_SAID, read
from sandbox.money import DAY
from sandbox.records import WebhookEndpoint
from sandbox.service import SERVICE, Service
from sandbox.webhooks import Behaviour, roll

routes = web.RouteTableDef()

SHOWN = 200
"""Deliveries in the log, newest first."""


class Resend(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /_sandbox/webhooks/resend``."""

    event: str


class RollOrder(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /_sandbox/webhooks/roll``."""

    endpoint: str | None = None
    """Left out: the one of the settings file."""

    overlap_seconds: Annotated[int, msgspec.Meta(ge=0, le=DAY)] = 0
    """How long the old secret signs too; a day at most, as on Stripe's dashboard."""


@routes.get("/_sandbox/webhooks")
async def show(request: web.Request) -> web.Response:
    """How deliveries are to go, and how the latest went."""
    deliverer = request.app[SERVICE].deliverer
    settings = msgspec.to_builtins(deliverer.behaviour)
    return answer({"settings": settings, "deliveries": deliverer.deliveries(SHOWN)})


@routes.post("/_sandbox/webhooks")
async def change(request: web.Request) -> web.Response:
    """How deliveries go from now on; what is not named goes as it should."""
    behaviour = read(await request.read() or NOTHING_SAID, Behaviour)
    request.app[SERVICE].deliverer.behaviour = behaviour
    return answer({"settings": msgspec.to_builtins(behaviour)})


@routes.post("/_sandbox/webhooks/resend")
async def resend(request: web.Request) -> web.Response:
    """Send one event to its endpoints once more."""
    service = request.app[SERVICE]
    wanted = read(await request.read(), Resend)
    event = service.account.events.get(wanted.event)
    if event is None:
        return refusal(400, f"There is no event {wanted.event}.")
    return answer({"endpoints": service.deliverer.resend(service.account, event)})


@routes.post("/_sandbox/webhooks/roll")
async def roll_secret(request: web.Request) -> web.Response:
    """Give an endpoint a new secret; the old one goes on signing for a while."""
    order = read(await request.read() or NOTHING_SAID, RollOrder)
    service = request.app[SERVICE]
    endpoint = _ordered(service, order.endpoint)
    if endpoint is None:
        named = "in the settings file" if order.endpoint is None else order.endpoint
        return refusal(400, f"There is no webhook endpoint {named}.")
    until = service.clock.now() + order.overlap_seconds
    roll(endpoint, until)
    return answer({"endpoint": endpoint.id, "secret": endpoint.secret, "both_until": until})


def _ordered(service: Service, id: str | None) -> WebhookEndpoint | None:
    if id is None:
        return service.configured_endpoint()
    endpoint = service.account.webhook_endpoints.get(id)
    return None if endpoint is None or endpoint.deleted else endpoint
