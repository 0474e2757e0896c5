"""Hours and days where clocks change."""

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.local_time import LocalTime

HOUR = 3600


def at(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def clock(zone: str) -> LocalTime:
    return LocalTime(ZoneInfo(zone))


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("America/New_York", "2026-10-31T12:00:00-04:00", 24),
        ("America/New_York", "2026-11-01T12:00:00-05:00", 25),
        ("America/New_York", "2026-03-08T12:00:00-04:00", 23),
        ("Europe/Berlin", "2026-10-25T12:00:00+01:00", 25),
        ("Asia/Kolkata", "2026-10-25T12:00:00+05:30", 24),
        ("America/Santiago", "2026-09-06T12:00:00-03:00", 23),
    ],
)
def test_a_day_has_the_hours_its_clock_shows(zone: str, day: str, hours: int):
    """23 when clocks go forward, 25 when they go back; in Santiago midnight itself is skipped."""
    begins = clock(zone).day_of(at(day))
    following = clock(zone).day_of(begins + 26 * HOUR)
    assert following - begins == hours * HOUR
    assert len(clock(zone).hours(begins, following - 1)) == hours


def test_an_hour_that_comes_twice_is_two_hours():
    """One o'clock in New York on the night of 1 November 2026."""
    new_york = clock("America/New_York")
    assert new_york.hour_of(at("2026-11-01T05:30:00Z")) == at("2026-11-01T05:00:00Z")
    assert new_york.hour_of(at("2026-11-01T06:30:00Z")) == at("2026-11-01T06:00:00Z")


def test_zones_that_are_off_by_half_an_hour_have_hours_of_their_own():
    """Half past the hour in UTC is on the hour in Kolkata; Lord Howe goes back by half an hour."""
    assert clock("Asia/Kolkata").hour_of(at("2026-11-01T05:45:00Z")) == at("2026-11-01T05:30:00Z")
    lord_howe = clock("Australia/Lord_Howe")
    begins = lord_howe.day_of(at("2026-04-05T12:00:00Z"))
    hours = lord_howe.hours(begins, begins + 24 * HOUR + 1799)
    lengths = [b - a for a, b in pairwise(hours)]
    assert lengths.count(1800) == 1
    assert set(lengths) == {1800, 3600}


def test_days_are_listed_from_the_first_to_the_last():
    """Both ends included, each once, the long day among them."""
    days = clock("America/New_York").days(
        at("2026-10-31T20:00:00-04:00"), at("2026-11-02T01:00:00-05:00")
    )
    assert days == [
        at("2026-10-31T00:00:00-04:00"),
        at("2026-11-01T00:00:00-04:00"),
        at("2026-11-02T00:00:00-05:00"),
    ]


def test_a_day_that_a_zone_left_out_is_not_listed():
    """Samoa went from 29 to 31 December 2011."""
    apia = clock("Pacific/Apia")
    days = apia.days(at("2011-12-29T12:00:00-10:00"), at("2011-12-31T12:00:00+14:00"))
    assert [apia.date_of(day).day for day in days] == [29, 31]


def test_days_between_counts_midnights():
    """A minute after midnight, yesterday's last minute is a day ago."""
    new_york = clock("America/New_York")
    assert (
        new_york.days_between(at("2026-11-01T23:59:00-05:00"), at("2026-11-02T00:01:00-05:00")) == 1
    )
    assert (
        new_york.days_between(at("2026-11-01T00:01:00-04:00"), at("2026-11-01T23:59:00-05:00")) == 0
    )


@given(
    st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
    st.integers(1_700_000_000, 1_900_000_000),
    st.integers(0, 3 * 86_400),
)
def test_every_moment_is_in_one_of_the_hours_and_days_of_its_window(zone, start, length):
    """So a chart has a place for every movement; an hour begins at itself, and so does a day."""
    local = clock(zone)
    moment = start + length
    hour, day = local.hour_of(moment), local.day_of(moment)
    assert hour in local.hours(start, moment)
    assert day in local.days(start, moment)
    assert day <= hour <= moment < hour + HOUR
    assert local.hour_of(hour) == hour
    assert local.day_of(hour) == day == local.day_of(day)
