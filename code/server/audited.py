"""The audit trail of requests: an entry for each route that has an `action`.

It is written when the action begins and again when it was answered (`shop.audit.entry`). Whether
the trail can be written or not, the action goes on.
"""

from aiohttp import web
from aiohttp.typedefs import Handler

from server.access.actor import ACTOR, Via
from server.audit_entries import begun, ended
from server.keys import JOURNAL
from server.routes import route_of

TOO_MANY = 429


@web.middleware
async def audited(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write down who does what. Errors have to be answers by here.

    Of visitors only what was answered is kept, and not how often they were told to slow down:
    nobody who is unknown may fill the disk.
    """
    route = route_of(request)
    if route is None or route.action is None or request.method == "HEAD":
        return await handler(request)
    journal = request.app[JOURNAL]
    entry = await begun(request, route.action)
    is_known = request[ACTOR].via is not Via.NOBODY
    if is_known:
        journal.write(entry)
    answer = await handler(request)
    if is_known or answer.status != TOO_MANY:
        journal.write(ended(entry, request, answer))
    return answer
