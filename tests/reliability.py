"""``docs/reliability.md``, written from a run of the races and faults.

    PYTHONPATH=code:. python -m tests.reliability

runs ``tests/integration/reliability`` and puts down what each test has counted. Where a test fails,
the page stays as it was.
"""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.integration.reliability.tally import ROW

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "reliability.md"
TESTS = PROJECT / "tests" / "integration" / "reliability"

Row = tuple[str, int, int, int, int]
"""(race or fault, attempts, done, duplicates, lost)"""

HEAD = """# Reliability: what became of every attempt

Two web processes on one Redis, a worker, and the local Stripe. Each line is a race or a fault that
`tests/integration/reliability` makes: how many requests were sent, how often the thing was done at
Stripe, and of these how many nobody wanted (duplicates). Lost is what callers were told and is not
so, what is so and nobody was told, and what should have been done and was not. The shop is not
asked: what is done is read from the local Stripe.

The figures are of a run, and a test fails at the first duplicate or loss. This runs them again and
writes this page:

    PYTHONPATH=code:. .venv/bin/python -m tests.reliability

How it is done: [decisions/0013-money-moves-once.md](decisions/0013-money-moves-once.md).

| race or fault | attempts | done | duplicates | lost |
| --- | ---: | ---: | ---: | ---: |
"""


class Figures:
    """A pytest plugin that keeps the rows of tests that passed."""

    def __init__(self) -> None:
        self.rows: list[Row] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has ended."""
        if report.when == "call" and report.passed:
            self.rows += [row for name, row in report.user_properties if name == ROW]


def page(rows: Sequence[Row]) -> str:
    """The whole page."""
    total = ("**all of them**", *(sum(row[place] for row in rows) for place in range(1, 5)))
    lines = (
        f"| {' | '.join(f'{cell:,}' if isinstance(cell, int) else cell for cell in row)} |"
        for row in (*rows, total)
    )
    return HEAD + "\n".join(lines) + "\n"


def main() -> int:
    """Run the tests and write the page; answers with pytest's exit code."""
    figures = Figures()
    code = int(pytest.main(["-q", str(TESTS)], plugins=[figures]))
    if code == 0:
        PAGE.write_text(page(figures.rows))
    return code


if __name__ == "__main__":
    raise SystemExit(main())
