"""When something that is done once a day is done, by the clock on the wall. Pure."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def latest(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The last time, up to `now`, that clocks in the zone showed `at`."""
    today = now.astimezone(zone).date()
    return max(moment for moment in _around(today, at, zone) if moment <= now)


def following(at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The next time, after `now`, that clocks in the zone show `at`."""
    today = now.astimezone(zone).date()
    return min(moment for moment in _around(today, at, zone) if moment > now)


def _around(today: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """Yesterday, today and tomorrow, in UTC.

    A time that clocks skip in spring is taken as if they had not been set yet; of one that they
    show twice in autumn, the first counts.
    """
    days = (today - DAY, today, today + DAY)
    return [datetime.combine(day, at, zone).astimezone(UTC) for day in days]
