"""Making the delivery of events go wrong, seeing how it went, and sending one again."""

import msgspec
from aiohttp import web

from sandbox.controls.answers import answer, refusal
from sandbox.controls.orders import read
from sandbox.service import SERVICE
from sandbox.webhooks import Behaviour

routes = web.RouteTableDef()

SHOWN = 200
"""Deliveries in the log, newest first."""


class Resend(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /_sandbox/webhooks/resend``."""

    event: str


@routes.get("/_sandbox/webhooks")
async def show(request: web.Request) -> web.Response:
    """How deliveries are to go, and how the latest went."""
    deliverer = request.app[SERVICE].deliverer
    settings = msgspec.to_builtins(deliverer.behaviour)
    return answer({"settings": settings, "deliveries": deliverer.deliveries(SHOWN)})


@routes.post("/_sandbox/webhooks")
async def change(request: web.Request) -> web.Response:
    """How deliveries go from now on; what is not named goes as it should."""
    behaviour = read(await request.read() or b"{}", Behaviour)
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
