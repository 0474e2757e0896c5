"""The accountant's page: ask for a report, watch it, download it, and find the money in it."""

import csv
import io
import json
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.api import Api
from tests.browser.pages import AccountantPage, LessonsPage
from tests.browser.students import new_email, student_with_card
from tests.stack import Stack

NO_WORKER = "No worker is running"


@pytest.fixture
def accountant(page: Page) -> AccountantPage:
    return AccountantPage(page)


# ── A report's life ──────────────────────────────────────────────────────────────────────────


def test_lesson_totals_agree_with_the_account(
    accountant: AccountantPage, shop: Api, stripe: Api
) -> None:
    """Page, CSV and JSON say the same, and it is what the local Stripe's own books say."""
    hold = hold_for(shop, student_with_card(shop, stripe).id, 12345)
    shop.post("/complete-lesson-payment", payment_intent_id=hold["id"])
    accountant.open()
    report = accountant.run("Lesson totals")
    expect_ready(report)
    truth = truth_of(stripe, record_of(shop, report))
    table, document = downloads(accountant.page, report)
    assert truth["payment_total"] >= 12345
    totals = {name: document["summary"][name] for name in ("payment_total", "fee_total")}
    assert totals == {name: truth[name] for name in totals}
    assert document["summary"]["net_total"] == truth["net_total"]
    assert cents(table, "net") == truth["net_total"]
    assert sum(row["net"] for row in document["rows"]) == truth["net_total"]
    assert len(table) == len(document["rows"]) == truth["transactions"]
    expect(report.locator(".payment-total")).to_have_text(dollars(truth["payment_total"]))
    expect(report.locator(".fee-total")).to_have_text(dollars(truth["fee_total"]))
    expect(report.locator(".net-total")).to_have_text(dollars(truth["net_total"]))


def test_failed_payments_name_the_students_to_write_to(
    accountant: AccountantPage, shop: Api, stripe: Api
) -> None:
    """A student whose card was refused stands in both files, with the bank's reason."""
    student = student_with_card(shop, stripe, "pm_card_chargeCustomerFail")
    refused = accountant.page.request.post(
        "/schedule-lesson",
        data={"customer_id": student.id, "amount": 5000, "description": "Guitar lesson"},
    )
    assert refused.status == 402
    accountant.open()
    report = accountant.run("Failed payments")
    expect_ready(report)
    table, document = downloads(accountant.page, report)
    students = [row["customer_id"] for row in table]
    assert sorted(students) == truth_of(stripe, record_of(shop, report))["failed_customers"]
    expect(report.locator(".failed-students")).to_have_text(
        re.compile(rf"^{len(students)} students?\b")
    )
    [row] = [row for row in table if row["customer_id"] == student.id]
    payment = refused.json()["payment_intent_id"]
    created = stripe.get(f"/v1/payment_intents/{payment}")["created"]
    assert row == {
        "customer_id": student.id,
        "customer_email": student.email,
        "customer_name": "Jenny Rosen",
        "payment_intent_id": payment,
        "created_utc": f"{datetime.fromtimestamp(created, UTC):%Y-%m-%d %H:%M:%S}",
        "description": "Guitar lesson",
        "status": "failed",
        "error": "issuer_declined",
        "card_brand": "visa",
        "card_last4": "0341",
    }
    assert row in document["rows"]


def test_a_report_is_followed_through_its_states(accountant: AccountantPage, stack: Stack) -> None:
    """Queued, running with its progress, ready: the page follows by itself."""
    accountant.open()
    with frozen(stack, "sandbox"):
        with frozen(stack, "worker"):
            report = accountant.run("Lesson totals")
            expect(report.locator(".report-state")).to_have_text("Queued")
        expect(report.locator(".report-state")).to_have_text("Running")
        expect(report.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "0")
        expect(report.locator(".report-note")).to_have_text(
            re.compile(r"^0% · 0 rows, \d calls? to Stripe$")
        )
    expect_ready(report)
    expect(report.get_by_role("progressbar")).to_have_count(0)


