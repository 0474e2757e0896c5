"""Every route of the shop, on one page: whom it is for, and what the audit trail calls it."""

from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler

from server.access.rules import Access
from server.handlers import (
    accounts,
    audit,
    confirmations,
    health,
    lesson_book,
    mail,
    metrics,
    pages,
    payments,
    queue,
    report_events,
    report_files,
    report_letters,
    reports,
    sign_in,
    signup,
    timelines,
    webhook,
)
from shop.audit.actions import Action

EVERYONE, STUDENT, CARD_ENTRY = Access.EVERYONE, Access.STUDENT, Access.CARD_ENTRY
STAFF, INSTRUCTOR = Access.STAFF, Access.INSTRUCTOR
ACCOUNTANT, OWNER = Access.ACCOUNTANT, Access.OWNER


@dataclass(frozen=True)
class Route:
    """One route.

    Attributes:
        action: what it does, where that is kept in the audit trail: money that moves, people's data
            that is changed or handed out.
        is_page: read by a browser, so whoever may not see it is sent to sign in.
        is_stream: answers as long as the caller listens.
    """

    method: str
    path: str
    handler: Handler
    access: Access
    action: Action | None = None
    is_page: bool = False
    is_stream: bool = False


def _page(path: str, handler: Handler, access: Access) -> Route:
    return Route("GET", path, handler, access, is_page=True)


def _get(path: str, handler: Handler, access: Access, action: Action | None = None) -> Route:
    return Route("GET", path, handler, access, action)


def _stream(path: str, handler: Handler, access: Access) -> Route:
    return Route("GET", path, handler, access, is_stream=True)


def _post(path: str, handler: Handler, access: Access, action: Action | None = None) -> Route:
    return Route("POST", path, handler, access, action)


ROUTES = (
    _page("/", pages.home, EVERYONE),
    _page("/lessons", pages.lessons, EVERYONE),
    _page("/account-update/{customer_id}", pages.account, STUDENT),
    _page("/confirm-payment/{payment_intent_id}", pages.confirm_payment, STUDENT),
    _page("/instructor", pages.instructor, INSTRUCTOR),
    _page("/accountant", pages.accountant, ACCOUNTANT),
    _get("/config", pages.config, EVERYONE),
    _get("/openapi.json", pages.openapi, EVERYONE),
    # students
    _post("/lessons", signup.start, EVERYONE, Action.SIGN_UP),
    _get("/payment-method/{customer_id}", accounts.card_on_file, STUDENT),
    _post("/account-update", accounts.update, STUDENT, Action.CHANGE_DETAILS),
    _post("/account-update/{customer_id}", accounts.update, STUDENT, Action.CHANGE_DETAILS),
    _post(
        "/update-payment-details/{customer_id}", accounts.save_card, CARD_ENTRY, Action.SAVE_CARD
    ),
    _post("/delete-account/{customer_id}", accounts.delete, STUDENT, Action.DELETE_STUDENT),
    _post("/account-link", accounts.send_link, EVERYONE, Action.SEND_LINK),
    _get("/payment-confirmation/{payment_intent_id}", confirmations.one, STUDENT),
    # instructors
    _post("/schedule-lesson", payments.hold, INSTRUCTOR, Action.HOLD),
    _post("/hold-lesson-again", payments.again, INSTRUCTOR, Action.HOLD_AGAIN),
    _post("/complete-lesson-payment", payments.capture, INSTRUCTOR, Action.CAPTURE),
    _post("/release-lesson", payments.release, INSTRUCTOR, Action.RELEASE),
    _post("/refund-lesson", payments.refund, INSTRUCTOR, Action.REFUND),
    _get("/lesson-book", lesson_book.diary, INSTRUCTOR),
    _get("/lesson-book/students", lesson_book.students, INSTRUCTOR),
    _get("/lesson-book/payments/{payment_intent_id}", lesson_book.payment, INSTRUCTOR),
    _get("/timeline/{customer_id}", timelines.of_student, STUDENT),
    # the accountant
    _get("/calculate-lesson-total", reports.lesson_total, ACCOUNTANT),
    _get(
        "/find-customers-with-failed-payments",
        reports.failed_payments,
        ACCOUNTANT,
        Action.SEE_FAILED_PAYMENTS,
    ),
    _get("/reports", reports.newest, ACCOUNTANT),
    _post("/reports", reports.ask, ACCOUNTANT, Action.ASK_REPORT),
    _stream("/reports/events", report_events.of_all, ACCOUNTANT),
    _get("/reports/{report_id}", reports.one, ACCOUNTANT),
    _stream("/reports/{report_id}/events", report_events.of_one, ACCOUNTANT),
    _get("/reports/{report_id}/files/{format}", report_files.download, ACCOUNTANT, Action.DOWNLOAD),
    _get("/reports/{report_id}/letters", report_letters.preview, ACCOUNTANT, Action.READ_LETTERS),
    _get("/reports/{report_id}/letters/progress", report_letters.progress, ACCOUNTANT),
    _post("/reports/{report_id}/letters", report_letters.send, ACCOUNTANT, Action.SEND_LETTERS),
    _post("/reports/{report_id}/cancel", reports.cancel, ACCOUNTANT, Action.CANCEL_REPORT),
    Route("DELETE", "/reports/{report_id}", reports.delete, ACCOUNTANT, Action.DELETE_REPORT),
    _get("/report-kinds", reports.kinds, ACCOUNTANT),
    # staff
    _page("/sign-in", sign_in.page, EVERYONE),
    _post("/sign-in", sign_in.sign_in, EVERYONE, Action.SIGN_IN),
    _post("/sign-out", sign_in.sign_out, EVERYONE, Action.SIGN_OUT),
    # the owner
    _page("/owner", audit.page, OWNER),
    _get("/audit", audit.entries, OWNER),
    _page("/owner/queue", queue.page, OWNER),
    _get("/queue", queue.board, OWNER),
    _post("/queue/{job_id}/run-again", queue.run_again, OWNER, Action.RUN_JOB_AGAIN),
    _post("/queue/{job_id}/remove", queue.remove, OWNER, Action.REMOVE_JOB),
    # letters, where the shop is tried out
    _page("/dev/mail", mail.letters, OWNER),
    _page("/dev/mail/{name}", mail.letter, OWNER),
    # Stripe
    _post("/webhook", webhook.receive, EVERYONE),
    # whoever operates the shop
    _get("/healthz", health.alive, EVERYONE),
    _get("/readyz", health.ready, EVERYONE),
    _get("/metrics", metrics.scrape, STAFF),
)

ASSETS = ("css", "js", "images", "vendor")

_BY_ADDRESS = {(route.method, route.path): route for route in ROUTES}


def add_routes(app: web.Application, static_dir: Path) -> None:
    """The routes, and the folders that pages load from; nothing else of the client is served."""
    for route in ROUTES:
        if route.method == "GET":
            app.router.add_get(route.path, route.handler, allow_head=not route.is_stream)
        else:
            app.router.add_route(route.method, route.path, route.handler)
    for folder in ASSETS:
        app.router.add_static(f"/assets/{folder}", static_dir / folder)


def route_of(request: web.Request) -> Route | None:
    """The route that a request is for; None for assets and for addresses where there is nothing."""
    resource = request.match_info.route.resource
    if resource is None:
        return None
    method = "GET" if request.method == "HEAD" else request.method
    return _BY_ADDRESS.get((method, resource.canonical))
