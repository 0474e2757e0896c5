"""Stripe's events: prove, remember, queue, answer. A job does the work."""

import asyncio

from aiohttp import web

from jobs.catalogue import HANDLE_EVENT, HANDLED_EVENTS
from server.keys import QUEUE, SETTINGS, STORAGE
from shop.stripe_gateway.webhooks import Event, read_event

REMEMBERED = 4 * 24 * 3600
"""Seconds an event's id is kept; Stripe repeats a delivery for up to three days."""


async def receive(request: web.Request) -> web.Response:
    """POST /webhook → `{"received": true}`; whatever Stripe need not send again."""
    event = read_event(
        await request.read(),
        request.headers.get("Stripe-Signature"),
        request.app[SETTINGS].webhook_secret,
    )
    if event.type in HANDLED_EVENTS and event.object_id is not None:
        await _queue_once(request.app, event, event.object_id)
    return web.json_response({"received": True})


async def _queue_once(app: web.Application, event: Event, object_id: str) -> None:
    """Queue, and only then remember: an event queued twice changes nothing, a lost one would."""
    storage, queue = app[STORAGE], app[QUEUE]
    key = storage.key("event", event.id)
    if await storage.redis.exists(key):
        return
    await asyncio.to_thread(
        queue.put, HANDLE_EVENT, event.id, event.type, object_id, job_id=event.id
    )
    await storage.redis.set(key, "queued", ex=REMEMBERED)
