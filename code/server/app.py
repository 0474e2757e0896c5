"""The web process put together: what it opens at start and closes at the end."""

from collections.abc import AsyncIterator

from aiohttp import web

from jobs.queue import JobQueue
from server.errors import errors_as_json
from server.keys import GATEWAY, PAGES, QUEUE, REPORTS, RESULTS, SETTINGS, STORAGE
from server.pages import Pages
from server.routes import ROUTES, add_assets
from shop.reports.files import ResultFolder
from shop.reports.store import ReportStore
from shop.settings import Settings
from shop.storage import open_storage
from shop.stripe_gateway import open_gateway

LARGEST_BODY = 1024 * 1024
"""Bytes of a webhook event at most; forms have a smaller limit of their own."""


def create_app(settings: Settings) -> web.Application:
    """The application, ready to be served."""
    app = web.Application(middlewares=[errors_as_json], client_max_size=LARGEST_BODY)
    app[SETTINGS] = settings
    app[PAGES] = Pages(settings.static_dir, settings.stripe_js)
    app[RESULTS] = ResultFolder(settings.var_dir)
    app.add_routes(ROUTES)
    add_assets(app, settings.static_dir)
    app.cleanup_ctx.append(_connections)
    app.on_response_prepare.append(_asked_for_again)
    return app


async def _asked_for_again(request: web.Request, answer: web.StreamResponse) -> None:
    """Let browsers keep assets but ask each time, so that no old module meets a new page."""
    if request.path.startswith("/assets/"):
        answer.headers.setdefault("Cache-Control", "no-cache")


async def _connections(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    async with open_storage(settings) as storage, open_gateway(settings) as gateway:
        app[STORAGE] = storage
        app[GATEWAY] = gateway
        app[REPORTS] = ReportStore(storage)
        app[QUEUE] = JobQueue(settings)
        yield
        app[QUEUE].close()
