"""The accountant's page in front of the whole shop: ask for a report, watch it, find the money."""

import hashlib
import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accountant_reports import (
    cents,
    dollars,
    download,
    downloads,
    expect_ready,
    hold_for,
    id_of,
    record_of,
    truth_of,
)
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
    headline = report.locator(".report-headline")
    expect(headline.locator(".payment-total")).to_have_text(dollars(truth["payment_total"]))
    expect(headline.locator(".net-total")).to_have_text(dollars(truth["net_total"]))


def test_an_open_report_shows_everything(accountant: AccountantPage, shop: Api) -> None:
    """Figures, checks that hold, chart, tables, first rows, and the receipt of its files."""
    accountant.open()
    report = accountant.run("Lesson totals")
    expect_ready(report)
    report.get_by_role("button", name="Open").click()
    record = record_of(shop, report)
    figures = [figure["label"] for figure in record["summary"]["figures"]]
    expect(report.locator(".figures dt")).to_have_text(figures)
    expect(report.locator(".check-mark")).to_have_text(
        ["Checked" for _ in record["summary"]["checks"]]
    )
    expect(report.locator(".report-chart canvas")).to_be_visible()
    titles = [table["title"] for table in record["summary"]["tables"]]
    expect(report.locator(".report-table summary")).to_contain_text(titles)
    first_rows = report.get_by_role("region", name="The first rows")
    expect(first_rows.locator("tbody tr")).to_have_count(len(record["preview"]["rows"]))
    for file in record["files"]:
        name = file["format"].upper().replace("XLSX", "Excel")
        body = download(accountant.page, report, name, file["name"]).read_bytes()
        assert hashlib.sha256(body).hexdigest() == file["sha256"]
    expect(report.locator(".checksum")).to_have_text([file["sha256"] for file in record["files"]])


@pytest.mark.parametrize(
    "title", ["Failed payments", "Open holds", "Refunds and disputes", "Students", "Reconciliation"]
)
def test_every_kind_is_made_and_shown(accountant: AccountantPage, title: str) -> None:
    """By the same page: with its figures and its receipt."""
    accountant.open()
    report = accountant.run(title)
    expect_ready(report)
    report.get_by_role("button", name="Open").click()
    expect(report.locator(".figures .figure").first).to_be_visible()
    expect(report.locator(".receipt-files li")).to_have_count(3)


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
    expect(report.locator(".report-headline dd").first).to_have_text(str(len(students)))
    [row] = [row for row in table if row["customer_id"] == student.id]
    payment = refused.json()["payment_intent_id"]
    created = stripe.get(f"/v1/payment_intents/{payment}")["created"]
    expected = {
        "customer_id": student.id,
        "customer_email": student.email,
        "customer_name": "Jenny Rosen",
        "payment_intent_id": payment,
        "created_utc": f"{datetime.fromtimestamp(created, UTC):%Y-%m-%d %H:%M:%S}",
        "amount": "50.00",
        "description": "Guitar lesson",
        "status": "failed",
        "error": "issuer_declined",
        "card_brand": "visa",
        "card_last4": "0341",
    }
    assert {name: row[name] for name in expected} == expected
    [same] = [each for each in document["rows"] if each["customer_id"] == student.id]
    assert same["amount"] == 5000


def test_a_report_is_followed_through_its_states(accountant: AccountantPage, stack: Stack) -> None:
    """Queued, running with its progress, ready: the page follows by itself."""
    accountant.open()
    with stack.frozen("sandbox"):
        with stack.frozen("worker"):
            report = accountant.run("Lesson totals")
            expect(report.locator(".report-state")).to_have_text("Queued")
        expect(report.locator(".report-state")).to_have_text("Running")
        expect(report.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "0")
        expect(report.locator(".report-note")).to_have_text(
            re.compile(r"^0% read · 0 rows · \d calls? to Stripe$")
        )
    expect_ready(report)
    expect(report.get_by_role("progressbar")).to_have_count(0)


