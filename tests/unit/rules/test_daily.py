"""When the nightly job is due, by the clock on the shop's wall."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from shop.rules.daily import following, latest

NEW_YORK = ZoneInfo("America/New_York")
AT = time(3, 10)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("now", "last", "then"),
    [
        # in winter New York is five hours behind UTC, in summer four
        (utc(2026, 11, 23, 8, 9, 59), utc(2026, 11, 22, 8, 10), utc(2026, 11, 23, 8, 10)),
        (utc(2026, 11, 23, 8, 10), utc(2026, 11, 23, 8, 10), utc(2026, 11, 24, 8, 10)),
        (utc(2026, 11, 24, 2), utc(2026, 11, 23, 8, 10), utc(2026, 11, 24, 8, 10)),
        (utc(2026, 7, 1, 12), utc(2026, 7, 1, 7, 10), utc(2026, 7, 2, 7, 10)),
        # clocks are set forward on 8 March and back on 1 November, at two
        (utc(2026, 3, 8, 7, 0), utc(2026, 3, 7, 8, 10), utc(2026, 3, 8, 7, 10)),
        (utc(2026, 11, 1, 8, 0), utc(2026, 10, 31, 7, 10), utc(2026, 11, 1, 8, 10)),
    ],
)
def test_once_a_day_whatever_clocks_are_set_to(now: datetime, last: datetime, then: datetime):
    """The last time and the next, to the second."""
    assert (latest(AT, NEW_YORK, now), following(AT, NEW_YORK, now)) == (last, then)


def test_a_time_that_clocks_skip_is_not_skipped():
    """On 8 March it is never half past two in New York; half past three it is."""
    due = following(time(2, 30), NEW_YORK, utc(2026, 3, 8, 6))
    assert due.astimezone(NEW_YORK).isoformat() == "2026-03-08T03:30:00-04:00"


def test_a_time_that_clocks_show_twice_comes_once():
    """On 1 November half past one comes twice in New York; the first counts."""
    first = following(time(1, 30), NEW_YORK, utc(2026, 11, 1, 4))
    assert first == utc(2026, 11, 1, 5, 30)
    assert following(time(1, 30), NEW_YORK, first) == utc(2026, 11, 2, 6, 30)
