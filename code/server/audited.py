"""The audit trail of requests: an entry for each route that has an `action`.

It is written when the action begins and again when it was answered (`shop.audit.entry`). Whether
the trail can be written or not, the action goes on.
"""

from aiohttp import web
from aiohttp.typedefs import Handler

from server.access.actor import ACTOR
from server.access.counting import COUNTED
from server.audit_entries import begun, ended
from server.keys import JOURNAL
from server.routes import route_of


@web.middleware
async def audited(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Write down who does what. Errors have to be answers by here.

    Known are the staff, and students whose link was followed. Of everybody else only the answer is
    kept, and only where a try of theirs was counted: nobody who is unknown may fill the disk.
    """
    route = route_of(request)
    if route is None or route.action is None or request.method == "HEAD":
        return await handler(request)
    journal = request.app[JOURNAL]
    entry, actor = await begun(request, route.action), request[ACTOR]
    is_known = actor.is_staff or entry.who in actor.grants
    if is_known:
        journal.write(entry)
    answer = await handler(request)
    if is_known or COUNTED in request:
        journal.write(ended(entry, request, answer))
    return answer
