"""The tables of ``docs/reliability.md``, written from a run of the races or of the faults.

    PYTHONPATH=code:. python -m tests.reliability             two minutes
    PYTHONPATH=code:. python -m tests.reliability --faults    25 minutes

runs ``tests/integration/reliability`` or ``tests/faults`` and puts down what each test has counted,
between the two comments that hold its table. Where a test fails, the page stays as it was.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults import tally as of_faults
from tests.integration.reliability import tally as of_races

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "reliability.md"

Row = tuple[str | int, ...]
"""What it is about, and its figures."""


@dataclass(frozen=True)
class Table:
    """One of the tables.

    Attributes:
        name: in the comments around it, `<!-- races -->` and `<!-- /races -->`.
        tests: the folder whose tests count its rows.
        row: the property of a test's report that is a row.
        columns: of its figures; the first column is the name.
    """

    name: str
    tests: Path
    row: str
    columns: tuple[str, ...]

    def text(self, rows: Sequence[Row]) -> str:
        """The rows and their sum, as Markdown."""
        sums = (sum(int(row[place]) for row in rows) for place in range(1, len(self.columns)))
        total = ("**all of them**", *sums)
        lines = [self.columns, ("---", *("---:" for _ in self.columns[1:])), *rows, total]
        return "\n".join(f"| {' | '.join(map(_shown, line))} |" for line in lines)

    def put_into(self, page: str, rows: Sequence[Row]) -> str:
        """The page with this table in place of the one it had."""
        opening, closing = f"<!-- {self.name} -->\n", f"\n<!-- /{self.name} -->"
        before, _, rest = page.partition(opening)
        _, found, after = rest.partition(closing)
        if not found:
            raise ValueError(f"the page has no place for {self.name}")
        return before + opening + self.text(rows) + closing + after


RACES = Table(
    "races",
    PROJECT / "tests" / "integration" / "reliability",
    of_races.ROW,
    ("race or fault", "attempts", "done", "duplicates", "lost"),
)
FAULTS = Table(
    "faults",
    PROJECT / "tests" / "faults",
    of_faults.ROW,
    ("fault", "attempts", "done", "duplicates", "lost", "wrong"),
)


class Figures:
    """A pytest plugin that keeps the rows of tests that passed."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self.rows: list[Row] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has ended."""
        if report.when == "call" and report.passed:
            self.rows += [row for name, row in report.user_properties if name == self._table.row]


def main() -> int:
    """Run the tests and write the page; answers with pytest's exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.reliability")
    parser.add_argument("--faults", action="store_true", help="the faults in place of the races")
    table = FAULTS if parser.parse_args().faults else RACES
    figures = Figures(table)
    code = int(pytest.main(["-q", str(table.tests)], plugins=[figures]))
    if code == 0:
        PAGE.write_text(table.put_into(PAGE.read_text(), figures.rows))
    return code


def _shown(cell: str | int) -> str:
    return f"{cell:,}" if isinstance(cell, int) else cell


if __name__ == "__main__":
    raise SystemExit(main())
