"""The page of figures is a table with a row for each race, and their sum."""

from tests.reliability import HEAD, page


def test_a_row_for_each_race_and_their_sum():
    """Figures with thousands apart."""
    rows = [("captures at once", 1000, 1, 0, 0), ("holds at once", 234, 2, 0, 1)]
    assert page(rows) == HEAD + (
        "| captures at once | 1,000 | 1 | 0 | 0 |\n"
        "| holds at once | 234 | 2 | 0 | 1 |\n"
        "| **all of them** | 1,234 | 3 | 0 | 1 |\n"
    )
