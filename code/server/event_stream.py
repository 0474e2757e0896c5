"""A stream of server-sent events that ends quietly, whoever goes away first.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass

from aiohttp import web
from aiohttp_sse import EventSourceResponse
from redis.exceptions import RedisError

from server.report_news import Listener
from shop.errors import SettingsError

HEARTBEAT = 15.0
"""Seconds between two comments; they keep proxies patient and find callers who went away."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Event:
    """One event: its type, its data as JSON will carry it, and what a browser gives back later.

    `id` comes back as the header Last-Event-ID when a browser connects again.
    """

    type: str
    data: object
    id: str


async def send_events(
    request: web.Request, listener: Listener, events: AsyncGenerator[Event]
) -> web.StreamResponse:
    """Answer with the events as they come.

    Headers are sent at once, so whatever may be refused comes before. A caller who goes away ends
    the listener. Redis going away ends the stream, and so does a staff file that cannot be read; a
    browser connects again.
    """
    if request.transport is None:
        return web.Response(status=204)  # for nobody: they left before there was anything to say
    stream = EventSourceResponse(ping_interval=HEARTBEAT)
    stream.headers["Cache-Control"] = "no-store"
    try:
        await stream.prepare(request)
        gone = asyncio.ensure_future(stream.wait())
        gone.add_done_callback(lambda _: listener.end())
        async with stream, aclosing(events):
            async for event in events:
                await stream.send(json.dumps(event.data), event=event.type, id=event.id)
    except (ConnectionError, TimeoutError):
        log.debug("whoever listened at %s went away", request.path)
    except (RedisError, SettingsError) as error:
        log.warning("the stream of %s was cut: %s", request.path, error)
    return stream
