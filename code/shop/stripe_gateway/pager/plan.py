"""Which range of time is read next: several cursors at once over one list. Pure, no I/O.

Stripe's lists are walked with a cursor, one page after the other, and a page takes a quarter of a
second. To use up the 25 requests a second that Stripe allows, several cursors walk at once, each
in a range of `created` of its own. A range is cut in two only when a request could be sent and no
cursor is free to send it, because each cut costs about half a call: a range's last page is rarely
full. Where to cut is judged by the seconds that the nearest page spanned.

A cut leaves `PAGES_APART` pages to the newer part and the rest to the older one, so the oldest
range holds what is not begun yet, and rows can be handed on in order soon after they were read:

    newest ├── done ──┤├─ cursor ──►┤├─ cursor ──►┤├─ cursor ──►        not begun yet ┤ oldest

That nothing is missing or doubled is proven while reading:
- ranges are whole seconds, both ends included, and the finished ones must tile the window;
- a page that leaves its range, goes back up in time or repeats an id is an error. Two rows with
  one id have one second, so it is enough to look within each second, and memory stays flat;
- a range is done when Stripe says that there is no more, or when a row older than it was seen.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from math import inf
from operator import neg
from typing import Protocol, TypeVar

from shop.rules.window import Window

FULL_PAGE = 100
"""Rows of a page; Stripe gives no more."""

PAGES_APART = 12
"""Pages that a cut leaves to the newer part. More make fewer calls, fewer hand rows on sooner."""

FURTHEST_APART = 24
"""The same where much was cut already on the word of one page, which may not speak for all."""

GROWTH = 1.2
"""By how much a cut goes further for each range that is not begun yet."""

WORTH_A_CUT = 2.0
"""Pages a range must have left, beyond the one being fetched, to be cut in two."""


class Listed(Protocol):
    """What every row of a list has: an id to continue after, and its time in unix seconds."""

    @property
    def id(self) -> str: ...  # noqa: D102
    @property
    def created(self) -> int: ...  # noqa: D102


Row = TypeVar("Row", bound=Listed)


class IncompleteWalk(Exception):
    """The pages contradict what a list of Stripe promises, so completeness can't be proven."""


@dataclass(eq=False, kw_only=True)
class Range:
    """Some whole seconds of the window and the cursor that walks them, newest first.

    Attributes:
        start, end: unix seconds, both included. `start` rises when the range is cut.
        walked_to: the second of the oldest row read; `end` + 1 before the first.
        cursor: id of the last row seen; the next page continues after it.
        page_seconds: how many seconds a page spans here, as far as is known.
        fetching: whether a page is on its way.
        calls, rows: pages read and rows in them that belong to the range.
    """

    start: int
    end: int
    walked_to: int = field(init=False)
    cursor: str | None = None
    page_seconds: float | None = None
    fetching: bool = False
    done: bool = False
    calls: int = 0
    rows: int = 0
    _second: set[int] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        self.walked_to = self.end + 1

    @property
    def pages_left(self) -> float:
        """How many pages it takes beyond the one being fetched, judging by the last one."""
        if self.page_seconds is None:
            return 0.0
        return (self.walked_to - self.start) / self.page_seconds - 1

    @property
    def is_worth_a_cut(self) -> bool:
        """Whether it is long; one that is not begun must be very long, for that is hearsay."""
        return self.pages_left >= (WORTH_A_CUT if self.calls else FURTHEST_APART)

    def take(self, page: list[Row], *, has_more: bool) -> list[Row]:
        """Add the next page; answers with its rows that belong here.

        Rows older than the range belong to the one that was cut from it meanwhile.

        Raises:
            IncompleteWalk: see the module.
        """
        if has_more and not page:
            raise IncompleteWalk("Stripe sent an empty page and says that there is more.")
        before = self.walked_to
        mine = [row for row in page if row.created >= self.start]
        if mine:
            self._check([row.created for row in mine], [row.id for row in mine])
        seen_to = page[-1].created if has_more else self.start
        self.page_seconds = max(before - seen_to, 1) * FULL_PAGE / len(page) if page else inf
        self.cursor = page[-1].id if page else self.cursor
        self.done = not has_more or len(mine) < len(page)
        self.calls += 1
        self.rows += len(mine)
        return mine

    def _check(self, seconds: list[int], ids: list[str]) -> None:
        """Whether the rows go down in time from where the walk is, and are new."""
        top, last = min(self.walked_to, self.end), seconds[-1]
        if seconds[0] > top or seconds != sorted(seconds, reverse=True):
            raise IncompleteWalk("A row is newer than what came before it.")
        if len(set(ids)) < len(ids) or not self._second.isdisjoint(map(hash, ids)):
            raise IncompleteWalk("A row came twice.")
        if last < self.walked_to:
            self._second.clear()
            self.walked_to = last
        since = bisect_left(seconds, -last, key=neg)
        self._second.update(map(hash, ids[since:]))


