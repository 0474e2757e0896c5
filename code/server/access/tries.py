"""Counting tries before they are made, and refusing those beyond a limit."""

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler

from server.access.actor import ACTOR, Actor, Via
from server.access.client_address import caller, client_address
from server.access.counting import count
from server.access.loopback import is_loopback
from server.access.rate_limits import By, Tried
from server.bodies import LONGEST_ID, read_fields
from server.routes import route_of
from shop.audit.actions import Action
from shop.errors import BadRequest
from shop.rules.email import LONGEST as LONGEST_EMAIL
from shop.rules.email import normalise


@dataclass(frozen=True)
class _Counted:
    """What a route tries, and whose tries are counted beside the address's."""

    tried: Tried
    beside: By


COUNTED: Mapping[Action, _Counted] = {
    Action.SIGN_UP: _Counted(Tried.SIGN_UP, By.EMAIL),
    Action.CHANGE_DETAILS: _Counted(Tried.CARD_ENTRY, By.STUDENT),
    Action.SAVE_CARD: _Counted(Tried.CARD_ENTRY, By.STUDENT),
    Action.SEND_LINK: _Counted(Tried.ACCOUNT_LINK, By.STUDENT),
}
"""Sign-ins are counted by their handler, which answers with its page: those of everybody."""


@web.middleware
async def tries(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count a try; one that is answered as at first does not come this far.

    Raises:
        TooManyRequests: there is none left.
    """
    route = route_of(request)
    counted = COUNTED.get(route.action) if route and route.action else None
    if counted is not None and is_counted(request[ACTOR], client_address(request)):
        await count(request, counted.tried, await _whose(request, counted))
    return await handler(request)


def is_counted(actor: Actor, address: str) -> bool:
    """All but the staff, and but this machine as long as everything is open. Pure."""
    if actor.via is Via.OPEN:
        return not is_loopback(address)
    return not actor.roles


async def _whose(request: web.Request, counted: _Counted) -> dict[By, str]:
    """The address's in any case: what the handler will refuse is answered and kept as well."""
    try:
        return {By.ADDRESS: caller(request), **await _beside(request, counted)}
    except (BadRequest, web.HTTPException):
        return {By.ADDRESS: caller(request)}


async def _beside(request: web.Request, counted: _Counted) -> dict[By, str]:
    fields = await read_fields(request)
    if counted.beside is By.EMAIL:
        email = fields.optional_text("email", LONGEST_EMAIL) or ""
        return {By.EMAIL: normalise(email), By.SHOP: ""}
    student = request.match_info.get("customer_id")
    return {By.STUDENT: student or fields.optional_text("customer_id", LONGEST_ID) or ""}
