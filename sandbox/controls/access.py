"""Who may use the controls: this machine only."""

from ipaddress import ip_address

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.controls.answers import refusal


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse controls that are called from elsewhere, wherever the server may listen."""
    if request.path.startswith("/_sandbox/") and not _is_loopback(request.remote):
        return refusal(403, "The controls answer this machine only.")
    return await handler(request)


def _is_loopback(remote: str | None) -> bool:
    return remote is not None and ip_address(remote).is_loopback
