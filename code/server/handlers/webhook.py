"""Stripe's events: prove, queue, remember, answer. A job does the work."""

import asyncio

from aiohttp import web

from jobs.catalogue import HANDLE_EVENT, HANDLED_EVENTS
from server.bodies import whole_body
from server.keys import QUEUE, SETTINGS, STORAGE
from shop.figures.table import EVENTS_RECEIVED
from shop.seen_events import SeenEvents
from shop.stripe_gateway.objects import Event
from shop.stripe_gateway.webhooks import read_event

OTHER = "other"
"""The figure's type of events that nobody asked for; Stripe has hundreds."""


async def receive(request: web.Request) -> web.Response:
    """POST /webhook → `{"received": true}`; whatever Stripe need not send again.

    Where Redis is away the answer is 503, and Stripe sends the event again.
    """
    event = read_event(
        await whole_body(request),
        request.headers.get("Stripe-Signature"),
        request.app[SETTINGS].webhook_secrets,
    )
    is_handled = event.type in HANDLED_EVENTS
    figures = request.app[STORAGE].figures
    figures.count(EVENTS_RECEIVED, event.type if is_handled else OTHER)
    if is_handled and event.object_id is not None:
        await _queue_once(request.app, event, event.object_id)
    return web.json_response({"received": True})


async def _queue_once(app: web.Application, event: Event, about: str) -> None:
    """Queue, and only then remember: an event queued twice changes nothing, a lost one would.

    Of deliveries that come at the same moment the queue itself takes one, by the job's id.
    """
    seen = SeenEvents(app[STORAGE])
    if await seen.is_new(event.id):
        args = (event.id, event.type, about, str(event.created))
        await asyncio.to_thread(app[QUEUE].put_once, HANDLE_EVENT, *args, job_id=event.id)
        await seen.queued(event.id)
