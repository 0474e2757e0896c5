"""Every route of the shop, on one page."""

from pathlib import Path

from aiohttp import web

from server.handlers import (
    accounts,
    confirmations,
    lesson_book,
    mail,
    pages,
    payments,
    report_events,
    report_files,
    report_letters,
    reports,
    signup,
    timelines,
    webhook,
)

ROUTES = (
    web.get("/", pages.home),
    web.get("/lessons", pages.lessons),
    web.get("/account-update/{customer_id}", pages.account),
    web.get("/confirm-payment/{payment_intent_id}", pages.confirm_payment),
    web.get("/instructor", pages.instructor),
    web.get("/accountant", pages.accountant),
    web.get("/config", pages.config),
    web.get("/openapi.json", pages.openapi),
    # students
    web.post("/lessons", signup.start),
    web.get("/payment-method/{customer_id}", accounts.card_on_file),
    web.post("/account-update", accounts.update),
    web.post("/account-update/{customer_id}", accounts.update),
    web.post("/update-payment-details/{customer_id}", accounts.save_card),
    web.post("/delete-account/{customer_id}", accounts.delete),
    web.get("/payment-confirmation/{payment_intent_id}", confirmations.one),
    # instructors
    web.post("/schedule-lesson", payments.hold),
    web.post("/hold-lesson-again", payments.again),
    web.post("/complete-lesson-payment", payments.capture),
    web.post("/release-lesson", payments.release),
    web.post("/refund-lesson", payments.refund),
    web.get("/lesson-book", lesson_book.diary),
    web.get("/lesson-book/students", lesson_book.students),
    web.get("/lesson-book/payments/{payment_intent_id}", lesson_book.payment),
    web.get("/timeline/{customer_id}", timelines.of_student),
    # the accountant
    web.get("/calculate-lesson-total", reports.lesson_total),
    web.get("/find-customers-with-failed-payments", reports.failed_payments),
    web.get("/reports", reports.newest),
    web.post("/reports", reports.ask),
    web.get("/reports/events", report_events.of_all, allow_head=False),
    web.get("/reports/{report_id}", reports.one),
    web.get("/reports/{report_id}/events", report_events.of_one, allow_head=False),
    web.get("/reports/{report_id}/files/{format}", report_files.download),
    web.get("/reports/{report_id}/letters", report_letters.preview),
    web.post("/reports/{report_id}/letters", report_letters.send),
    web.post("/reports/{report_id}/cancel", reports.cancel),
    web.delete("/reports/{report_id}", reports.delete),
    web.get("/report-kinds", reports.kinds),
    # letters, where the shop is tried out
    web.get("/dev/mail", mail.letters),
    web.get("/dev/mail/{name}", mail.letter),
    # Stripe
    web.post("/webhook", webhook.receive),
)

ASSETS = ("css", "js", "images", "vendor")


def add_assets(app: web.Application, static_dir: Path) -> None:
    """Serve the folders that pages load from, and nothing else of the client."""
    for folder in ASSETS:
        app.router.add_static(f"/assets/{folder}", static_dir / folder)
