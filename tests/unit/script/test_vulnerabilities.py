"""What script/check says about a vulnerability that is known of a library."""

from datetime import date

import pytest

from script.checks.vulnerabilities import ACCEPTED, Accepted, Known, read_accepted, to_do

TODAY = date(2026, 11, 23)


def known(*fixed_in: str) -> Known:
    return Known("lib 1.0", frozenset({"GHSA-1", "CVE-1"}), fixed_in, "It leaks.")


def accepted(until: date) -> Accepted:
    return Accepted(id="CVE-1", reason="It is used in tests only.", until=until)


@pytest.mark.parametrize(
    ("found", "entries", "says"),
    [
        (known("1.1", "2.0"), [], "Fixed in 1.1, 2.0; please pin that."),
        (known("1.1"), [accepted(TODAY)], "Fixed in 1.1; please pin that."),
        (known(), [], "No version is free of it. Replace the library or accept it."),
        (known(), [accepted(TODAY)], None),
        (
            known(),
            [accepted(date(2026, 11, 22))],
            "It was accepted until 2026-11-22: look at it again.",
        ),
    ],
)
def test_only_what_has_no_fix_can_be_accepted_and_only_for_a_time(
    found: Known, entries: list[Accepted], says: str | None
):
    """By any of its names; its last day is still in."""
    whole = [f"lib 1.0: CVE-1, GHSA-1: It leaks.\n  {says}"] if says else []
    assert to_do([found], entries, TODAY) == whole


def test_what_is_accepted_has_a_reason_and_a_date():
    """In the file that is used."""
    for each in read_accepted(ACCEPTED.read_text()):
        assert each.reason
        assert isinstance(each.until, date)
