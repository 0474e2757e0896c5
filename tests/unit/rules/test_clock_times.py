"""What a time on a clock means on the days when clocks are put forward or back."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.clock_times import first_at, last_at

CHANGES = {
    "America/New_York": [1772953200, 1793512800],  # 2026-03-08 and 2026-11-01, 02:00
    "Australia/Lord_Howe": [1775314800, 1790998200],  # by half an hour only
    "Pacific/Apia": [1325239200],  # the day that never was, 2011-12-30
    "Asia/Kolkata": [],
}
NEAR = 30 * 3600


def shown(second: int, zone: ZoneInfo) -> datetime:
    """The clock of the zone at this second."""
    return datetime.fromtimestamp(second, zone).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("clock", "first", "last"),
    [
        ("2026-03-08T01:59:59", "2026-03-08T01:59:59-05:00", "2026-03-08T01:59:59-05:00"),
        ("2026-03-08T02:00:00", "2026-03-08T03:00:00-04:00", "2026-03-08T01:59:59-05:00"),
        ("2026-03-08T02:30:00", "2026-03-08T03:00:00-04:00", "2026-03-08T01:59:59-05:00"),
        ("2026-03-08T03:00:00", "2026-03-08T03:00:00-04:00", "2026-03-08T03:00:00-04:00"),
        ("2026-11-01T00:59:59", "2026-11-01T00:59:59-04:00", "2026-11-01T00:59:59-04:00"),
        ("2026-11-01T01:00:00", "2026-11-01T01:00:00-04:00", "2026-11-01T01:00:00-05:00"),
        ("2026-11-01T01:59:59", "2026-11-01T01:59:59-04:00", "2026-11-01T01:59:59-05:00"),
        ("2026-11-01T02:00:00", "2026-11-01T02:00:00-05:00", "2026-11-01T02:00:00-05:00"),
    ],
)
def test_new_york_when_clocks_change(clock: str, first: str, last: str):
    """What is skipped is nothing long; what comes twice is in from its first to its last."""
    zone = ZoneInfo("America/New_York")
    moment = datetime.fromisoformat(clock)
    assert first_at(moment, zone) == datetime.fromisoformat(first).timestamp()
    assert last_at(moment, zone) == datetime.fromisoformat(last).timestamp()


def test_a_day_that_a_zone_skips():
    """Samoa went from the 29th to the 31st: no second lies in between."""
    zone = ZoneInfo("Pacific/Apia")
    noon = datetime(2011, 12, 30, 12)
    assert shown(first_at(noon, zone), zone) == datetime(2011, 12, 31)
    assert shown(last_at(noon, zone), zone) == datetime(2011, 12, 29, 23, 59, 59)


def test_fractions_of_a_second_are_dropped():
    """Stripe's times are whole seconds."""
    zone = ZoneInfo("Europe/London")
    clock = datetime(2026, 7, 1, 12, 0, 0, 999_999)
    assert first_at(clock, zone) == last_at(clock, zone) == 1782903600


@given(data=st.data(), name=st.sampled_from(sorted(CHANGES)))
def test_nothing_that_a_window_could_mean_is_left_out(data: st.DataObject, name: str):
    """A second is in from its own clock's time to its own clock's time, near every change."""
    zone = ZoneInfo(name)
    middle = data.draw(st.sampled_from(CHANGES[name] or [1782903600]))
    second = data.draw(st.integers(middle - NEAR, middle + NEAR))
    clock = shown(second, zone)
    assert first_at(clock, zone) <= second <= last_at(clock, zone)
    assert shown(first_at(clock, zone), zone) == clock == shown(last_at(clock, zone), zone)


@given(data=st.data(), name=st.sampled_from(sorted(CHANGES)))
def test_what_is_just_outside_is_outside(data: st.DataObject, name: str):
    """The second before the first one shows an earlier time, the one after the last a later."""
    zone = ZoneInfo(name)
    middle = data.draw(st.sampled_from(CHANGES[name] or [1782903600]))
    offset = data.draw(st.integers(-NEAR, NEAR))
    clock = datetime.fromtimestamp(middle + offset, ZoneInfo("UTC")).replace(tzinfo=None)
    first, last = first_at(clock, zone), last_at(clock, zone)
    assert shown(first - 1, zone) < clock <= shown(first, zone)
    assert shown(last, zone) <= clock < shown(last + 1, zone)
