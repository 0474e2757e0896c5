"""docs/figures.md explains every figure, check, table and column that a report can print."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import jobs.reports
from jobs.catalogue import REPORT_KINDS
from jobs.report import report_module
from shop.rules.balance_groups import Group
from shop.rules.card_expiry import CardState
from shop.rules.decline_reasons import Remedy
from shop.rules.holds import Lapse
from shop.rules.lesson_ledger import Line
from tests.unit.reports.reading import made
from tests.unit.reports.running_example import READINGS
from tests.unit.reports.test_report_modules import READINGS as FULLER_READINGS

PAGE = (Path(__file__).parents[3] / "docs/figures.md").read_text()
MODULES = Path(jobs.reports.__path__[0])
WORDS = {
    "lesson-totals": [line.value for line in Line],
    "failed-payments": [each.value.capitalize() for each in Remedy],
    "open-holds": [f"Expires: {each.value}" for each in Lapse],
    "students": [f"Card: {each.value}" for each in CardState],
    "reconciliation": [each.value for each in Group],
}
"""What labels are made of that do not stand in a report's own modules."""


@cache
def section(kind: str) -> str:
    """What the page says of a report, with single spaces only."""
    title = re.escape(REPORT_KINDS[kind].title)
    found = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    assert found, f"docs/figures.md has no section {REPORT_KINDS[kind].title}"
    return found[1]


def rows(kind: str) -> list[list[str]]:
    """The rows of the section's tables, cell by cell."""
    lines = [line for line in section(kind).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def sources(kind: str) -> list[Path]:
    """The modules of a report."""
    stem = REPORT_KINDS[kind].module.rpartition(".")[2]
    return sorted(MODULES.glob(f"{stem}*.py"))


def texts(path: Path) -> Iterator[str]:
    """What a module holds for people: its strings that begin with a capital, docstrings aside."""
    tree = ast.parse(path.read_text())
    spoken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and node.value[:1].isupper()
            and id(node) not in spoken
        ):
            yield node.value.strip()


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_every_text_of_a_report_is_on_the_page(kind: str):
    """Labels, titles, checks, notes and reasons, also those that no example shows."""
    said = " ".join(section(kind).replace("\n> ", "\n").split())
    printed = {*WORDS.get(kind, ()), *(text for path in sources(kind) for text in texts(path))}
    assert sorted(text for text in printed if text not in said) == []


def test_every_module_with_texts_belongs_to_a_report():
    """So that none escapes the test above."""
    known = {path for kind in REPORT_KINDS for path in sources(kind)}
    assert [
        path.name for path in MODULES.glob("*.py") if path not in known and any(texts(path))
    ] == []


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_every_column_of_the_file_has_its_line_in_order(kind: str):
    """With its name, as files have it, and its title."""
    said = [(row[0], row[1]) for row in rows(kind) if row[0].startswith("`")]
    columns = [(f"`{column.name}`", column.title) for column in report_module(kind).COLUMNS]
    assert said[: len(columns)] == columns


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_every_figure_check_and_table_has_its_line(kind: str):
    """Figures with their name; of another currency's only the code is added."""
    _, outcome = made(kind, FULLER_READINGS[kind]())
    lines = rows(kind)
    firsts = {row[0] for row in lines}
    named = {(row[0], row[1].strip("`")) for row in lines if len(row) > 1}
    summary = outcome.summary
    for figure in summary["figures"]:
        assert {(figure["label"], name) for name in names(figure["name"])} & named, figure
    assert {check["label"] for check in summary["checks"]} <= firsts
    titles = {table["title"] for table in summary["tables"]}
    assert titles - {f"Expires: {each.value}" for each in Lapse} <= firsts


def names(name: str) -> set[str]:
    """A figure's name, and without the currency's code that it may end in."""
    return {name, re.sub(r"_[a-z]{3}$", "", name)}


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_what_programs_read_is_named(kind: str):
    """Every key of a summary, but for those that are made for people."""
    _, outcome = made(kind, FULLER_READINGS[kind]())
    keys = set(outcome.summary) - {"figures", "checks", "tables", "notes", "chart"}
    assert sorted(key for key in keys if f"`{key}`" not in section(kind)) == []


@pytest.mark.parametrize("kind", READINGS)
def test_the_example_is_worked_out_to_the_cent(kind: str):
    """What the page says of the example is what the report makes of its rows."""
    _, outcome = made(kind, READINGS[kind])
    figures = {
        (each["label"], f"`{each['name']}`"): shown(each) for each in outcome.summary["figures"]
    }
    checks = {each["label"]: each["detail"] for each in outcome.summary["checks"]}
    said = [row for row in rows(kind) if not row[0].startswith(("`", "---"))]
    in_page = {(row[0], row[1]): row[2] for row in said if row[1].startswith("`")}
    assert {label: value for label, value in in_page.items() if value != "none"} == figures
    assert {row[0]: row[1] for row in said if row[0] in checks} == checks
    assert all(check["holds"] for check in outcome.summary["checks"])


def test_the_routes_answer_is_the_examples():
    """All keys of /calculate-lesson-total, in their order."""
    _, outcome = made("lesson-totals", READINGS["lesson-totals"])
    part = PAGE.partition("## The two routes")[2].partition("## Lesson totals")[0]
    said = re.findall(r"^\| `(\w+)` \| (\S+) \|", part, re.MULTILINE)
    assert said == [(key, str(value)) for key, value in dict(outcome.answer).items()]  # type: ignore[call-overload]


def test_the_story_adds_up():
    """Its rows are the balance transactions of the example, and their sums."""
    story = PAGE.partition("## The example")[2].partition("## The two routes")[0]
    told = re.findall(
        r"\| (-?\d+\.\d\d) \| (-?\d+\.\d\d) \| (-?\d+\.\d\d) \|$", story, re.MULTILINE
    )
    written, _ = made("lesson-totals", READINGS["lesson-totals"])
    assert told == [
        tuple(f"{row[key] / 100:.2f}" for key in ("gross", "fee", "net")) for row in written[::-1]
    ]


def shown(figure: dict[str, Any]) -> str:
    """A figure as the page writes it."""
    return str(figure["count"]) if "count" in figure else f"{figure['amount'] / 100:.2f}"
