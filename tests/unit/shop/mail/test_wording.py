"""Times and other people's words, as letters say them."""

from zoneinfo import ZoneInfo

import pytest

from shop.mail.wording import moment, one_line, typed


@pytest.mark.parametrize(
    ("seconds", "zone", "said"),
    [
        (1_795_723_200, "America/New_York", "Thursday, 26 November 2026, 3:00 p.m."),
        (1_795_723_200, "Asia/Tokyo", "Friday, 27 November 2026, 5:00 a.m."),
        (1_795_669_500, "America/New_York", "Thursday, 26 November 2026, 12:05 a.m."),
        (1_795_712_700, "America/New_York", "Thursday, 26 November 2026, 12:05 p.m."),
    ],
)
def test_times_are_said_on_the_clock_of_a_zone_that_is_named(seconds: int, zone: str, said: str):
    """Midnight and noon are 12 o'clock."""
    assert moment(seconds, ZoneInfo(zone)) == f"{said} ({zone})"


def test_one_line_is_one_line():
    """Nothing in it can begin another header or hide what stands there."""
    assert one_line(" Guitar\r\nBcc: a@b.c\t\u202elesson\x00 ") == "Guitar Bcc: a@b.c lesson"
    assert one_line(None) == ""


@pytest.mark.parametrize("name", ["Ada Lovelace", "J.R.R. O'Neil-Smith", "Zoë", "01 Dec 3:00 p.m."])
def test_what_a_student_typed_is_repeated(name: str):
    """Names of people and times of lessons."""
    assert typed(name) == name


@pytest.mark.parametrize(
    "name",
    [None, "", " ", "Win at example.com now", "https://x", "write to a@b", "<b>", "x" * 81],
)
def test_what_could_lead_a_stranger_somewhere_is_not_repeated(name: str | None):
    """Anybody can sign up with somebody else's address and a name that is an advertisement."""
    assert typed(name) is None