def test_reports_survive_a_reload(accountant: AccountantPage, stack: Stack) -> None:
    """A queued report is still there after a reload, and so is a finished one with its files."""
    accountant.open()
    with frozen(stack, "worker"):
        report = accountant.run("Lesson totals")
        accountant.page.reload()
        expect(report.locator(".report-state")).to_have_text("Queued")
    expect_ready(report)
    net_total = report.locator(".net-total").inner_text()
    accountant.page.reload()
    expect(report.locator(".net-total")).to_have_text(net_total)
    expect(report.get_by_role("link", name="Download CSV")).to_be_visible()
    expect(report.get_by_role("link", name="Download JSON")).to_be_visible()


def test_the_newest_report_stands_first(accountant: AccountantPage) -> None:
    """The list is by time, newest first."""
    accountant.open()
    expect_ready(accountant.run("Failed payments"))
    newest = accountant.run("Lesson totals")
    first = accountant.page.locator(".report").first
    expect(first.locator(".report-title")).to_have_text("Lesson totals")
    expect_ready(newest)
    assert first.get_attribute("data-report-id") == newest.get_attribute("data-report-id")


def test_a_window_of_ones_own(accountant: AccountantPage, shop: Api, stripe: Api) -> None:
    """From and to are the reader's local time; the totals are those of that window."""
    page = accountant.page
    accountant.open()
    page.get_by_role("radio", name="From and to").check()
    page.get_by_label("From", exact=True).fill(local_time(page, days_ago=30))
    page.get_by_label("To", exact=True).fill(local_time(page, days_ago=3))
    report = accountant.run("Lesson totals")
    expect_ready(report)
    record = record_of(shop, report)
    length = moment(record["window"]["to"]) - moment(record["window"]["from"])
    assert length == pytest.approx(27 * 24 * 3600, abs=3600)
    truth = truth_of(stripe, record)
    assert truth["payment_total"] > 0
    expect(report.locator(".net-total")).to_have_text(dollars(truth["net_total"]))


def test_a_window_upside_down_is_refused(accountant: AccountantPage) -> None:
    """The page says what is wrong before anything is queued."""
    page = accountant.page
    accountant.open()
    page.get_by_role("radio", name="From and to").check()
    accountant.run_button.click()
    expect(page.get_by_role("alert")).to_have_text("Please say from when.")
    page.get_by_label("From", exact=True).fill("2026-01-02T10:00")
    page.get_by_label("To", exact=True).fill("2026-01-02T09:00")
    accountant.run_button.click()
    expect(page.get_by_role("alert")).to_have_text('"From" must be before "To".')


# ── When something is missing ────────────────────────────────────────────────────────────────


def test_no_worker_is_said_plainly(accountant: AccountantPage, stack: Stack) -> None:
    """By the page when it opens and when a report is asked for; gone once a worker is back."""
    page = accountant.page
    stack.kill("worker")
    try:
        accountant.open()
        expect(accountant.banner).to_contain_text(NO_WORKER, timeout=2000)
        accountant.run_button.click()
        expect(page.get_by_role("alert")).to_contain_text("worker", timeout=2000)
        expect(accountant.run_button).to_be_enabled()
    finally:
        stack.start("worker")
    page.get_by_role("button", name="Check again").click()
    expect(accountant.banner).to_be_hidden()
    expect_ready(accountant.run("Lesson totals"))
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_worker_that_is_there_is_not_mentioned(accountant: AccountantPage) -> None:
    """The banner shows only what is wrong."""
    accountant.open()
    expect(accountant.run_button).to_be_enabled()
    accountant.page.wait_for_load_state("networkidle")
    expect(accountant.banner).to_be_hidden()


