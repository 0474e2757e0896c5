"""The report of docs/how-to/add-a-report.md is a report."""

import asyncio
import re
import textwrap
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from shop.rules.window import Window
from tests.unit.reports.objects import at, payment, student
from tests.unit.reports.reading import LiteralReading

PAGE = (Path(__file__).parents[3] / "docs/how-to/add-a-report.md").read_text()
WINDOW = Window(at("2026-11-21T00:00:00-05:00"), at("2026-11-22T12:00:00-05:00"))
ADA = student("cus_ada")


def module_of_the_page() -> Any:
    """The page's module, as whoever copies it gets it."""
    [code] = re.findall(r"^ *```python\n(.*?)^ *```$", PAGE, re.MULTILINE | re.DOTALL)
    module = ModuleType("released_holds")
    exec(textwrap.dedent(code), module.__dict__)  # noqa: S102 (our own page)
    return module


def test_it_lists_lesson_payments_that_were_let_go():
    """Not those that are still held, and no tickets; with every column."""
    module = module_of_the_page()
    payments = [
        payment("pi_open", "2026-11-22T09:00:00-05:00", "requires_capture", ADA),
        payment("pi_ticket", "2026-11-22T08:00:00-05:00", "canceled", ADA, metadata={}),
        payment("pi_let_go", "2026-11-22T07:00:00-05:00", "canceled", ADA),
    ]
    written: list[Mapping[str, Any]] = []
    reading = LiteralReading(WINDOW, {module.LISTINGS[0].name: payments})
    outcome = asyncio.run(module.make(reading, written.append))
    assert [row["payment_intent_id"] for row in written] == ["pi_let_go"]
    assert [list(row) for row in written] == [[column.name for column in module.COLUMNS]]
    assert outcome.summary["released"] == 1
