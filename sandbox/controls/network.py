"""The network between the shop and the sandbox: latency, limits, faults, and what was counted."""

from typing import Annotated, Literal

import msgspec
from aiohttp import web

from sandbox.controls.answers import answer, refusal
from sandbox.controls.orders import NOTHING_SAID, Nothing, read
from sandbox.network.faults import Faults, Rule, shape
from sandbox.network.latency import PROFILES, Latency, Profile
from sandbox.network.limits import Limiter, Limits
from sandbox.resources import ENDPOINTS
from sandbox.service import SERVICE

routes = web.RouteTableDef()

MOST_RULES = 100
NOWHERE = (
    "No endpoint has the path {}, so the rule cannot strike. "
    "Paths look like /v1/customers/{{id}}, /v1/customers/cus_1 or /v1/customers*."
)


class NamedProfile(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /_sandbox/latency`` that names a profile."""

    profile: Literal["none", "realistic"]


class FaultOrder(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /_sandbox/faults``."""

    rules: Annotated[list[Rule], msgspec.Meta(max_length=MOST_RULES)]
    seed: int = 1


@routes.post("/_sandbox/latency")
async def latency(request: web.Request) -> web.Response:
    """Let answers take as long as a profile says, which is named or spelt out."""
    body = await request.read()
    if "profile" in read(body, dict[str, msgspec.Raw]):
        profile = PROFILES[read(body, NamedProfile).profile]
    else:
        profile = read(body, Profile)
    request.app[SERVICE].network.latency = Latency(profile)
    return answer(profile)


@routes.post("/_sandbox/limits")
async def limits(request: web.Request) -> web.Response:
    """Refuse what goes beyond these limits from now on."""
    ordered = read(await request.read(), Limits)
    request.app[SERVICE].network.limiter = Limiter(ordered)
    return answer(ordered)


@routes.post("/_sandbox/faults")
async def faults(request: web.Request) -> web.Response:
    """Replace the rules by which requests fail."""
    order = read(await request.read(), FaultOrder)
    for rule in order.rules:
        if rule.path is not None and not _leads_somewhere(rule.path):
            return refusal(400, NOWHERE.format(rule.path))
    request.app[SERVICE].network.faults = Faults(order.rules, order.seed)
    return answer(order)


@routes.get("/_sandbox/requests")
async def requests(request: web.Request) -> web.Response:
    """How many requests of each kind came, how they ended, and how many there were at once."""
    return answer(request.app[SERVICE].network.traffic.summary())


@routes.post("/_sandbox/requests/reset")
async def forget_requests(request: web.Request) -> web.Response:
    """Count from zero."""
    read(await request.read() or NOTHING_SAID, Nothing)
    request.app[SERVICE].network.traffic.reset()
    return answer({"reset": True})


def _leads_somewhere(path: str) -> bool:
    """Whether some endpoint can have this path; one that ends in ``*`` is taken as it is."""
    if path.endswith("*"):
        return path.startswith("/v1/") and path.count("*") == 1
    return any(shape(each.path).fullmatch(path) for each in ENDPOINTS)
