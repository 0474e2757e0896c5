"""Every state a report can be in, what each lets a person do, and when something is missing."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accountant_documents import CannedReports, expired, ready, report
from tests.browser.pages import AccountantPage

NOON = datetime(2026, 11, 3, 12, tzinfo=UTC)
WINDOW = "Nov 1 \u2013 2, 2026 · New York"
SILENT = "Stripe does not answer just now; the report goes on by itself when it does."
STOPS = "After three minutes without an answer it stops, and can be run again."
UNREACHABLE = (
    "The list of reports can't be refreshed. "
    "We could not reach the shop. Please check your connection and try again."
)


@pytest.fixture
def accountant(page: Page) -> AccountantPage:
    return AccountantPage(page)


def shown(accountant: AccountantPage, document: Any) -> tuple[Locator, CannedReports]:
    """The page with this one report in its list."""
    canned = CannedReports(accountant.page, [document])
    accountant.open()
    item = accountant.report(document["id"])
    expect(item).to_be_visible()
    return item, canned


def test_a_queued_report_waits_and_can_be_cancelled(accountant: AccountantPage) -> None:
    """It says since when it waits; cancelled, it says that nothing was left behind."""
    item, canned = shown(accountant, report())
    expect(item.locator(".report-state")).to_have_text("Queued")
    expect(item.locator(".report-window")).to_have_text(WINDOW)
    expect(item.locator(".report-note")).to_have_text(
        re.compile(r"^Waiting for its turn since Nov 2, 2026, 10:00\sAM EST\.$")
    )
    item.get_by_role("button", name="Cancel").click()
    expect(item.locator(".report-state")).to_have_text("Cancelled")
    expect(item.locator(".report-note")).to_have_text(
        "It was cancelled before it was finished, and left no files."
    )
    expect(accountant.page.locator("#report-news")).to_have_text("Lesson totals: Cancelled.")
    expect(item.locator(".report-title")).to_be_focused()
    assert canned.asked == [("POST", "/reports/r1/cancel", {})]


def test_a_running_report_says_how_far_it_is(accountant: AccountantPage) -> None:
    """To eyes and to a screen reader: share, rows, calls and the time left in words."""
    running = {"state": "running", "progress": 0.421, "rows": 8400, "calls": 85}
    item, _ = shown(accountant, report(**running, seconds_left=130))
    bar = item.get_by_role("progressbar", name="Share of the time window that has been read")
    expect(item.locator(".report-note")).to_have_text(
        "42% read · 8,400 rows · 85 calls to Stripe · about 2 minutes left"
    )
    expect(bar).to_have_attribute("aria-valuenow", "42")
    expect(bar).to_have_attribute(
        "aria-valuetext", "42 percent read, 8,400 rows, 85 calls to Stripe, about 2 minutes left"
    )


def test_only_quarters_are_spoken(accountant: AccountantPage) -> None:
    """The bar moves at every step; a listener hears of 25, 50 and 75 percent."""
    page = accountant.page
    item, canned = shown(accountant, report(state="running", progress=0.1))
    bar = item.get_by_role("progressbar")
    for progress, percent, spoken in (
        (0.2, "20", ""),
        (0.26, "26", "Lesson totals: 25 percent read, about 2 minutes left."),
        (0.4, "40", "Lesson totals: 25 percent read, about 2 minutes left."),
        (0.55, "55", "Lesson totals: 50 percent read, about 2 minutes left."),
    ):
        canned.documents = [report(state="running", progress=progress, seconds_left=120)]
        page.locator("#check-again").dispatch_event("click")
        expect(bar).to_have_attribute("aria-valuenow", percent)
        expect(page.locator("#report-news")).to_have_text(spoken)


def test_a_silent_stripe_is_said_while_it_lasts(accountant: AccountantPage) -> None:
    """To eyes, in the bar's words, and spoken once when it begins and once when it ends."""
    page = accountant.page
    running = {"state": "running", "progress": 0.421, "rows": 8400, "calls": 85}
    item, canned = shown(accountant, report(**running))
    silence = item.locator(".report-silence")
    expect(silence).to_be_hidden()
    news = page.locator("#report-news")
    canned.documents = [report(**running, waits_for_stripe=True)]
    page.locator("#check-again").dispatch_event("click")
    expect(silence).to_have_text(f"{SILENT} {STOPS}")
    expect(news).to_have_text(f"Lesson totals: {SILENT}")
    bar = item.get_by_role("progressbar")
    expect(bar).to_have_attribute(
        "aria-valuetext", "42 percent read, 8,400 rows, 85 calls to Stripe, waiting for Stripe"
    )
    canned.documents = [report(**running)]
    page.locator("#check-again").dispatch_event("click")
    expect(silence).to_be_hidden()
    expect(news).to_have_text("Lesson totals: Stripe answers again.")


