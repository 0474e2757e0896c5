"""Pages of a list: newest first, with cursors that survive deletion."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import merge
from itertools import islice
from typing import Any, NamedTuple

from sandbox.account import Account, Json
from sandbox.errors import ParameterError, no_such
from sandbox.params import Form, Reader, TimeRange, form, integer, text, time_range
from sandbox.store import Record, Table, position, sort_key

DEFAULT_LIMIT = 10
LARGEST_LIMIT = 100


def list_form(*, created: bool = True, **filters: Reader) -> Form:
    """The parameters every list has, and the filters of one."""
    if created:
        filters["created"] = time_range
    return form(limit=integer, starting_after=text, ending_before=text, **filters)


@dataclass(frozen=True)
class Page:
    """Records of one page, newest first, and whether there are more in the direction asked."""

    records: Sequence[Record]
    has_more: bool
    url: str
    extra: Mapping[str, Any] = field(default_factory=dict)

    def render(self, account: Account) -> Json:
        """Stripe's list object."""
        data = [account.render(record) for record in self.records]
        envelope = {"object": "list", "data": data, "has_more": self.has_more, "url": self.url}
        return {**envelope, **self.extra}


class Run(NamedTuple):
    """Rows, oldest first, of which those are meant that were ``made`` in that time."""

    rows: Sequence[Any]
    made: TimeRange = TimeRange()


def page(
    table: Table[Any],
    params: Mapping[str, Any],
    url: str,
    *,
    rows: Sequence[Any] | None = None,
    keep: Callable[[Any], bool] | None = None,
) -> Page:
    """One page of ``rows`` (by default the whole table; always oldest first).

    Finding the place is O(log n) at any depth. ``keep`` drops rows while walking, so it suits
    filters that most rows pass; others need an index of the table.
    """
    return page_of_runs(table, params, url, (Run(table.rows() if rows is None else rows),), keep)


def page_of_runs(
    table: Table[Any],
    params: Mapping[str, Any],
    url: str,
    runs: Iterable[Run],
    keep: Callable[[Any], bool] | None = None,
) -> Page:
    """One page of all that several ``runs`` hold, none of it twice; they are never put together."""
    after, before = _cursors(table, params)
    newest_first = before is None
    walks = (_walk(run, params.get("created", TimeRange()), after, before) for run in runs)
    walk = merge(*walks, key=sort_key, reverse=newest_first)
    wanted = (record for record in walk if _shown(record, keep))
    limit = min(max(params.get("limit", DEFAULT_LIMIT), 1), LARGEST_LIMIT)
    found = list(islice(wanted, limit + 1))
    shown = found[:limit]
    return Page(shown if newest_first else shown[::-1], len(found) > limit, url)


def _cursors(table: Table[Any], params: Mapping[str, Any]) -> tuple[Record | None, Record | None]:
    cursors: list[Record | None] = []
    for name in ("starting_after", "ending_before"):
        id = params.get(name)
        cursor = None if id is None else table.get(id)
        if id is not None and cursor is None:
            raise no_such(table.label, id, name, status=400)
        cursors.append(cursor)
    after, before = cursors
    if after is not None and before is not None:
        raise ParameterError(
            "Received both starting_after and ending_before parameters. Please pass in only one.",
            None,
        )
    return after, before


def _walk(
    run: Run, created: TimeRange, after: Record | None, before: Record | None
) -> Iterator[Any]:
    """The newest first, or the oldest if what lies before a cursor is wanted."""
    rows = run.rows
    windows = (_window(rows, created), _window(rows, run.made))
    low, high = max(low for low, _ in windows), min(high for _, high in windows)
    if after is not None:
        high = min(high, position(rows, after))
    if before is not None:
        low = max(low, position(rows, before))
        low += low < high and rows[low] is before
    places = range(high - 1, low - 1, -1) if before is None else range(low, high)
    return (rows[place] for place in places)


def _window(rows: Sequence[Record], created: TimeRange) -> tuple[int, int]:
    low, high = 0, len(rows)
    if created.first is not None:
        low = bisect_left(rows, created.first, key=_created)
    if created.last is not None:
        high = bisect_right(rows, created.last, key=_created)
    return low, high


def _created(record: Record) -> int:
    return record.created


def _shown(record: Record, keep: Callable[[Any], bool] | None) -> bool:
    return not getattr(record, "deleted", False) and (keep is None or keep(record))
