"""The gate: finds out who a request is from, and lets it through to what is theirs."""

from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

from server.access.actor import ACTOR, ANYBODY, Actor
from server.access.links import named, student_links
from server.access.rules import Access, may, needs_sign_in
from server.access.sessions import grant
from server.access.who import who_asks
from server.audit_entries import turned_away
from server.bodies import LONGEST_ID, read_fields
from server.keys import JOURNAL, STAFF
from server.page_answers import filled_page, staff_page
from server.routes import Route, route_of
from shop.errors import LinkNeeded, NotAllowed, SignInNeeded
from shop.staff.accounts import Staff
from shop.student_links import PARAMETER

UNKNOWN_TOKEN = "This token is not, or no longer, one of ours."  # noqa: S105 (a sentence)


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer whoever may ask this, and nobody else.

    Raises:
        SignInNeeded, NotAllowed, LinkNeeded: the route is not for whoever this is.
        RedisError: nobody can tell whether a session still stands.
        SettingsError: the staff file cannot be read.
    """
    staff = request.app[STAFF].staff()
    route = route_of(request)
    asks_nobody = route is None or (route.access is Access.EVERYONE and route.action is None)
    actor = ANYBODY if asks_nobody and not staff.is_open else await who_asks(request, staff)
    request[ACTOR] = actor
    if route is None or asks_nobody:
        return await handler(request)
    subject = await _subject(request, route)
    if PARAMETER in request.query and route.access is Access.STUDENT and route.is_page:
        return await _follow_link(request, staff, subject)
    if not may(actor, route.access, subject):
        if route.action is not None and actor.is_staff:
            request.app[JOURNAL].write(await turned_away(request, route.action))
        return _turn_away(request, actor, route)
    return await handler(request)


async def _subject(request: web.Request, route: Route) -> str | None:
    """The student or payment that a request to a student's route is about."""
    if route.access not in (Access.STUDENT, Access.CARD_ENTRY):
        return None
    in_address = named(request)
    if in_address or request.method == "GET":
        return in_address
    fields = await read_fields(request)
    return fields.optional_text("customer_id", LONGEST_ID)


async def _follow_link(
    request: web.Request, staff: Staff, subject: str | None
) -> web.StreamResponse:
    """Remember what a link opens, and go on without its signature in the address."""
    opened = student_links(request).opens(request.query[PARAMETER])
    if opened is not None and opened.subject == subject and not staff.is_open:
        await grant(request, subject, opened.ends)
    return web.Response(
        status=303, headers={"Location": request.rel_url.raw_path, "Cache-Control": "no-store"}
    )


def _turn_away(request: web.Request, actor: Actor, route: Route) -> web.StreamResponse:
    if "Authorization" in request.headers and needs_sign_in(actor):
        raise SignInNeeded(UNKNOWN_TOKEN)
    if route.access in (Access.STUDENT, Access.CARD_ENTRY):
        if route.is_page:
            return filled_page(request, "link-needed", {}, status=403)
        raise LinkNeeded
    if not needs_sign_in(actor):
        if route.is_page:
            return staff_page(request, "not-allowed", status=403)
        raise NotAllowed
    if route.is_page:
        back = quote(request.rel_url.raw_path_qs, safe="")
        return web.Response(status=303, headers={"Location": f"/sign-in?next={back}"})
    raise SignInNeeded
