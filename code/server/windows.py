"""The window a report is asked for: ISO 8601 or unix seconds, both ends optional."""

import time
from datetime import datetime

from server.bodies import WHOLE_NUMBER, Fields
from shop.errors import BadRequest
from shop.rules.window import HOUR, REPORTED_HOURS, Window

LONGEST_MOMENT = 40
LATEST = 253402300799
"""Unix seconds: the last second of the year 9999, the last that a date can name."""


def window_asked_for(fields: Fields) -> Window | None:
    """The window, or None for the last 36 hours, which end when the report begins.

    Raises:
        BadRequest: upside down, in the future, or not a moment in time.
    """
    start, end = _moment(fields, "from"), _moment(fields, "to")
    if start is None and end is None:
        return None
    now = int(time.time())
    end = now if end is None else end
    start = end - REPORTED_HOURS * HOUR if start is None else start
    if start > end:
        raise BadRequest("The window must begin before it ends.", code="window_invalid")
    if end > now:
        raise BadRequest("The window must not reach into the future.", code="window_invalid")
    return Window(start, end)


def _moment(fields: Fields, name: str) -> int | None:
    value = fields.number_or_text(name, LONGEST_MOMENT)
    if value is None or value == "":
        return None
    if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value):
        value = int(value)
    if isinstance(value, int):
        return _seconds(value, name)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError as error:
        raise BadRequest(
            f"The window's {name} must be a date and time (ISO 8601) or unix seconds.",
            code="window_invalid",
        ) from error
    if moment.tzinfo is None:
        raise BadRequest(f"The window's {name} must say its time zone.", code="window_invalid")
    return _seconds(int(moment.timestamp()), name)


def _seconds(value: int, name: str) -> int:
    if not 0 <= value <= LATEST:
        raise BadRequest(f"The window's {name} is no time that can be.", code="window_invalid")
    return value
