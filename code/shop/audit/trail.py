"""Reading the audit trail from the result store, the newest first.

Every entry lies in the folder of the day (UTC) on which its action began, so days are read one
after the other, and no more of them than a page needs.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

from shop.audit.entry import Entry, Result, joined, read_lines
from shop.errors import ResultMissing
from shop.reports.results import AUDIT, Results

READ_AT_ONCE = 8
"""Files that are fetched at the same time."""

MOST_READ = 150_000
"""Entries that are looked through for one page. Where they do not fill it, it says from where to
look on."""

DAY = 24 * 3600 * 1000
"""Milliseconds."""

A_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

Place = tuple[int, str]
"""Where an entry stands: its unix milliseconds and its id."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Which entries are wanted. What is None or "" is of no matter.

    Attributes:
        since, until: unix milliseconds, both included.
        before: only what is older than this place: where the page before ended.
        who: an account with all its tokens, or one token as `account/label`.
        subject: an id that the entry names.
    """

    since: int | None = None
    until: int | None = None
    before: Place | None = None
    who: str = ""
    action: str = ""
    result: Result | None = None
    subject: str = ""

    def takes(self, entry: Entry) -> bool:
        """Whether the entry is wanted."""
        return (
            (self.since is None or entry.at >= self.since)
            and (self.until is None or entry.at <= self.until)
            and (self.before is None or entry.place < self.before)
            and self.who in ("", entry.who, entry.who.partition("/")[0])
            and self.action in ("", entry.action)
            and self.result in (None, entry.result)
            and (not self.subject or self.subject in entry.subjects)
        )

    def takes_of(self, day: date) -> bool:
        """Whether entries of a day (UTC) may be wanted."""
        first = _milliseconds(day)
        return (
            (self.since is None or first + DAY > self.since)
            and (self.until is None or first <= self.until)
            and (self.before is None or first <= self.before[0])
        )


@dataclass(frozen=True)
class Page:
    """Some entries, the newest first; `older` is where to look on, None where there is no more."""

    entries: list[Entry]
    older: Place | None


async def read_page(results: Results, question: Question, length: int) -> Page:
    """The newest entries that are wanted, `length` of them at most.

    Raises:
        ResultsUnavailable: the result store is away.
    """
    found: list[Entry] = []
    looked_through = 0
    for day in await _days(results, question):
        if looked_through >= MOST_READ:
            return Page(found, (_milliseconds(day) + DAY, ""))
        entries = await _read_day(results, day)
        looked_through += len(entries)
        found += [entry for entry in entries if question.takes(entry)]
        if len(found) > length:
            return Page(found[:length], found[length - 1].place)
    return Page(found, None)


async def read_all(results: Results, question: Question) -> AsyncIterator[Entry]:
    """Every entry that is wanted, the newest first, a day at a time in memory.

    Raises:
        ResultsUnavailable: the result store is away.
    """
    for day in await _days(results, question):
        for entry in await _read_day(results, day):
            if question.takes(entry):
                yield entry


async def _days(results: Results, question: Question) -> list[date]:
    """The days on which there may be wanted entries, the newest first."""
    names = [folder.rpartition("/")[2] for folder in await results.folders(AUDIT)]
    days = [date.fromisoformat(name) for name in names if A_DAY.fullmatch(name)]
    return sorted((day for day in days if question.takes_of(day)), reverse=True)


async def _read_day(results: Results, day: date) -> list[Entry]:
    names = await results.names(f"{AUDIT}/{day}")
    turns = asyncio.Semaphore(READ_AT_ONCE)

    async def read(name: str) -> list[Entry]:
        async with turns:
            try:
                lines = await results.get(name)
            except ResultMissing:  # somebody tidied up meanwhile
                return []
        return await asyncio.to_thread(read_lines, name, lines)

    files = await asyncio.gather(*map(read, names))
    return await asyncio.to_thread(joined, [entry for file in files for entry in file])


def _milliseconds(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) * 1000
