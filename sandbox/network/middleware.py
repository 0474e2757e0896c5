"""The network around the API: ``wire`` is what lies outside Stripe, ``front`` its limiter."""

import asyncio

from aiohttp import web
from aiohttp.typedefs import Handler

from sandbox.network import FAULT, Network
from sandbox.network.faults import Kind
from sandbox.network.refusals import RateLimited, bad_gateway, refused
from sandbox.network.traffic import NO_ANSWER
from sandbox.network.wire import fall_silent, reset, trickle, truncate
from sandbox.pipeline import respond_error
from sandbox.service import SERVICE

LOST = {Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER, Kind.RESET_BEFORE, Kind.RESET_AFTER}
EFFECTIVE = {Kind.TIMEOUT_AFTER, Kind.RESET_AFTER}


@web.middleware
async def wire(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count a call, and draw what the network does to it."""
    if not _is_call(request):
        return await handler(request)
    network = request.app[SERVICE].network
    traffic = network.traffic
    traffic.arrive(_endpoint(request), asyncio.get_running_loop().time())
    try:
        fault = network.faults.strike(request.method, request.path)
        if fault is None:
            response = await handler(request)
            traffic.statuses[str(response.status)] += 1
            return response
        traffic.faults[fault.value] += 1
        request[FAULT] = fault
        if fault in LOST:
            return await _lose(request, handler, fault, network)
        return await _spoil(request, handler, fault, network)
    finally:
        traffic.leave()


@web.middleware
async def front(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What Stripe refuses before it looks at a request: too many of them, or by a fault."""
    if not _is_call(request):
        return await handler(request)
    service = request.app[SERVICE]
    limiter = service.network.limiter
    mode = limiter.limits.mode
    if FAULT in request:
        request_id = service.account.ids.new("req")
        # Only writes have keys; the conflict of a call without one names the call itself.
        key = request.headers.get("Idempotency-Key", request_id)
        refusal = refused(request[FAULT], key, mode)
        if refusal is not None:
            return respond_error(refusal, request_id)
    # Real time that only goes forward, and what the sandbox's clock was advanced by.
    now = asyncio.get_running_loop().time() + service.clock.offset
    endpoint = _endpoint(request)
    reason = limiter.enter(endpoint, now, _changed_payment(request))
    if reason is not None:
        return respond_error(RateLimited(reason, mode), service.account.ids.new("req"))
    try:
        return await handler(request)
    finally:
        limiter.leave(endpoint)


async def let_go(app: web.Application) -> None:
    """Hold no connection open any longer: the server stops."""
    app[SERVICE].network.closing.set()


async def _lose(
    request: web.Request, handler: Handler, fault: Kind, network: Network
) -> web.StreamResponse:
    if fault in EFFECTIVE:
        await handler(request)
    network.traffic.statuses[NO_ANSWER] += 1
    if fault in (Kind.RESET_BEFORE, Kind.RESET_AFTER):
        reset(request)
    else:
        await fall_silent(request, network)
    return web.Response()  # aiohttp wants one; there is nobody left to send it to


async def _spoil(
    request: web.Request, handler: Handler, fault: Kind, network: Network
) -> web.StreamResponse:
    response = bad_gateway() if fault is Kind.BAD_GATEWAY else await handler(request)
    network.traffic.statuses[str(response.status)] += 1
    if fault is Kind.TRUNCATE:
        truncate(response)
    elif fault is Kind.SLOW_BODY:
        return await trickle(request, response, network)
    return response


def _is_call(request: web.Request) -> bool:
    return request.path.startswith("/v1/") and request.method != "OPTIONS"


def _changed_payment(request: web.Request) -> str | None:
    """The PaymentIntent that a request is to change: the one object with a limit of its own."""
    if request.method == "POST" and request.path.startswith("/v1/payment_intents/"):
        return request.match_info.get("intent")
    return None


def _endpoint(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return f"{request.method} {'unknown' if resource is None else resource.canonical}"
