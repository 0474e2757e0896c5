"""Names of chunks say which ranges have ended, and all that a walk must know of them."""

from shop.rules.window import Window
from shop.stripe_gateway.pager.parts import Finished, finished_among, open_chunk

LONG = Finished(
    start=1_700_000_000, end=1_700_086_399, run="afb4a8da", earlier=2, calls=40, rows=3951
)
EMPTY = Finished(start=0, end=0, run="0c3d", earlier=0, calls=1, rows=0)


def test_a_finished_range_is_known_by_its_last_chunk():
    """The chunks before it need not be listed; they were put before."""
    assert finished_among([LONG.last_chunk, EMPTY.last_chunk]) == [LONG, EMPTY]


def test_its_chunks_are_named_newest_rows_first():
    """The last one is the name that says so."""
    assert LONG.chunks == [
        "open/afb4a8da-1700086399-0",
        "open/afb4a8da-1700086399-1",
        "finished/1700000000-1700086399-afb4a8da-2-40-3951",
    ]
    assert EMPTY.chunks == ["finished/0-0-0c3d-0-1-0"]


def test_other_names_mean_nothing():
    """Chunks of ranges that are still walked, and names that somebody else made."""
    names = [open_chunk("afb4a8da", 7, 0), "finished/5-7", f"{LONG.last_chunk}-1", "chunks/0"]
    assert finished_among(names) == []


def test_a_range_that_two_processes_have_read_counts_once():
    """The first one was thought dead, and was not yet."""
    again = Finished(start=LONG.start, end=LONG.end, run="bb", earlier=3, calls=41, rows=3951)
    assert finished_among([LONG.last_chunk, again.last_chunk]) == [again]
    assert again.window == Window(LONG.start, LONG.end)