class Plan:
    """The ranges of one walk over a window.

    Args:
        window: frozen before the first call.
        finished: windows that an earlier run has read and kept.
    """

    def __init__(self, window: Window, finished: list[Window]) -> None:
        self._window = window
        self._finished = list(finished)
        self._open = [Range(start=gap.start, end=gap.end) for gap in _gaps(window, finished)]

    @property
    def is_finished(self) -> bool:
        """Whether every range has ended.

        Raises:
            IncompleteWalk: they do not tile the window.
        """
        if self._open:
            return False
        if _gaps(self._window, self._finished):
            raise IncompleteWalk("The finished ranges do not cover the window.")
        return True

    def next(self) -> Range | None:
        """The range to fetch a page of now, newest first; None where every cursor is at work."""
        free = next((part for part in self._open if not part.fetching), None) or self._cut()
        if free is not None:
            free.fetching = True
        return free

    def take(self, part: Range, page: list[Row], *, has_more: bool) -> list[Row]:
        """Add a page to the range that asked for it; answers with its rows that belong there.

        Raises:
            IncompleteWalk: the page contradicts what Stripe's lists promise.
        """
        mine = part.take(page, has_more=has_more)
        part.fetching = False
        place = self._open.index(part)
        for older in self._open[place + 1 :]:
            if older.calls:
                break
            older.page_seconds = part.page_seconds
        if part.done:
            self._open.remove(part)
            self._finished.append(Window(part.start, part.end))
        return mine

    def _cut(self) -> Range | None:
        """Cut the range that has most left; the newer part keeps its cursor."""
        worth_it = [part for part in self._open if part.is_worth_a_cut]
        longest = max(worth_it, key=lambda part: part.pages_left, default=None)
        if longest is None or longest.page_seconds is None:
            return None
        not_begun = sum(not part.calls for part in self._open)
        apart = min(PAGES_APART * GROWTH**not_begun, FURTHEST_APART, longest.pages_left / 2)
        boundary = int(longest.walked_to - (1 + apart) * longest.page_seconds)
        if not longest.start < boundary <= longest.end:
            return None
        older = Range(start=longest.start, end=boundary - 1, page_seconds=longest.page_seconds)
        longest.start = boundary
        self._open.insert(self._open.index(longest) + 1, older)
        return older


def _gaps(window: Window, finished: list[Window]) -> list[Window]:
    """What of the window no finished one covers, newest first.

    Raises:
        IncompleteWalk: two finished windows overlap, or one leaves the window.
    """
    gaps, top = [], window.end
    for done in sorted(finished, key=lambda done: -done.end):
        if done.end > top or done.start < window.start:
            raise IncompleteWalk("Finished ranges overlap or leave the window.")
        if done.end < top:
            gaps.append(Window(done.end + 1, top))
        top = done.start - 1
    if top >= window.start:
        gaps.append(Window(window.start, top))
    return gaps