@pytest.mark.parametrize("state", ["ready", "expired"])
def test_a_closed_report_says_when_it_was_made(accountant: AccountantPage, state: str) -> None:
    """And how long its files stay, on the clock of its window, not of the browser."""
    document = ready(state=state)
    document["window"]["timezone"] = "Asia/Tokyo"
    item, _ = shown(accountant, document)
    expect(item.locator(".report-made")).to_have_text(
        re.compile(r"^Made Nov 3, 2026, 12:01\sAM · kept until Nov 10$")
    )


def test_a_report_kept_into_the_next_year_says_which(accountant: AccountantPage) -> None:
    """Others do without."""
    times = {"finished_at": "2026-12-28T15:00:00+00:00", "expires_at": "2027-01-04T15:00:00+00:00"}
    item, _ = shown(accountant, ready(**times))
    expect(item.locator(".report-made")).to_have_text(
        re.compile(r"^Made Dec 28, 2026, 10:00\sAM · kept until Jan 4, 2027$")
    )


@pytest.mark.parametrize("state", ["queued", "running", "failed", "cancelled"])
def test_a_report_without_files_was_not_made(accountant: AccountantPage, state: str) -> None:
    """Nothing of it is kept."""
    item, _ = shown(accountant, report(state=state))
    expect(item.locator(".report-made")).to_be_hidden()


def test_a_failed_report_says_why_and_can_be_run_again(accountant: AccountantPage) -> None:
    """The same kind, window and zone are asked for."""
    error = {"code": "unavailable", "message": "Stripe could not be reached for an hour."}
    item, canned = shown(accountant, report(state="failed", error=error))
    expect(item.locator(".report-state")).to_have_text("Failed")
    expect(item.locator(".report-problem")).to_have_text(error["message"])
    item.get_by_role("button", name="Run it again").click()
    expect(accountant.page.locator(".report-state")).to_have_text(["Queued", "Failed"])
    assert canned.asked == [
        (
            "POST",
            "/reports",
            {
                "kind": "lesson-totals",
                "from": "2026-11-01T04:00:00+00:00",
                "to": "2026-11-03T04:59:59+00:00",
                "timezone": "America/New_York",
            },
        )
    ]


def test_an_expired_report_keeps_its_figures(accountant: AccountantPage) -> None:
    """It offers no download, but what it said, its receipt, and another run."""
    item, _ = shown(accountant, expired())
    expect(item.locator(".report-state")).to_have_text("Expired")
    expect(item.locator(".report-note")).to_have_text(
        "Its files were kept for seven days and are gone. Run it again to get new ones."
    )
    expect(item.locator(".report-headline")).to_have_text("Gross captured$1,234.56Net$1,200.00")
    expect(item.get_by_role("link", name="Download")).to_have_count(0)
    expect(item.get_by_role("button", name="Run it again")).to_be_enabled()
    item.get_by_role("button", name="Open").click()
    expect(item.get_by_role("heading", name="Receipt")).to_be_visible()


def test_a_report_is_deleted_only_after_a_second_word(accountant: AccountantPage) -> None:
    """ "Keep it" keeps it; "Delete it" removes it and leaves an empty ledger."""
    page = accountant.page
    item, canned = shown(accountant, ready())
    item.get_by_role("button", name="Delete").click()
    dialog = page.get_by_role("dialog", name="Delete “Lesson totals”?")
    dialog.get_by_role("button", name="Keep it").click()
    expect(dialog).to_be_hidden()
    assert canned.asked == []
    item.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete it").click()
    expect(item).to_have_count(0)
    expect(page.locator("#no-reports")).to_contain_text("Nothing on the books yet.")
    assert canned.asked == [("DELETE", "/reports/r1", None)]


