"""What a caller wants to see of the audit trail: the query of `GET /audit`."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from server.bodies import LONGEST_ID, WHOLE_NUMBER, Fields
from server.windows import LONGEST_TEXT, zone_asked_for
from shop.audit.actions import Action
from shop.audit.entry import Result
from shop.audit.trail import Place, Question
from shop.errors import BadRequest
from shop.rules.clock_times import first_at, last_at

USUAL_LENGTH = 50
LONGEST_PAGE = 200

PLACE = re.compile(r"([0-9]{1,15})-([0-9a-f]{0,16})", re.ASCII)

RESULTS = frozenset(result.value for result in Result)
ACTIONS = frozenset(action.value for action in Action)


def question_of(query: Fields) -> Question:
    """The question that a query asks.

    Raises:
        BadRequest: a part of it is nothing that can be asked.
    """
    zone = zone_asked_for(query) or ZoneInfo("UTC")
    first = _moment(query, "from", zone, first_at, time.min)
    last = _moment(query, "to", zone, last_at, time.max)
    result = _one_of(query, "result", RESULTS)
    return Question(
        since=None if first is None else first * 1000,
        until=None if last is None else last * 1000 + 999,
        before=_place(query),
        who=query.optional_text("who", LONGEST_TEXT) or "",
        action=_one_of(query, "action", ACTIONS),
        result=Result(result) if result else None,
        subject=query.optional_text("subject", LONGEST_ID) or "",
    )


def length_of(query: Fields) -> int:
    """How many entries are wanted at most.

    Raises:
        BadRequest: it is no number, or too large a one.
    """
    value = query.optional_text("limit", LONGEST_TEXT) or str(USUAL_LENGTH)
    if not (WHOLE_NUMBER.fullmatch(value) and 1 <= int(value) <= LONGEST_PAGE):
        raise _wrong(f"limit must be a whole number from 1 to {LONGEST_PAGE}.")
    return int(value)


def written(place: Place) -> str:
    """A place in the trail, as `before` takes it."""
    return f"{place[0]}-{place[1]}"


def _place(query: Fields) -> Place | None:
    text = query.optional_text("before", LONGEST_TEXT)
    if not text:
        return None
    parts = PLACE.fullmatch(text)
    if not parts:
        raise _wrong("before must be a place that an earlier page has named.")
    return int(parts[1]), parts[2]


def _one_of(query: Fields, name: str, known: frozenset[str]) -> str:
    value = query.optional_text(name, LONGEST_TEXT) or ""
    if value and value not in known:
        raise _wrong(f"{name} must be one of: {', '.join(sorted(known))}.")
    return value


def _moment(
    query: Fields, name: str, zone: ZoneInfo, meaning: Callable[[datetime, ZoneInfo], int], at: time
) -> int | None:
    text = query.optional_text(name, LONGEST_TEXT)
    if not text:
        return None
    try:
        return meaning(datetime.combine(date.fromisoformat(text), at), zone)
    except (ValueError, OverflowError) as error:
        raise _wrong(f"{name} must be a day, such as 2026-11-23.") from error


def _wrong(message: str) -> BadRequest:
    return BadRequest(message, code="parameter_invalid")
