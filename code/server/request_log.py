"""Each request is a line in the log, one more in the metrics, and has an id that its lines bear.

The id comes from whoever stands in front of the shop, or is made here; the answer has it as well,
so that a caller can name the request that went wrong. What a request was about stays out of the
log: the route is its template, and neither query nor body is read.
"""

import asyncio
import logging
import re
import secrets
import time

from aiohttp import web
from aiohttp.typedefs import Handler
from structlog.contextvars import bound_contextvars

from server.access.actor import ACTOR
from server.metrics.requests import REQUEST_FIGURES
from server.routes import route_of

HEADER = "X-Request-Id"

HARMLESS = re.compile(r"[A-Za-z0-9._-]{8,64}")
"""Ids that are taken over: nothing in them can be mistaken for anything but an id."""

PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds; only a refusal is worth a line."""

CLIENT_LEFT = 499
"""The status in the log where nobody waited for the answer (nginx's number for it)."""

REQUEST_ID = web.RequestKey("request_id", str)

log = logging.getLogger(__name__)


@web.middleware
async def request_log(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Bind the request's id, answer, and say how that went."""
    request[REQUEST_ID] = request_id = _given(request) or secrets.token_hex(8)
    request.app[REQUEST_FIGURES].began()
    status, began = 500, time.perf_counter()
    with bound_contextvars(request_id=request_id):
        try:
            answer = await handler(request)
            status = answer.status
            return answer
        except asyncio.CancelledError:
            status = CLIENT_LEFT
            raise
        finally:
            _note(request, status, time.perf_counter() - began)


async def name_request(request: web.Request, answer: web.StreamResponse) -> None:
    """Tell the caller the id; called before each answer's first byte."""
    if REQUEST_ID in request:
        answer.headers[HEADER] = request[REQUEST_ID]


def _given(request: web.Request) -> str | None:
    given = request.headers.get(HEADER)
    return given if given and HARMLESS.fullmatch(given) else None


def _note(request: web.Request, status: int, seconds: float) -> None:
    resource = request.match_info.route.resource
    template = resource.canonical if resource is not None else ""
    # Once the answer is on its way: nobody has to wait for figures and a line in a log.
    loop = asyncio.get_running_loop()
    loop.call_soon(_count, request, template, status, seconds)
    if template not in PROBES or status >= 400:
        loop.call_soon(_write, request, template, status, seconds)


def _count(request: web.Request, template: str, status: int, seconds: float) -> None:
    route = route_of(request)
    is_stream = route is not None and route.is_stream
    request.app[REQUEST_FIGURES].ended(
        request.method, template, status, None if is_stream else seconds
    )


def _write(request: web.Request, template: str, status: int, seconds: float) -> None:
    line = {
        "method": request.method,
        "route": template,
        "status": status,
        "duration_ms": round(seconds * 1000, 1),
    }
    actor = request.get(ACTOR)
    if actor is not None and actor.name:
        line["who"] = actor.name
    log.info("request", extra=line)
