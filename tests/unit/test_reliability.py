"""The page of figures has a table for races and one for faults, each written by itself."""

import pytest

from tests.reliability import FAULTS, PAGE, RACES


def test_a_row_for_each_race_and_their_sum():
    """Figures with thousands apart."""
    rows = [("captures at once", 1000, 1, 0, 0), ("holds at once", 234, 2, 0, 1)]
    assert RACES.text(rows) == (
        "| race or fault | attempts | done | duplicates | lost |\n"
        "| --- | ---: | ---: | ---: | ---: |\n"
        "| captures at once | 1,000 | 1 | 0 | 0 |\n"
        "| holds at once | 234 | 2 | 0 | 1 |\n"
        "| **all of them** | 1,234 | 3 | 0 | 1 |"
    )


def test_a_table_takes_its_own_place_and_no_other():
    """What stands around it stays."""
    page = "A\n<!-- races -->\nold\n<!-- /races -->\nB\n<!-- faults -->\nold\n<!-- /faults -->\nC\n"
    table = FAULTS.text([("web killed", 3, 2, 0, 0, 0)])
    assert FAULTS.put_into(page, [("web killed", 3, 2, 0, 0, 0)]) == page.replace(
        "<!-- faults -->\nold", f"<!-- faults -->\n{table}"
    )


def test_a_page_without_a_place_is_left_alone():
    """Rather than to lose the figures."""
    with pytest.raises(ValueError, match="no place for races"):
        RACES.put_into("A\n", [])


@pytest.mark.parametrize("table", [RACES, FAULTS], ids=lambda table: table.name)
def test_the_page_has_a_place_for_each(table):
    """So that a run can write it."""
    assert table.text([("new", *(0 for _ in table.columns[1:]))]) in table.put_into(
        PAGE.read_text(), [("new", *(0 for _ in table.columns[1:]))]
    )