def test_reports_survive_a_reload(accountant: AccountantPage, stack: Stack) -> None:
    """A queued report is still there after a reload, and so is a finished one with its files."""
    accountant.open()
    with stack.frozen("worker"):
        report = accountant.run("Lesson totals")
        accountant.page.reload()
        expect(report.locator(".report-state")).to_have_text("Queued")
    expect_ready(report)
    net_total = report.locator(".net-total").inner_text()
    accountant.page.reload()
    expect(report.locator(".net-total")).to_have_text(net_total)
    for form in ("CSV", "Excel", "JSON"):
        expect(report.get_by_role("link", name=f"Download {form}")).to_be_visible()


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
    """From and to are whole days of the chosen zone; the totals are those of that window."""
    page = accountant.page
    vienna = ZoneInfo("Europe/Vienna")
    last = datetime.now(vienna).date() - timedelta(days=3)
    first = last - timedelta(days=26)
    accountant.open()
    page.get_by_label("Time zone").fill("Vienna")
    accountant.choose("From and to")
    page.get_by_label("From", exact=True).fill(first.isoformat())
    page.get_by_label("To", exact=True).fill(last.isoformat())
    report = accountant.run("Lesson totals")
    expect_ready(report)
    record = record_of(shop, report)
    start = datetime.combine(first, time.min, vienna)
    end = datetime.combine(last + timedelta(days=1), time.min, vienna) - timedelta(seconds=1)
    assert [record["window"][name] for name in ("timezone", "from_local", "to_local")] == [
        "Europe/Vienna",
        start.isoformat(),
        end.isoformat(),
    ]
    truth = truth_of(stripe, record)
    assert truth["payment_total"] > 0
    expect(report.locator(".net-total")).to_have_text(dollars(truth["net_total"]))


@pytest.mark.parametrize(("halted", "state"), [("worker", "Queued"), ("sandbox", "Running")])
def test_a_report_on_its_way_can_be_cancelled(
    accountant: AccountantPage, stack: Stack, halted: str, state: str
) -> None:
    """Waiting or running: it says so within two seconds, has no files, and is not made."""
    accountant.open()
    with stack.frozen(halted):
        report = accountant.run("Lesson totals")
        expect(report.locator(".report-state")).to_have_text(state)
        report.get_by_role("button", name="Cancel").click()
        expect(report.locator(".report-state")).to_have_text("Cancelled", timeout=2000)
    expect(report.get_by_role("link", name="Download")).to_have_count(0)
    expect_ready(accountant.run("Failed payments"))
    expect(report.locator(".report-state")).to_have_text("Cancelled")


def test_a_deleted_report_is_gone(accountant: AccountantPage, chromium: Browser) -> None:
    """Here, for whoever else has the page open, and after a reload."""
    page = accountant.page
    accountant.open()
    report = accountant.run("Failed payments")
    expect_ready(report)
    context = chromium.new_context(base_url=page.url.removesuffix("/accountant"))
    elsewhere = AccountantPage(context.new_page())
    elsewhere.open()
    seen = elsewhere.report(id_of(report))
    expect(seen).to_be_visible()
    gone = page.locator(f'[data-report-id="{id_of(report)}"]')
    report.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name="Delete it").click()
    expect(gone).to_have_count(0)
    expect(seen).to_have_count(0)
    context.close()
    with page.expect_response("**/reports"):
        page.reload()
    expect(gone).to_have_count(0)


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
    # the page asks now and then by itself, and may have taken its button away already
    page.locator("#check-again").dispatch_event("click")
    expect(accountant.banner).to_be_hidden()
    expect_ready(accountant.run("Lesson totals"))
    expect(page.get_by_role("alert")).to_have_count(0)


def test_a_worker_that_is_there_is_not_mentioned(accountant: AccountantPage) -> None:
    """The banner shows only what is wrong."""
    accountant.open()
    expect(accountant.run_button).to_be_enabled()
    accountant.page.wait_for_load_state("networkidle")
    expect(accountant.banner).to_be_hidden()


def test_a_report_outlives_an_outage_of_stripe(accountant: AccountantPage, stack: Stack) -> None:
    """It keeps running while Stripe is out of reach, and is made once Stripe is back."""
    accountant.open()
    stack.wait_until_idle()  # or the worker would have a job in hand that waits for Stripe
    stack.kill("sandbox")
    try:
        report = accountant.run("Lesson totals")
        expect(report.locator(".report-state")).to_have_text("Running")
    finally:
        stack.start("sandbox", "--students", "60", "--payments", "240")
    expect(report.locator(".report-state")).to_have_text("Ready", timeout=40_000)


def test_the_page_fits_a_phone(accountant: AccountantPage) -> None:
    """Nothing scrolls sideways at 390 pixels with a report's figures, lines and receipt open."""
    page = accountant.page
    page.set_viewport_size({"width": 390, "height": 844})
    accountant.open()
    report = accountant.run("Lesson totals")
    expect_ready(report)
    report.get_by_role("button", name="Open").click()
    expect(report.locator(".checksum").first).to_be_visible()
    for details in report.locator("details").all():
        details.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390


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
