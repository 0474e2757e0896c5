"""The window and the time zone that a report is asked for.

Each end is ISO 8601 or unix seconds. A time without an offset is a time on the clock of the
report's zone, and a date is all of that day there. Eight digits are a date without its hyphens:
as unix seconds they would lie in the early seventies, before there was anything to report.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from datetime import time as clock_time
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from server.bodies import WHOLE_NUMBER, Fields
from shop.errors import BadRequest
from shop.rules.clock_times import first_at, last_at
from shop.rules.window import HOUR, REPORTED_HOURS, Asked, Since, Window

LONGEST_TEXT = 255
LONGEST_YEARS = 5
LONGEST = LONGEST_YEARS * 366 * 24 * HOUR
"""Seconds. Wherever it begins, a window of so many years fits."""

LATEST = 253402300799
"""Unix seconds: the last second of the year 9999, the last that a date can name."""

NOWHERE = frozenset({"Factory", "localtime", "posixrules"})
"""Names in a zone database that name no zone."""

DATE_DIGITS = 8

Meaning = Callable[[datetime, ZoneInfo], int]
"""From a time on the clock of a zone to unix seconds."""


def zone_asked_for(fields: Fields) -> ZoneInfo | None:
    """The time zone, or None where none is named.

    Raises:
        BadRequest: it is not the name of a zone, as IANA lists them.
    """
    name = fields.optional_text("timezone", LONGEST_TEXT)
    if name is None:
        return None
    if name not in _known_zones():
        raise BadRequest(
            "The timezone must be an IANA name, such as America/New_York or UTC.",
            code="unknown_timezone",
        )
    return ZoneInfo(name)


def window_asked_for(fields: Fields, zone: ZoneInfo | None) -> Asked:
    """The window, 36 hours long where no beginning is given.

    An end that is left out is the moment the report begins.

    Args:
        zone: in which times without an offset are read; None where no zone was named, and then
            they are refused.

    Raises:
        BadRequest: upside down, in the future, too long, or not a moment in time.
    """
    now = int(time.time())
    start = _moment(fields, "from", zone, first_at, clock_time.min)
    end = _moment(fields, "to", zone, last_at, clock_time.max)
    for name, moment in (("from", start), ("to", end)):
        if moment is not None and moment > now:
            raise _invalid(f"The window's {name} is in the future.")
    if start is None:
        return None if end is None else Window(max(0, end - REPORTED_HOURS * HOUR), end)
    if end is not None and start > end:
        raise _invalid("The window must begin before it ends.")
    if (now if end is None else end) - start > LONGEST:
        raise _invalid(f"The window must not be longer than {LONGEST_YEARS} years.")
    return Since(start) if end is None else Window(start, end)


@cache
def _known_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - NOWHERE


def _moment(
    fields: Fields, name: str, zone: ZoneInfo | None, meaning: Meaning, of_day: clock_time
) -> int | None:
    value = fields.number_or_text(name, LONGEST_TEXT)
    if value is None or value == "":
        return None
    if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value) and len(value) != DATE_DIGITS:
        value = int(value)
    seconds = value if isinstance(value, int) else _read(value, name, zone, meaning, of_day)
    if not 0 <= seconds <= LATEST:
        raise _invalid(f"The window's {name} is no time that can be.")
    return seconds


def _read(text: str, name: str, zone: ZoneInfo | None, meaning: Meaning, of_day: clock_time) -> int:
    try:
        moment = _parsed(text, of_day)
    except ValueError as error:
        raise _invalid(
            f"The window's {name} must be a date and time (ISO 8601) or unix seconds."
        ) from error
    if moment.tzinfo is not None:
        return int(moment.timestamp())
    if zone is None:
        raise _invalid(
            f"The window's {name} must say its offset, such as Z, or come with a timezone."
        )
    return meaning(moment, zone)


def _parsed(text: str, of_day: clock_time) -> datetime:
    with suppress(ValueError):
        return datetime.combine(date.fromisoformat(text), of_day)
    return datetime.fromisoformat(text)


def _invalid(message: str) -> BadRequest:
    return BadRequest(message, code="window_invalid")