@pytest.mark.parametrize(
    "strange",
    [
        {"kind": "of-next-year", "title": "Of next year", "summary": {"version": 2}},
        {"summary": {"figures": [{"label": "Sum", "amount": 1.5, "currency": "usd"}]}},
        {"summary": None, "receipt": None, "window": {"from": None, "to": None}},
    ],
)
def test_a_report_the_page_does_not_know_stands_without_figures(
    accountant: AccountantPage, strange: dict[str, Any]
) -> None:
    """With its title, window and downloads, and the reports beside it are shown as ever."""
    page = accountant.page
    CannedReports(page, [ready("strange", **strange), ready("known")])
    accountant.open()
    unknown = accountant.report("strange")
    expect(accountant.report("known").locator(".net-total")).to_have_text("$1,200.00")
    expect(unknown.locator(".report-title")).to_have_text(strange.get("title", "Lesson totals"))
    expect(unknown.locator(".report-window")).not_to_be_empty()
    expect(unknown.get_by_role("link", name="Download")).to_have_count(3)
    expect(unknown).to_contain_text(
        "This page cannot show the figures of this report. Its files have them."
    )
    expect(page.locator("#list-problem")).to_be_hidden()


# ── When something is missing ────────────────────────────────────────────────────────────────


def test_without_reports_the_page_says_so(accountant: AccountantPage) -> None:
    """A new account sees an empty ledger, not an empty page."""
    CannedReports(accountant.page, [])
    accountant.open()
    expect(accountant.page.locator("#no-reports p")).to_have_text(
        [
            "Nothing on the books yet.",
            "Run a report and it stays here, with its files, even if you close this page.",
        ]
    )


def test_without_a_worker_the_page_says_so(accountant: AccountantPage) -> None:
    """Until one is back."""
    canned = CannedReports(accountant.page, [report()])
    canned.worker = False
    accountant.page.clock.install(time=NOON)
    accountant.page.clock.pause_at(NOON + timedelta(seconds=1))  # or it would ask again by itself
    accountant.open()
    expect(accountant.banner.locator("p")).to_have_text(
        "No worker is running. A report that waits in the queue starts as soon as one is back."
    )
    expect(accountant.page.locator("#connection")).to_contain_text("Live updates are cut off.")
    canned.worker = True
    accountant.page.get_by_role("button", name="Check again").click()
    expect(accountant.banner).to_be_hidden()


def test_a_cut_stream_is_made_up_for_by_asking(accountant: AccountantPage) -> None:
    """The page says so, and follows all the same."""
    item, canned = shown(accountant, report())
    expect(accountant.page.locator("#connection")).to_have_text(
        "Live updates are cut off. The list is asked for every few seconds."
    )
    canned.documents = [ready()]
    expect(item.locator(".report-state")).to_have_text("Ready")
    expect(accountant.page.locator("#report-news")).to_have_text("Lesson totals: Ready.")


def test_the_stream_tells_of_changes(accountant: AccountantPage) -> None:
    """What it says is shown at once, whatever an older list says."""
    canned = CannedReports(accountant.page, [report(state="running", progress=0.9)])
    canned.tell(ready())
    accountant.open()
    expect(accountant.report("r1").locator(".report-state")).to_have_text("Ready")


def test_an_older_answer_does_not_take_back_the_end(accountant: AccountantPage) -> None:
    """A list that was on its way before the report ended cannot make it run again."""
    page = accountant.page
    item, canned = shown(accountant, ready())
    expect(item.locator(".report-state")).to_have_text("Ready")
    canned.documents = [report(state="running", progress=0.9)]
    with page.expect_response("**/reports"):
        page.locator("#check-again").dispatch_event("click")
    expect(item.locator(".report-state")).to_have_text("Ready")


def test_a_list_that_cannot_be_reached_is_said_plainly(accountant: AccountantPage) -> None:
    """What is shown stays, and the page recovers by itself."""
    page = accountant.page
    item, _ = shown(accountant, ready())
    expect(item).to_be_visible()

    def cut(route: Route) -> None:
        route.abort()

    page.route("**/reports", cut)
    expect(page.locator("#list-problem")).to_have_text(UNREACHABLE)
    expect(page.locator("#connection")).to_have_text("No connection to the shop.")
    expect(item).to_be_visible()
    page.unroute("**/reports", cut)
    expect(page.locator("#list-problem")).to_be_hidden()
