"""``docs/fidelity.md`` and the marks of the tests agree."""

import pytest

from tests.fidelity import PAGE, OutOfStep, brought_up_to_date, held_by, named_facts

ROWS = """**9 facts**

| § | fact | mark | held by |
| --- | --- | --- | --- |
| 1.1 | Ten \\| rows. | certain |  |
| 7.1/0341 | Declined. | likely | `test_old.py::test_old` |
| 1.16a | Search. | certain | Different: there is none. |
"""


def test_the_page_is_up_to_date() -> None:
    """If not: ``PYTHONPATH=code:. .venv/bin/python -m tests.fidelity``."""
    page = PAGE.read_text()
    assert page == brought_up_to_date(page, held_by())


def test_rows_and_counts_are_filled_in() -> None:
    tests = {"1.1": ["test_a.py::test_b", "test_a.py::test_c"], "7.1/0341": ["test_a.py::test_c"]}
    assert (
        brought_up_to_date(ROWS, tests)
        == """**3 facts: 2 held by 2 tests (1 certain, 1 likely), 1 knowingly different.**

| § | fact | mark | held by |
| --- | --- | --- | --- |
| 1.1 | Ten \\| rows. | certain | `test_a.py::test_b`<br>`test_a.py::test_c` |
| 7.1/0341 | Declined. | likely | `test_a.py::test_c` |
| 1.16a | Search. | certain | Different: there is none. |
"""
    )


@pytest.mark.parametrize(
    ("page", "tests"),
    [
        pytest.param(ROWS, {"1.1": ["t"]}, id="a fact that nothing holds"),
        pytest.param(
            ROWS, {"1.1": ["t"], "7.1/0341": ["t"], "1.16a": ["t"]}, id="held and yet different"
        ),
        pytest.param(
            ROWS, {"1.1": ["t"], "7.1/0341": ["t"], "9.9": ["t"]}, id="a fact that is not listed"
        ),
        pytest.param(ROWS + ROWS, {"1.1": ["t"], "7.1/0341": ["t"]}, id="a fact listed twice"),
    ],
)
def test_what_rewriting_can_not_mend_is_said(page: str, tests: dict[str, list[str]]) -> None:
    with pytest.raises(OutOfStep):
        brought_up_to_date(page, tests)


def test_marks_are_found_on_tests_and_on_single_parameters() -> None:
    source = '''
@pytest.mark.fact("1.1", "1.2")
@pytest.mark.parametrize("a", [pytest.param(1, marks=pytest.mark.fact("1.3")), 2])
async def test_a(a: int) -> None: ...

@pytest.mark.fact("1.4")
def test_b() -> None: ...

def test_c() -> None:
    """Says fact("1.5") only in words."""
'''
    assert sorted(named_facts(source)) == [
        ("test_a", "1.1"),
        ("test_a", "1.2"),
        ("test_a", "1.3"),
        ("test_b", "1.4"),
    ]
