"""What every report module keeps to."""

import asyncio
import json
from pathlib import Path

import msgspec
import pytest

from jobs.catalogue import REPORT_KINDS
from jobs.report import report_module
from shop.reports.table import Column
from shop.reports.writing.report_writer import writing
from tests.unit.reports import (
    test_audit_trail,
    test_failed_payments,
    test_lesson_totals,
    test_open_holds,
    test_reconciliation,
    test_refunds_and_disputes,
    test_students,
)
from tests.unit.reports.objects import card, payment, student
from tests.unit.reports.reading import LiteralReading

READINGS = {
    "lesson-totals": lambda: test_lesson_totals.reading(*test_lesson_totals.LEDGER),
    "failed-payments": lambda: LiteralReading(
        test_failed_payments.WINDOW,
        {
            "payments": [
                payment(
                    "pi_1",
                    "2026-11-21T22:00:00Z",
                    "requires_payment_method",
                    student("cus_ada", default=card("pm_ada")),
                    **test_failed_payments.refusal(card("pm_ada")),
                )
            ]
        },
    ),
    "open-holds": lambda: LiteralReading(
        test_open_holds.WINDOW, {"payments": test_open_holds.HOLDS}
    ),
    "refunds-and-disputes": test_refunds_and_disputes.known,
    "students": test_students.reading,
    "reconciliation": test_reconciliation.known,
    "audit-trail": test_audit_trail.reading,
}


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_columns_and_lists_are_named_once(kind: str):
    """Files have one header each, and finished ranges are kept by their list's name."""
    module = report_module(kind)
    names = [column.name for column in module.COLUMNS]
    lists = [listing.name for listing in module.LISTINGS]
    assert len(set(names)) == len(names)
    assert len(set(lists)) == len(lists)
    assert module.VERSION >= 1
    assert REPORT_KINDS[kind].about.endswith(".")


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_only_declared_lists_are_read(kind: str):
    """The progress counts on them."""
    reading = READINGS[kind]()
    declared = {listing.name for listing in report_module(kind).LISTINGS}
    assert set(reading.rows) == declared


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_the_three_files_take_every_cell_and_table(kind: str, tmp_path: Path):
    """And made twice of the same rows, they are the same to the byte."""
    module, title = report_module(kind), REPORT_KINDS[kind].title
    made = []
    for n in ("once", "again"):
        with writing(tmp_path / n, "report", module.COLUMNS, title) as writer:
            outcome = asyncio.run(module.make(READINGS[kind](), writer.write))
            made.append(writer.finish(outcome.summary))
    assert made[0] == made[1]
    written = json.loads((tmp_path / "once" / "report.json").read_text())
    assert written["summary"] == outcome.summary


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_a_summary_is_shaped_as_the_page_and_the_spreadsheet_read_it(kind: str):
    """Figures are amounts or counts, flat keys say the same, tables have a cell for each column."""
    module = report_module(kind)
    summary = asyncio.run(module.make(READINGS[kind](), lambda _: None)).summary
    for figure in summary["figures"]:
        assert set(figure) in (
            {"name", "label", "amount", "currency", "role"},
            {"name", "label", "count"},
        )
        if "count" in figure and figure["name"] in summary and kind != "lesson-totals":
            assert summary[figure["name"]] == figure["count"]
    assert summary["figures"]
    for table in summary["tables"]:
        columns = msgspec.convert(table["columns"], list[Column])
        money = any(column.kind == "money" for column in columns)
        assert not money or table["currency"] or "currency" in {c.name for c in columns}
        assert all(len(row) == len(columns) for row in table["rows"])
    names = [table["name"] for table in summary["tables"]]
    assert len(set(names)) == len(names)