def test_a_report_that_failed_can_be_run_again(accountant: AccountantPage, stack: Stack) -> None:
    """With Stripe out of reach the report says so; once it is back the same report is made."""
    accountant.open()
    stack.kill("sandbox")
    try:
        failed = accountant.run("Lesson totals")
        expect(failed.locator(".report-state")).to_have_text("Failed", timeout=15_000)
        expect(failed.locator(".report-problem")).to_have_text(
            "Stripe could not be reached just now. Please try again in a moment."
        )
        expect(failed.get_by_role("link", name="Download")).to_have_count(0)
    finally:
        stack.start("sandbox", "--students", "60", "--payments", "240")
    failed.get_by_role("button", name="Run it again").click()
    again = accountant.page.locator(".report").first
    expect(again).not_to_have_attribute("data-report-id", str(id_of(failed)))
    expect_ready(again)
    expect(failed.locator(".report-state")).to_have_text("Failed")


@pytest.mark.parametrize(
    "strange",
    [
        {"kind": "of-next-year", "title": "Of next year"},
        {"summary": {"version": 2, "total": 5}},
        {"summary": None},
    ],
)
def test_a_report_the_page_does_not_know_stands_without_figures(
    accountant: AccountantPage, strange: dict[str, Any]
) -> None:
    """With its title, window and downloads, and the reports beside it are shown as ever."""
    page = accountant.page
    accountant.open()
    for title in ("Failed payments", "Lesson totals"):
        expect_ready(accountant.run(title))
    page.route("**/reports", lambda route: answer_changed(route, strange))
    page.reload()
    known, unknown = page.locator(".report").nth(1), page.locator(".report").nth(0)
    expect(known.locator(".failed-students")).to_be_visible()
    expect(unknown.locator(".report-title")).to_have_text(strange.get("title", "Lesson totals"))
    expect(unknown.locator(".report-window")).not_to_be_empty()
    expect(unknown.get_by_role("link", name="Download")).to_have_count(2)
    expect(unknown.locator(".figures")).to_have_count(0)
    expect(unknown).to_contain_text("This page cannot show the figures of this report.")
    expect(page.locator("#list-problem")).to_be_hidden()


