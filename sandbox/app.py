"""The aiohttp application: Stripe's API, Stripe.js, and the controls."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox import page
from sandbox.controls import ROUTES
from sandbox.controls.access import loopback_only
from sandbox.controls.answers import refusal
from sandbox.errors import StripeError
from sandbox.network.middleware import front, let_go, wire
from sandbox.pipeline import respond_error, serve
from sandbox.resources import ENDPOINTS, EXPANDABLE
from sandbox.service import SERVICE, Service

LARGEST_BODY = 512 * 1024
STRIPE_JS = Path(__file__).parent / "stripe_js"
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
"""Said here, because what Python guesses depends on the machine."""

SEARCHES = ("/v1/charges/search", "/v1/customers/search", "/v1/payment_intents/search")
"""Stripe's own, which are not there; without a word of their own they would be read as ids."""

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Stripe-Version, Idempotency-Key",
    "Access-Control-Max-Age": "300",
}


def create_app(service: Service) -> web.Application:
    """An application that answers for ``service``."""
    app = web.Application(
        client_max_size=LARGEST_BODY,
        middlewares=[wire, allow_other_origins, front, loopback_only, explain, count_changes],
    )
    app[SERVICE] = service
    app.cleanup_ctx.append(background)
    app.on_shutdown.append(let_go)
    app.router.add_get("/", page.show)
    app.add_routes(ROUTES)
    for path in SEARCHES:
        app.router.add_route("GET", path, nothing_there)
    for endpoint in ENDPOINTS:
        app.router.add_route(endpoint.method, endpoint.path, serve(endpoint, EXPANDABLE))
    app.router.add_get("/js/{name}", stripe_js)
    return app


async def background(app: web.Application) -> AsyncIterator[None]:
    """Webhook delivery and timers, for as long as the server runs."""
    service = app[SERVICE]
    await service.deliverer.start()
    ticking = asyncio.create_task(service.tick())
    yield
    ticking.cancel()
    await asyncio.gather(ticking, return_exceptions=True)
    await service.deliverer.stop()


@web.middleware
async def allow_other_origins(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let pages of other origins call, as Stripe.js in the shop's page does."""
    if request.method == "OPTIONS":
        return web.Response(status=204, headers=CORS)
    response = await handler(request)
    response.headers.update(CORS)
    return response


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer requests that no handler took in the shape their callers expect."""
    try:
        return await handler(request)
    except msgspec.ValidationError as error:
        return refusal(400, str(error))
    except msgspec.DecodeError as error:
        return refusal(400, f"The body is not JSON: {error}")
    except web.HTTPRequestEntityTooLarge:
        return respond_error(StripeError(413, "Request body too large."), _request_id(request))
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed):
        if request.path.startswith("/_sandbox/"):
            return refusal(404, f"There is no control {request.method} {request.path}.")
        return respond_error(_unrecognized(request), _request_id(request))


@web.middleware
async def count_changes(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count what calls and controls may have changed, once it has taken effect."""
    try:
        return await handler(request)
    finally:
        if request.method != "GET":
            request.app[SERVICE].account.changes += 1


async def nothing_there(_: web.Request) -> web.StreamResponse:
    """The same as at an address that no route has."""
    raise web.HTTPNotFound


async def stripe_js(request: web.Request) -> web.StreamResponse:
    """A file of the Stripe.js double; never cached, so a change shows at once."""
    path = STRIPE_JS / request.match_info["name"]
    if path.parent != STRIPE_JS or not path.is_file():
        raise web.HTTPNotFound
    kind = CONTENT_TYPES.get(path.suffix, "application/octet-stream")
    return web.FileResponse(path, headers={"Cache-Control": "no-cache", "Content-Type": kind})


def _unrecognized(request: web.Request) -> StripeError:
    return StripeError(
        404,
        f"Unrecognized request URL ({request.method}: {request.path}). Please see "
        "https://stripe.com/docs or we can help at https://support.stripe.com/.",
    )


def _request_id(request: web.Request) -> str:
    return request.app[SERVICE].account.ids.new("req")
