"""What Prometheus reads."""

import asyncio

from aiohttp import web
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from server.keys import GATEWAY, QUEUE, STORAGE
from server.metrics.requests import REQUEST_FIGURES
from server.metrics.shared import Shared, SharedCollector, look


async def scrape(request: web.Request) -> web.Response:
    """GET /metrics: the requests of this machine, and what all machines count together."""
    app = request.app
    shared = await look(app[STORAGE], app[QUEUE], app[GATEWAY])
    body = await asyncio.to_thread(_text, app[REQUEST_FIGURES].registry(), shared)
    return web.Response(
        body=body,
        headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4, "Cache-Control": "no-store"},
    )


def _text(of_machine: CollectorRegistry, shared: Shared | None) -> bytes:
    of_all = CollectorRegistry()
    of_all.register(SharedCollector(shared))
    return generate_latest(of_machine) + generate_latest(of_all)
