"""An open report: its figures, checks, chart, tables, first rows and receipt."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accountant_documents import CHECKSUM, CannedReports, ready
from tests.browser.pages import AccountantPage

NOTHING = "\u2013"
CHART_WORDS = (
    "By day, Sun, Nov 1, 2026 to Mon, Nov 2, 2026. "
    "Gross: $1,234.56 in all, most on Sun, Nov 1, 2026 ($1,000.00). "
    "Came off: $34.56 in all, most on Sun, Nov 1, 2026 ($34.56). "
    "Net: $1,200.00 in all, most on Sun, Nov 1, 2026 ($965.44)."
)


@pytest.fixture
def opened(page: Page) -> Locator:
    """A ready report that has been opened."""
    CannedReports(page, [ready()])
    accountant = AccountantPage(page)
    accountant.open()
    item = accountant.report("r1")
    item.get_by_role("button", name="Open").click()
    expect(item.locator(".figures")).to_be_visible()
    return item


def rows_of(table: Locator) -> list[list[str]]:
    """The texts of a table's cells, the head first."""
    rows: list[list[str]] = table.evaluate(
        "(table) => Array.from(table.rows, (row) => Array.from(row.cells, (c) => c.textContent))"
    )
    return rows


def test_the_figures_are_those_of_the_summary(opened: Locator) -> None:
    """Money in its currency, counts as counts."""
    expect(opened.locator(".figures dt")).to_have_text(
        ["Gross captured", "Stripe fees", "Net", "Balance transactions of lesson money"]
    )
    expect(opened.locator(".figures dd")).to_have_text(["$1,234.56", "$34.56", "$1,200.00", "3"])


def test_checks_say_whether_they_hold(opened: Locator) -> None:
    """In words, not by colour alone."""
    expect(opened.locator(".check")).to_have_text(
        [
            "CheckedGross less deductions is net1,234.56 - 34.56",
            "Does not holdEvery transaction is counted3 of 4",
        ]
    )
    expect(opened.locator(".report-notes li")).to_have_text(
        ["Holds that were not captured count for nothing."]
    )


def test_the_chart_is_drawn_and_said(opened: Locator) -> None:
    """Lines with a legend, one sentence, and the same numbers as a table."""
    chart = opened.locator(".report-chart")
    expect(chart.locator("canvas")).to_be_visible()
    expect(chart.locator(".chart-words")).to_have_text(CHART_WORDS)
    expect(chart.locator(".chart-legend li")).to_have_text(
        ["Gross$1,234.56", "Came off$34.56", "Net$1,200.00"]
    )
    chart.get_by_text("The numbers of the chart, as a table").click()
    assert rows_of(chart.locator("table")) == [
        ["Day", "Gross", "Came off", "Net"],
        ["Sun, Nov 1, 2026", "$1,000.00", "$34.56", "$965.44"],
        ["Mon, Nov 2, 2026", "$234.56", "$0.00", "$234.56"],
    ]


def test_lines_are_told_apart_without_colour(opened: Locator) -> None:
    """Each has a dash of its own."""
    lines = opened.locator(".chart-legend line").all()
    assert [line.get_attribute("stroke-dasharray") for line in lines] == ["", "9 5", "2 4"]


def test_the_legend_reads_the_chart_under_the_pointer(opened: Locator) -> None:
    """The amounts of that day; away from the chart, the sums again."""
    over = opened.locator(".chart-canvas .u-over")
    over.hover(position={"x": 2, "y": 50})
    expect(opened.locator(".chart-time")).to_have_text("Sun, Nov 1, 2026")
    expect(opened.locator(".legend-amount")).to_have_text(["$1,000.00", "$34.56", "$965.44"])
    opened.locator(".report-title").hover()
    expect(opened.locator(".chart-time")).to_have_text("In all")
    expect(opened.locator(".legend-amount")).to_have_text(["$1,234.56", "$34.56", "$1,200.00"])


def test_tables_open_one_by_one(opened: Locator) -> None:
    """Cells as people read them; nothing is a dash."""
    folded = opened.locator(".report-table")
    expect(folded.locator("summary")).to_have_text("By lesson 2 rows")
    expect(folded.locator("table")).to_be_hidden()
    folded.locator("summary").click()
    assert rows_of(folded.locator("table")) == [
        ["Lesson", "Transactions", "Net"],
        ["Guitar lesson", "2", "$1,000.00"],
        [NOTHING, "1", "$200.00"],
    ]


def test_the_first_rows_are_a_table(opened: Locator) -> None:
    """Each amount in its row's currency, each address a link, in a box the keyboard can reach."""
    box = opened.get_by_role("region", name="The first rows")
    expect(box).to_have_attribute("tabindex", "0")
    assert rows_of(box.locator("table")) == [
        ["Created", "Net", "Currency", "Account page"],
        ["2026-11-01 14:05:09", "$62.81", "usd", "http://localhost/account-update/cus_1"],
        ["2026-11-01 13:00:00", "-¥500", "jpy", NOTHING],
    ]
    expect(box.get_by_role("link")).to_have_attribute(
        "href", "http://localhost/account-update/cus_1"
    )


