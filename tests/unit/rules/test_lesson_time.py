"""When a reserved lesson takes place."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.lesson_time import lesson_time

NEW_YORK = ZoneInfo("America/New_York")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")
SIGNED_UP = int(datetime(2026, 11, 23, 10, 0, tzinfo=NEW_YORK).timestamp())


def read(text: str, moment: str = "", signed_up: int = SIGNED_UP) -> str | None:
    """The lesson's moment on New York's clock."""
    at = lesson_time(text, moment, signed_up=signed_up, zone=NEW_YORK)
    return None if at is None else datetime.fromtimestamp(at, NEW_YORK).isoformat()


def test_the_exact_moment_wins():
    """The student's page knows the year and the zone; the text does not."""
    moment = "2026-12-01T15:00:00-08:00"
    assert read("01 Dec 3:00 p.m.", moment) == "2026-12-01T18:00:00-05:00"


def test_a_moment_without_a_zone_is_on_the_shops_clock():
    """Somebody wrote it at Stripe by hand."""
    assert read("", "2026-12-01T15:00") == "2026-12-01T15:00:00-05:00"


@pytest.mark.parametrize(
    "moment",
    [
        "",
        "soon",
        "2026-13-01T15:00:00Z",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
        "9999-12-31T23:59:59",
    ],
)
def test_the_text_speaks_where_the_moment_does_not(moment: str):
    """The next first of December after the sign-up."""
    assert read("01 Dec 3:00 p.m.", moment) == "2026-12-01T15:00:00-05:00"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("02 Jan 5:00 p.m.", "2027-01-02T17:00:00-05:00"),
        ("23 Nov 10:00 a.m.", "2026-11-23T10:00:00-05:00"),
        ("23 Nov 9:59 a.m.", "2027-11-23T09:59:00-05:00"),
        ("14 Sept 4:00 p.m.", "2027-09-14T16:00:00-04:00"),
        ("5 dec 12:30 PM", "2026-12-05T12:30:00-05:00"),
        ("05 Dec 12:30 a.m.", "2026-12-05T00:30:00-05:00"),
        ("29 Feb 3:00 p.m.", "2028-02-29T15:00:00-05:00"),
        ("14 Mar 2:30 a.m.", "2027-03-14T03:00:00-04:00"),
    ],
    ids=["next year", "this minute", "just over", "Sept", "small", "midnight", "leap", "skipped"],
)
def test_a_text_is_the_next_such_moment(text: str, expected: str):
    """It names no year; where the clock skips the time, the lesson is the first second after."""
    assert read(text) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "31 Feb 3:00 p.m.", "01 Foo 3:00 p.m.", "01 Dec 13:00 p.m.", "01 Dec"]
)
def test_what_nobody_can_read_is_no_moment(text: str):
    """Better none than a wrong one."""
    assert read(text) is None


@given(
    signed_up=st.integers(0, 4_000_000_000),
    days=st.integers(0, 364),
    hour=st.integers(0, 23),
)
def test_what_the_page_shows_is_understood(signed_up: int, days: int, hour: int):
    """Whatever lesson within a year is shown, its text leads back to it, but for skipped hours."""
    day = datetime.fromtimestamp(signed_up + days * 86400, NEW_YORK)
    lesson = day.replace(hour=hour, minute=0, second=0, tzinfo=None)
    half = "p.m." if hour >= 12 else "a.m."
    text = f"{lesson:%d} {MONTHS[lesson.month - 1]} {hour % 12 or 12}:00 {half}"
    at = lesson_time(text, "", signed_up=signed_up, zone=NEW_YORK)
    assert at is not None
    found = datetime.fromtimestamp(at, NEW_YORK)
    assert at >= signed_up
    skipped = found.replace(tzinfo=None) != lesson.replace(year=found.year)
    assert not skipped or found.month == 3 or found.month == 4
