"""Requests that another site's page made a browser send (CSRF).

Browsers say where a request comes from, and pages cannot change that: `Sec-Fetch-Site` says it
outright, `Origin` by name. Programs send neither. So a request that changes something is refused
when its browser names another site than ours; no token has to travel through every form.
https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
"""

from urllib.parse import SplitResult, urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from server.access.loopback import is_loopback
from server.keys import SETTINGS, STAFF
from shop.errors import ForeignRequest

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})

PROXIED = ("Forwarded", "X-Forwarded-For")
"""What a proxy in front adds; whoever is on this machine sends none of it."""


@web.middleware
async def origins(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let nobody else's page act here.

    Raises:
        ForeignRequest: a page of another site sent it, or, as long as everything is open, a page
            that reached this machine under a name of its own (DNS rebinding), or anybody whom a
            proxy lets in.
    """
    if request.app[STAFF].staff().is_open:
        _see_that_it_is_from_here(request)
    if request.method not in SAFE and _comes_from_elsewhere(request):
        raise ForeignRequest("Another site's page has sent this, so nothing was done.")
    return await handler(request)


def _comes_from_elsewhere(request: web.Request) -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site is not None:
        return site not in OURS
    return origin is not None and _parts(origin).netloc != request.host


def _see_that_it_is_from_here(request: web.Request) -> None:
    if not _is_our_name(request):
        raise ForeignRequest(f"This shop is not known as {request.host}.")
    if any(name in request.headers for name in PROXIED):
        raise ForeignRequest(
            "There is no staff account, so nobody is let in from other machines. "
            "`script/staff add NAME --role owner` makes the first one."
        )


def _is_our_name(request: web.Request) -> bool:
    name = _parts(f"//{request.host}").hostname or ""
    return is_loopback(name) or name == urlsplit(request.app[SETTINGS].domain).hostname


def _parts(address: str) -> SplitResult:
    """An address that a caller named, in parts; none of them where it is no address."""
    try:
        return urlsplit(address)
    except ValueError:
        return urlsplit("")
