"""When a reserved lesson takes place. Pure.

The sign-up page writes the moment itself, ISO 8601 with the student's zone. A lesson without one
has only the text that the page showed, `01 Dec 3:00 p.m.`, which names no year and no zone: it is
read as the next such moment after the sign-up, on the shop's clock.
"""

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from shop.rules.clock_times import first_at

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

SHOWN = re.compile(
    r"(?P<day>\d{1,2})\s+(?P<month>[a-z]{3})[a-z]*\.?,?\s+"
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})\s*(?P<half>[ap])\.?m\.?",
    re.ASCII | re.IGNORECASE,
)
"""As the page shows a lesson; its September is "Sept"."""

YEARS_AHEAD = 9
"""Years in which every day of the calendar comes: eight may lie between two 29ths of February."""


def lesson_time(text: str, moment: str, *, signed_up: int, zone: ZoneInfo) -> int | None:
    """When the lesson begins; None where neither the moment nor the text can be understood.

    Args:
        text: as the page showed it; may be empty.
        moment: ISO 8601; without an offset it is read on the shop's clock. May be empty.
        signed_up: when the student came, unix seconds.
        zone: the shop's.

    Returns:
        Unix seconds.
    """
    exact = _instant(moment.strip(), zone)
    return exact if exact is not None else _next_shown(text.strip(), signed_up, zone)


def _instant(moment: str, zone: ZoneInfo) -> int | None:
    """None also where it lies beyond the calendar in UTC, by which it could not be told."""
    try:
        found = datetime.fromisoformat(moment)
        if found.tzinfo is None:
            found = datetime.fromtimestamp(first_at(found, zone), zone)
        return int(found.astimezone(UTC).timestamp())
    except (ValueError, OverflowError):
        return None


def _next_shown(text: str, signed_up: int, zone: ZoneInfo) -> int | None:
    shown = SHOWN.fullmatch(text)
    month = shown["month"].lower() if shown else None
    if shown is None or month not in MONTHS or not 1 <= int(shown["hour"]) <= 12:
        return None
    hour = int(shown["hour"]) % 12 + (12 if shown["half"] in "pP" else 0)
    year = datetime.fromtimestamp(signed_up, zone).year
    for possible in range(year, year + YEARS_AHEAD):
        try:
            clock = datetime(
                possible, MONTHS.index(month) + 1, int(shown["day"]), hour, int(shown["minute"])
            )
        except ValueError:
            continue
        at = first_at(clock, zone)
        if at >= signed_up:
            return at
    return None
