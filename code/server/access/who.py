"""Who a request is from: by token, by session, by links followed, in this order."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from server.access.actor import ANYBODY, SOMEBODY_HERE, Actor, Via
from server.access.sessions import granted, signed_in, still_signed_in
from server.keys import STAFF
from shop.staff.accounts import Account, Staff
from shop.staff.tokens import digest

BEARER = "bearer"
"""The scheme of tokens, in any letter case: RFC 9110, section 11.1."""

BySession = Callable[[web.Request, Staff], Awaitable[Account | None]]
"""Finds the account whose session a request brings."""


async def who_asks(request: web.Request, staff: Staff) -> Actor:
    """Who a request is from that has just come.

    Raises:
        RedisError: nobody can tell whether a session still stands.
    """
    known = await _of_staff(request, staff, signed_in)
    if known is not None:
        return known
    grants = await granted(request)
    return Actor(name="", via=Via.LINK if grants else Via.NOBODY, grants=grants)


async def who_listens(request: web.Request) -> Actor:
    """Who a request is from that came long ago and is still answered; a link counts for nothing.

    Its token, its session, the account or its roles may have ended meanwhile.

    Raises:
        RedisError: nobody can tell whether a session still stands.
        SettingsError: the staff file cannot be read.
    """
    return await _of_staff(request, request.app[STAFF].staff(), still_signed_in) or ANYBODY


async def _of_staff(request: web.Request, staff: Staff, by_session: BySession) -> Actor | None:
    if staff.is_open:
        return SOMEBODY_HERE
    if "Authorization" in request.headers:
        return _by_token(request.headers["Authorization"], staff)
    account = await by_session(request, staff)
    return Actor(name=account.name, via=Via.SESSION, roles=account.roles) if account else None


def _by_token(authorization: str, staff: Staff) -> Actor:
    scheme, _, credentials = authorization.partition(" ")
    token = credentials if scheme.lower() == BEARER else authorization
    found = staff.of_token(digest(token.strip()))
    if found is None:
        return ANYBODY
    account, known = found
    return Actor(name=f"{account.name}/{known.label}", via=Via.TOKEN, roles=account.roles)
