"""What the application holds for as long as it runs, each under a typed key."""

import asyncio
from typing import Any

from aiohttp import web

from jobs.queue import JobQueue
from server.access.rate_limits import RateLimits
from server.pages import Pages
from server.report_news import ReportNews
from server.stripe_key import StripeKey
from shop.answer_store import AnswerStore
from shop.audit.journal import Journal
from shop.audit.shipping import Shipper
from shop.reports.results import Results
from shop.reports.store import ReportStore
from shop.settings import Settings
from shop.staff.staff_file import StaffFile
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway

SETTINGS = web.AppKey("settings", Settings)
STAFF = web.AppKey("staff", StaffFile)
PAGES = web.AppKey("pages", Pages)
STORAGE = web.AppKey("storage", Storage)
GATEWAY = web.AppKey("gateway", StripeGateway)
ANSWERS = web.AppKey("answers", AnswerStore)
RATE_LIMITS = web.AppKey("rate_limits", RateLimits)
QUEUE = web.AppKey("queue", JobQueue)
REPORTS = web.AppKey("reports", ReportStore)
REPORT_NEWS = web.AppKey("report_news", ReportNews)
RESULTS = web.AppKey("results", Results)
OPENAPI = web.AppKey("openapi", bytes)
UNDER_WAY = web.AppKey("under_way", set["asyncio.Task[Any]"])
JOURNAL = web.AppKey("journal", Journal)
SHIPPER = web.AppKey("shipper", Shipper)
STRIPE_KEY = web.AppKey("stripe_key", StripeKey)