def test_a_table_says_that_it_goes_on_to_the_right(page: Page, opened: Locator) -> None:
    """In words and by a shadow, on a phone; where all of it fits, neither."""
    box = opened.get_by_role("region", name="The first rows")
    frame = box.locator("..")
    hint = frame.get_by_text("There are more columns to the right")
    expect(hint).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(hint).to_be_visible()
    expect(frame).to_contain_class("has-more-right")
    expect(frame).not_to_contain_class("has-more-left")
    box.focus()
    page.keyboard.press("ArrowRight")
    expect(frame).to_contain_class("has-more-left")
    box.evaluate("(box) => box.scrollTo(box.scrollWidth, 0)")
    expect(frame).not_to_contain_class("has-more-right")
    expect(frame).to_contain_class("has-more-left")


def test_details_that_are_lost_are_said(page: Page) -> None:
    """The figures, the receipt and the files are still there."""
    lost = ready(preview=None)
    del lost["summary"]["chart"], lost["summary"]["tables"]
    CannedReports(page, [lost])
    accountant = AccountantPage(page)
    accountant.open()
    item = accountant.report("r1")
    item.get_by_role("button", name="Open").click()
    expect(item.locator(".figures")).to_be_visible()
    expect(item.locator(".report-details > .report-note")).to_have_text(
        "The tables and first rows of this report can't be shown any more. Its files have them."
    )
    expect(item.get_by_role("heading", name="Receipt")).to_be_visible()


def test_the_receipt_says_what_exactly_was_counted(opened: Locator) -> None:
    """Both ends on both clocks, to the second."""
    receipt = opened.locator(".report-receipt")
    expect(receipt.locator("dt")).to_have_text(
        [
            "Report",
            "Time zone",
            "From",
            "To, included",
            "Counted up to",
            "Rows read",
            "Calls to Stripe",
            "Version of Stripe's API",
            "Finished",
        ]
    )
    facts = [text.split("\n") for text in receipt.locator("dd").all_inner_texts()]
    assert facts[:-1] == [
        ["lesson-totals.1"],
        ["America/New_York"],
        ["2026-11-01 00:00:00 UTC-04:00", "2026-11-01 04:00:00 UTC"],
        ["2026-11-02 23:59:59 UTC-05:00", "2026-11-03 04:59:59 UTC"],
        ["2026-11-03 04:59:59 UTC", "Nothing that came later is in."],
        ["3"],
        ["2"],
        ["2026-10-28.clover"],
    ]
    assert facts[-1][0].replace("\u202f", " ") == "Nov 2, 2026, 10:01 AM EST, in 1 min 5 s"


def test_a_checksum_can_be_copied(page: Page, opened: Locator) -> None:
    """Whole, to the clipboard."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(opened.locator(".checksum")).to_have_text([CHECKSUM] * 3)
    button = opened.get_by_role("button", name="Copy the checksum of lesson-totals.xlsx")
    button.click()
    expect(button.or_(opened.get_by_text("Copied"))).to_contain_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == CHECKSUM


def test_downloads_say_what_they_are(opened: Locator) -> None:
    """Format, report and size, also to a screen reader."""
    names = [
        "Download CSV of Lesson totals, 1.2 kB",
        "Download Excel of Lesson totals, 56.8 kB",
        "Download JSON of Lesson totals, 2.5 MB",
    ]
    for name, form in zip(names, ("csv", "xlsx", "json"), strict=True):
        link = opened.get_by_role("link", name=name, exact=True)
        expect(link).to_have_attribute("href", f"/reports/r1/files/{form}")
        expect(link).to_have_attribute("download", f"lesson-totals.{form}")


def test_an_open_report_is_open_after_a_reload(page: Page, opened: Locator) -> None:
    """The address names it; closed, it no longer does."""
    expect(page).to_have_url(re.compile("/accountant#r1$"))
    page.reload()
    expect(opened.locator(".figures")).to_be_visible()
    opened.get_by_role("button", name="Close").click()
    expect(opened.locator(".figures")).to_have_count(0)
    expect(page).to_have_url(re.compile("/accountant$"))


def test_an_open_report_fits_a_phone(page: Page, opened: Locator) -> None:
    """Nothing scrolls sideways at 390 pixels but the tables, each in its box."""
    page.set_viewport_size({"width": 390, "height": 844})
    for details in opened.locator("details").all():
        details.locator("summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    tops = opened.locator(".download").evaluate_all(
        "(links) => links.map((link) => link.getBoundingClientRect().top)"
    )
    assert len(tops) == 3
    assert len(set(tops)) == 1
    expect(opened.locator("canvas")).to_be_visible()
