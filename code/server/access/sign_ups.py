"""Whoever begins a sign-up may enter a card for it, and nothing else of that student's."""

import time

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from server.access.rules import sign_up_of
from server.access.sessions import GRANT_LASTS, grant
from server.first_answers import ANSWERED_AT
from server.keys import STAFF
from server.routes import route_of
from shop.audit.actions import Action


class _Started(msgspec.Struct):
    customer_id: str


@web.middleware
async def sign_ups(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Remember the student of a sign-up in the session, for a while after its first answer.

    Whoever lost that answer has it repeated, and the rest of the time.
    """
    answer = await handler(request)
    route = route_of(request)
    if route is None or route.action is not Action.SIGN_UP or request.app[STAFF].staff().is_open:
        return answer
    if answer.status == 200 and isinstance(answer, web.Response) and answer.text:
        started = msgspec.json.decode(answer.text, type=_Started)
        answered_at = answer.get(ANSWERED_AT, int(time.time()))
        await grant(request, sign_up_of(started.customer_id), answered_at + GRANT_LASTS)
    return answer
