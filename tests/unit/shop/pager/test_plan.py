"""Several cursors over one list: which ranges are read, and the proof that nothing is missing.

Stripe is a list in memory here; `tests/integration/test_walk.py` walks the real sandbox.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.window import Window
from shop.stripe_gateway.pager.plan import WORTH_A_CUT, IncompleteWalk, Plan, Range


@dataclass(frozen=True)
class Row:
    id: str
    created: int


def rows(*seconds: int) -> list[Row]:
    """Rows of these seconds, newest first; the first of two in one second came later."""
    return [Row(f"r{n}", second) for n, second in enumerate(sorted(seconds, reverse=True))]


def serve(listed: list[Row], part: Range, limit: int) -> tuple[list[Row], bool]:
    """A page as Stripe would give it."""
    place = {row.id: n for n, row in enumerate(listed)}
    after = -1 if part.cursor is None else place[part.cursor]
    found = [row for row in listed[after + 1 :] if part.start <= row.created <= part.end]
    return found[:limit], len(found) > limit


def walk(
    plan: Plan,
    listed: list[Row],
    *,
    at_once: int,
    limit: int = 3,
    pick: Callable[[int], int] = lambda _: 0,
) -> list[Row]:
    """Fetch with up to `at_once` cursors; pages are answered in the order that `pick` chooses."""
    found: list[Row] = []
    asked: list[tuple[Range, list[Row], bool]] = []
    while not plan.is_finished:
        while len(asked) < at_once and (part := plan.next()) is not None:
            asked.append((part, *serve(listed, part, limit)))
        part, page, has_more = asked.pop(pick(len(asked)))
        found += plan.take(part, page, has_more=has_more)
    assert asked == []
    return sorted(found, key=lambda row: int(row.id[1:]))


WINDOW = Window(100, 400)

DENSE = [Row(f"d{n}", 400) for n in range(9)] + [Row("d9", 399)]
"""The newest rows of a list that has ten a second or so, so that a cut is worth its call."""


@given(
    seconds=st.lists(st.integers(100, 400), max_size=80),
    at_once=st.integers(1, 12),
    data=st.data(),
)
def test_every_row_is_read_once_whatever_the_order_of_answers(seconds, at_once, data):
    """With any history, any number of cursors, and answers overtaking each other."""
    listed = rows(*seconds)
    plan = Plan(WINDOW, [])

    def pick(waiting: int) -> int:
        return data.draw(st.integers(0, waiting - 1))

    assert walk(plan, listed, at_once=at_once, pick=pick) == listed


@given(
    seconds=st.lists(st.integers(100, 400), max_size=40),
    cuts=st.sets(st.integers(101, 400), max_size=6),
    kept=st.sets(st.integers(0, 6)),
)
def test_what_was_finished_before_is_not_read_again(seconds, cuts, kept):
    """A walk that is taken up reads exactly the seconds that no finished range covers."""
    edges = [100, *sorted(cuts), 401]
    ranges = [Window(start, end - 1) for start, end in itertools.pairwise(edges)]
    finished = [ranges[n] for n in kept if n < len(ranges)]
    listed = rows(*seconds)
    missing = [row for row in listed if not any(w.start <= row.created <= w.end for w in finished)]
    assert walk(Plan(WINDOW, finished), listed, at_once=4) == missing


def test_one_page_takes_one_call():
    """A list that fits on a page is asked for once, whatever the window."""
    plan = Plan(WINDOW, [])
    part = plan.next()
    assert part is not None
    assert plan.next() is None
    plan.take(part, rows(390, 380), has_more=False)
    assert plan.is_finished


def test_a_range_is_cut_only_once_its_density_is_known():
    """Until the first page has come, a second request would be a guess."""
    plan = Plan(WINDOW, [])
    first = plan.next()
    assert first is not None
    assert plan.next() is None
    plan.take(first, DENSE, has_more=True)
    again, second = plan.next(), plan.next()
    assert again is first
    assert second is not None
    assert (second.start, second.end) == (100, first.start - 1)


def test_a_page_that_reaches_beyond_a_cut_ends_its_range():
    """What is older than the cut is left to the range that was cut off."""
    plan = Plan(WINDOW, [])
    part = plan.next()
    assert part is not None
    plan.take(part, DENSE, has_more=True)
    plan.next()
    older = plan.next()
    assert older is not None
    mine = plan.take(part, [Row("c", part.start), Row("d", older.end)], has_more=True)
    assert (mine, part.done, older.rows) == ([Row("c", part.start)], True, 0)


def test_an_empty_range_says_nothing_of_the_density():
    """Ranges that are not begun wait for a page of their own instead of being cut blindly."""
    plan = Plan(Window(0, 1_000_000), [])
    part = plan.next()
    assert part is not None
    plan.take(part, [Row("a", 1_000_000), Row("b", 999_999)], has_more=True)
    plan.next()
    second, third = plan.next(), plan.next()
    assert second is not None
    assert third is not None
    plan.take(second, [], has_more=False)
    assert third.pages_left < WORTH_A_CUT


@pytest.mark.parametrize(
    "page",
    [
        pytest.param([Row("a", 400), Row("a", 400)], id="an id twice in a page"),
        pytest.param([Row("a", 399), Row("b", 400)], id="back up in time"),
        pytest.param([Row("a", 401)], id="newer than the range"),
    ],
)
def test_pages_that_contradict_a_list(page):
    """Completeness could not be proven, so the walk ends."""
    plan = Plan(WINDOW, [])
    part = plan.next()
    assert part is not None
    with pytest.raises(IncompleteWalk):
        plan.take(part, page, has_more=False)


def test_an_id_that_comes_again_on_the_next_page():
    """Also across pages, within its second."""
    plan = Plan(WINDOW, [])
    part = plan.next()
    assert part is not None
    plan.take(part, [Row("a", 400), Row("b", 399)], has_more=True)
    with pytest.raises(IncompleteWalk, match="came twice"):
        plan.take(part, [Row("b", 399)], has_more=False)


def test_an_empty_page_that_has_more():
    """There is no cursor to go on from."""
    plan = Plan(WINDOW, [])
    part = plan.next()
    assert part is not None
    with pytest.raises(IncompleteWalk):
        plan.take(part, [], has_more=True)


@pytest.mark.parametrize(
    "finished",
    [
        pytest.param([Window(100, 200), Window(200, 300)], id="overlapping"),
        pytest.param([Window(99, 200)], id="before the window"),
        pytest.param([Window(350, 401)], id="after the window"),
    ],
)
def test_finished_ranges_that_cannot_be(finished):
    """What was kept must fit the window."""
    with pytest.raises(IncompleteWalk):
        Plan(WINDOW, finished)


def test_seconds_that_no_range_covers():
    """Were a cut to lose some, the walk would not end as if it were complete."""
    plan = Plan(WINDOW, [])
    part = plan.next()
    assert part is not None
    part.start += 1
    plan.take(part, [], has_more=False)
    with pytest.raises(IncompleteWalk, match="do not cover"):
        assert plan.is_finished
