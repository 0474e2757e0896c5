"""Hours and days on the clock of a time zone, as unix seconds of their beginning.

A day has 23 or 25 hours where the clocks change, and an hour that comes twice is two hours.
Clocks change, and zones differ, by whole quarters of an hour, so quarters are looked at.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
QUARTER = 900
REMEMBERED = 10_000
"""Quarters whose hour is remembered: rows come ordered by time, so few are asked for at once."""


class LocalTime:
    """The clock of one zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._hours: dict[int, int] = {}

    def hour_of(self, seconds: int) -> int:
        """When the hour began that this moment is in."""
        quarter = seconds // QUARTER
        hour = self._hours.get(quarter)
        if hour is None:
            if len(self._hours) >= REMEMBERED:
                self._hours.clear()
            hour = self._hours[quarter] = self._hour_of(quarter * QUARTER)
        return hour

    def day_of(self, seconds: int) -> int:
        """When the day began that this moment is in."""
        return self._midnight(self.date_of(seconds))

    def date_of(self, seconds: int) -> date:
        """The day of the calendar at this moment."""
        return datetime.fromtimestamp(seconds, self.zone).date()

    def days_between(self, earlier: int, later: int) -> int:
        """How many midnights lie between two moments."""
        return (self.date_of(later) - self.date_of(earlier)).days

    def hours(self, start: int, end: int) -> list[int]:
        """Every hour from the one of `start` to the one of `end`, both included."""
        quarters = range(start // QUARTER, end // QUARTER + 1)
        return list(dict.fromkeys(self.hour_of(quarter * QUARTER) for quarter in quarters))

    def days(self, start: int, end: int) -> list[int]:
        """Every day from the one of `start` to the one of `end`, both included."""
        first, last = self.date_of(start), self.date_of(end)
        dates = (first + timedelta(days=n) for n in range((last - first).days + 1))
        begins = ((day, self._midnight(day)) for day in dates)
        return [at for day, at in begins if self.date_of(at) == day]  # a zone may skip a day

    def _hour_of(self, quarter: int) -> int:
        hour = self._hour_and_offset(quarter)
        while self._hour_and_offset(quarter - QUARTER) == hour:
            quarter -= QUARTER
        return quarter

    def _hour_and_offset(self, seconds: int) -> tuple[date, int, timedelta | None]:
        local = datetime.fromtimestamp(seconds, self.zone)
        return local.date(), local.hour, local.utcoffset()

    def _midnight(self, day: date) -> int:
        """The day's first moment; where midnight is skipped, the one after it."""
        return int(datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp())
