"""Pages as answers."""

from collections.abc import Mapping

from aiohttp import web

from server.access.actor import ACTOR
from server.keys import PAGES
from server.security_headers import LOADS_STRIPE
from server.staff_bar import staff_bar

NO_PARTS: Mapping[str, str] = {}


def page(request: web.Request, name: str) -> web.Response:
    """A page that is the same for everybody."""
    pages = request.app[PAGES]
    answer = web.Response(
        body=pages[name],
        content_type="text/html",
        charset="utf-8",
        headers={"Cache-Control": "no-cache"},
    )
    if name in pages.with_stripe:
        answer[LOADS_STRIPE] = True
    return answer


def filled_page(
    request: web.Request, name: str, parts: Mapping[str, str], *, status: int = 200
) -> web.Response:
    """A page made for this reader; `parts` are HTML for its marks."""
    return web.Response(
        text=request.app[PAGES].filled(name, parts),
        content_type="text/html",
        status=status,
        headers={"Cache-Control": "no-store"},
    )


def staff_page(
    request: web.Request, name: str, parts: Mapping[str, str] = NO_PARTS, *, status: int = 200
) -> web.Response:
    """A page of the staff, with the bar at its head."""
    bar = staff_bar(request[ACTOR], request.path)
    return filled_page(request, name, {"staff_bar": bar, **parts}, status=status)
