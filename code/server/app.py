"""The web process put together: what it opens at start and closes at the end."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from aiohttp import web

from jobs.queue import JobQueue
from server.access.gate import gate
from server.access.loopback import is_loopback
from server.access.origins import origins
from server.access.rate_limits import RateLimits
from server.access.sessions import sessions
from server.access.sign_ups import sign_ups
from server.access.tries import tries
from server.audit_trail import audit_trail
from server.audited import audited
from server.errors import errors_as_json
from server.failure_pages import failures_as_pages
from server.first_answers import first_answers
from server.keys import (
    ANSWERS,
    GATEWAY,
    OPENAPI,
    PAGES,
    QUEUE,
    RATE_LIMITS,
    REPORT_NEWS,
    REPORTS,
    RESULTS,
    SETTINGS,
    STAFF,
    STORAGE,
    STRIPE_KEY,
    UNDER_WAY,
)
from server.metrics import files
from server.metrics.requests import REQUEST_FIGURES, RequestFigures
from server.pages import Pages
from server.report_news import ReportNews
from server.request_log import name_request, request_log
from server.routes import add_routes
from server.security_headers import SECURITY_HEADERS, SecurityHeaders, add_headers
from server.stripe_key import StripeKey
from server.under_way import end_all, under_way
from shop.answer_store import AnswerStore
from shop.reports.listening import news
from shop.reports.results import open_results
from shop.reports.store import ReportStore
from shop.settings import Settings
from shop.staff.staff_file import StaffFile
from shop.storage import open_storage
from shop.stripe_gateway import open_gateway

OPENAPI_FILE = Path(__file__).parent / "openapi.json"

MIDDLEWARES = (
    *(under_way, request_log, failures_as_pages, errors_as_json, origins, sessions, gate, sign_ups),
    *(audited, errors_as_json, first_answers, errors_as_json, tries),
)
"""From the outside to the handlers. Whoever may not ask is turned away before anything is kept.
Errors of the handlers are answers that are kept, those of the others are answers as well: the audit
trail and whoever asked see the same. What is answered as at first is not tried again, so it does
not count."""

LARGEST_BODY = 1024 * 1024
"""Bytes of a webhook event at most; forms have a smaller limit of their own."""


def create_app(settings: Settings) -> web.Application:
    """The application, ready to be served.

    Raises:
        SettingsError: the staff file cannot be read, or nobody is in it and others reach HOST.
    """
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=LARGEST_BODY)
    app[SETTINGS] = settings
    app[STAFF] = StaffFile(settings.staff_file, may_be_empty=is_loopback(settings.host))
    app[PAGES] = Pages(settings.static_dir, settings.stripe_js)
    app[OPENAPI] = OPENAPI_FILE.read_bytes()
    app[SECURITY_HEADERS] = SecurityHeaders(settings)
    app[UNDER_WAY] = set()
    add_routes(app, settings.static_dir)
    app.cleanup_ctx.append(_connections)
    app.on_shutdown.append(_end_streams)
    app.on_response_prepare.append(add_headers)
    app.on_response_prepare.append(name_request)
    return app


async def _connections(app: web.Application) -> AsyncIterator[None]:
    """Everything that a process must not share with the one that it was forked from."""
    settings = app[SETTINGS]
    app[REQUEST_FIGURES] = RequestFigures(files.folder_of(settings))
    app[RESULTS] = open_results(settings)
    async with (
        open_storage(settings) as storage,
        open_gateway(settings, storage) as gateway,
        audit_trail(app),
    ):
        app[STORAGE] = storage
        app[GATEWAY] = gateway
        app[ANSWERS] = AnswerStore(storage)
        app[RATE_LIMITS] = RateLimits(storage, settings)
        app[REPORTS] = ReportStore(storage)
        app[REPORT_NEWS] = ReportNews(partial(news, app[REPORTS]))
        app[QUEUE] = JobQueue(settings)
        app[STRIPE_KEY] = StripeKey(gateway.account.check_key)
        yield
        await end_all(app)
        await app[STRIPE_KEY].close()
        app[QUEUE].close()


async def _end_streams(app: web.Application) -> None:
    """Let nobody who listens to a report keep the process from stopping."""
    await app[REPORT_NEWS].close()
