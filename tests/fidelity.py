"""``docs/fidelity.md``: its last column and its counts, made from the tests' ``fact`` marks.

The page is written by hand but for those two. Run ``python -m tests.fidelity`` to bring them up to
date; ``tests/unit/test_fidelity.py`` fails while they are not.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PAGE = PROJECT / "docs" / "fidelity.md"
TESTS = ("tests/integration/sandbox/test_*.py", "tests/unit/sandbox/test_*.py")

ROW = re.compile(
    r"^\| (?P<number>[\d.]+[a-z]?(?:/[\w.-]+)?) \| (?P<fact>.+) \| (?P<mark>certain|likely) \|"
    r" ?(?P<held>.*) \|$",
    re.MULTILINE,
)
COUNTS = re.compile(r"^(?:\*\*)?\d+ facts.*$", re.MULTILINE)
DIFFERENT = "Different: "


class OutOfStep(Exception):
    """The page and the tests can't be brought together by rewriting the page."""


def held_by() -> dict[str, list[str]]:
    """The tests that name each fact, as ``file::test``, in the order of files and lines."""
    found: dict[str, list[str]] = defaultdict(list)
    for pattern in TESTS:
        for path in sorted(PROJECT.glob(pattern)):
            for test, fact in named_facts(path.read_text()):
                name = f"{path.name}::{test}"
                if name not in found[fact]:
                    found[fact].append(name)
    return found


def named_facts(source: str) -> Iterator[tuple[str, str]]:
    """Each test of a module with each fact in its marks, those of single parameters included."""
    for node in ast.parse(source).body:
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for decorator in node.decorator_list:
            for call in ast.walk(decorator):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.fact":
                    yield from ((node.name, ast.literal_eval(number)) for number in call.args)


def brought_up_to_date(page: str, tests: Mapping[str, list[str]]) -> str:
    """The page with what holds each fact, and how many are held."""
    rows = list(ROW.finditer(page))
    numbers = [row["number"] for row in rows]
    unlisted = sorted(tests.keys() - set(numbers))
    twice = sorted({number for number in numbers if numbers.count(number) > 1})
    if unlisted or twice:
        raise OutOfStep(f"named by tests but not on the page: {unlisted}; listed twice: {twice}")
    return COUNTS.sub(_counts(rows, tests), ROW.sub(lambda row: _row(row, tests), page), count=1)


def _row(row: re.Match[str], tests: Mapping[str, list[str]]) -> str:
    different = row["held"].startswith(DIFFERENT)
    names = tests.get(row["number"], [])
    if different == bool(names):
        raise OutOfStep(
            f"{row['number']} needs a test, or a reason in its last column that starts with "
            f"{DIFFERENT!r}, and not both"
        )
    held = row["held"] if different else "<br>".join(f"`{name}`" for name in names)
    return f"| {row['number']} | {row['fact']} | {row['mark']} | {held} |"


def _counts(rows: list[re.Match[str]], tests: Mapping[str, list[str]]) -> str:
    held = [row for row in rows if row["number"] in tests]
    certain = sum(row["mark"] == "certain" for row in held)
    names = {name for row in held for name in tests[row["number"]]}
    return (
        f"**{len(rows)} facts: {len(held)} held by {len(names)} tests ({certain} certain, "
        f"{len(held) - certain} likely), {len(rows) - len(held)} knowingly different.**"
    )


def main() -> None:
    """Rewrite the page."""
    PAGE.write_text(brought_up_to_date(PAGE.read_text(), held_by()))


if __name__ == "__main__":
    main()
