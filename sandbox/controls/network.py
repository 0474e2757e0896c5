"""The network between the shop and the sandbox."""

from aiohttp import web

from sandbox.controls.answers import answer
from sandbox.service import SERVICE

routes = web.RouteTableDef()


@routes.get("/_sandbox/requests")
async def requests(request: web.Request) -> web.Response:
    """How many requests of each kind were served, and how they ended."""
    service = request.app[SERVICE]
    return answer({"calls": service.calls, "statuses": service.statuses})
