"""Looking into a report of the whole shop: its record, its files, and what must be in them."""

import csv
import io
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.api import Api


def hold_for(shop: Api, student: str, amount: int) -> Any:
    """The PaymentIntent of a hold on the student's card, in cents."""
    lesson: dict[str, str | int] = {"customer_id": student, "amount": amount}
    return shop.post("/schedule-lesson", **lesson, description="Guitar lesson")["payment"]


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


def downloads(page: Page, report: Locator) -> tuple[list[dict[str, str]], Any]:
    """The report's two files, parsed."""
    table = download(page, report, "CSV").read_text(encoding="utf-8")
    document = download(page, report, "JSON").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(table))), json.loads(document)


def download(page: Page, report: Locator, form: str, name: str = "") -> Path:
    """A file as the browser saves it; `name` is what it must be called."""
    with page.expect_download() as started:
        report.get_by_role("link", name=f"Download {form}").click()
    assert started.value.suggested_filename.endswith(name or f".{form.lower()}")
    return started.value.path()


def cents(table: list[dict[str, str]], column: str) -> int:
    """The sum of a column of amounts, which CSV has in dollars."""
    return int(sum(Decimal(row[column]) for row in table) * 100)


def dollars(amount: int) -> str:
    """Cents as the page shows them."""
    return f"{'-' if amount < 0 else ''}${abs(amount) / 100:,.2f}"