def test_the_page_fits_a_phone(accountant: AccountantPage) -> None:
    """Nothing scrolls sideways at 390 pixels with a report's figures, lines and receipt open."""
    page = accountant.page
    page.set_viewport_size({"width": 390, "height": 844})
    accountant.open()
    report = accountant.run("Lesson totals")
    expect_ready(report)
    for details in report.locator("details").all():
        details.locator("summary").click()
    expect(report.locator(".checksum").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    for link in report.get_by_role("link", name="Download").all():
        assert lines_of(link) == 1


# ── The whole job ────────────────────────────────────────────────────────────────────────────


def test_from_signup_to_the_accountants_file(
    page: Page, shop: Api, stripe: Api, accountant: AccountantPage
) -> None:
    """A hold of 65.00, 40.00 of it captured, 15.50 given back: to the cent in the CSV.

    Stripe keeps 2.9 % and 30 cents of what is captured (1.46) and returns none of it.
    """
    student = LessonsPage(page).sign_up(new_email())
    hold = hold_for(shop, student, 6500)
    assert (hold["status"], hold["amount_capturable"]) == ("requires_capture", 6500)
    part = {"payment_intent_id": hold["id"], "amount": 4000}
    captured = shop.post("/complete-lesson-payment", **part)["payment"]
    assert (captured["status"], captured["amount_received"]) == ("succeeded", 4000)
    refund = shop.post("/refund-lesson", payment_intent_id=hold["id"], amount=1550)["refund"]
    charge = captured["latest_charge"]

    accountant.open()
    report = accountant.run("Lesson totals")
    expect_ready(report)
    table, document = downloads(page, report)
    columns = ("reporting_category", "source_id", "charge_id", "gross", "fee", "net", "currency")
    rows = [row for row in table if row["customer_id"] == student]
    assert sorted(tuple(row[column] for column in columns) for row in rows) == [
        ("charge", charge, charge, "40.00", "1.46", "38.54", "usd"),
        ("refund", refund, charge, "-15.50", "0.00", "-15.50", "usd"),
    ]
    assert {row["payment_intent_id"] for row in rows} == {hold["id"]}
    assert sorted(row["net"] for row in document["rows"] if row["customer_id"] == student) == [
        -1550,
        3854,
    ]
    assert document["summary"]["net_total"] == cents(table, "net")
    truth = truth_of(stripe, record_of(shop, report))
    assert document["summary"]["net_total"] == truth["net_total"]


# ── Looking into a report ────────────────────────────────────────────────────────────────────


def hold_for(shop: Api, student: str, amount: int) -> Any:
    """The PaymentIntent of a hold on the student's card, in cents."""
    lesson: dict[str, str | int] = {"customer_id": student, "amount": amount}
    return shop.post("/schedule-lesson", **lesson, description="Guitar lesson")["payment"]


def answer_changed(route: Route, changes: dict[str, Any]) -> None:
    """The list as the shop gives it, but with another first report."""
    document = route.fetch().json()
    document["reports"][0] |= changes
    route.fulfill(json=document)


def lines_of(link: Locator) -> int:
    """How many lines the words of a link take that can be seen."""
    lines: int = link.evaluate(
        """(link) => {
            const words = document.createRange();
            words.selectNodeContents(link.firstChild);
            return words.getClientRects().length;
        }"""
    )
    return lines


def expect_ready(report: Locator) -> None:
    expect(report.locator(".report-state")).to_have_text("Ready")


def id_of(report: Locator) -> str:
    return str(report.get_attribute("data-report-id"))


def record_of(shop: Api, report: Locator) -> Any:
    """What the API says of the report."""
    return shop.get(f"/reports/{id_of(report)}")


def truth_of(stripe: Api, record: Any) -> Any:
    """What the figures of the report's window must be, by the local Stripe's own bookkeeping."""
    window = record["window"]
    return stripe.get(
        "/_sandbox/truth", **{"from": moment(window["from"]), "to": moment(window["to"])}
    )


def moment(iso: str) -> int:
    return int(datetime.fromisoformat(iso).timestamp())


def local_time(page: Page, days_ago: int) -> str:
    """A value for an `<input type="datetime-local">` in the page's own time zone."""
    text: str = page.evaluate(
        """(days) => {
            const moment = new Date();
            moment.setDate(moment.getDate() - days);
            const local = new Date(moment - moment.getTimezoneOffset() * 60_000);
            return local.toISOString().slice(0, 16);
        }""",
        days_ago,
    )
    return text


def downloads(page: Page, report: Locator) -> tuple[list[dict[str, str]], Any]:
    """The report's two files, parsed."""
    table = download(page, report, "CSV").read_text(encoding="utf-8")
    document = download(page, report, "JSON").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(table))), json.loads(document)


def download(page: Page, report: Locator, kind: str) -> Path:
    with page.expect_download() as started:
        report.get_by_role("link", name=f"Download {kind}").click()
    assert started.value.suggested_filename.endswith(f".{kind.lower()}")
    return started.value.path()


def cents(table: list[dict[str, str]], column: str) -> int:
    """The sum of a column of amounts, which CSV has in dollars."""
    return int(sum(Decimal(row[column]) for row in table) * 100)


def dollars(amount: int) -> str:
    """Cents as the page shows them."""
    return f"{'-' if amount < 0 else ''}${abs(amount) / 100:,.2f}"


@contextmanager
def frozen(stack: Stack, name: str) -> Iterator[None]:
    """Stop a process in its tracks; afterwards it goes on as if nothing had been."""
    process = stack.processes[name]
    process.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        process.send_signal(signal.SIGCONT)
