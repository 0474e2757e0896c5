"""Entries of the audit trail, and the lines that keep them."""

import msgspec

from shop.audit.actions import MONEY, Action
from shop.audit.entry import Entry, Result, joined, line_of, read_lines

BEGUN = Entry(
    id="a1",
    at=1_763_900_000_123,
    action=Action.CAPTURE,
    who="ada",
    via="session",
    client="192.0.2.7",
    payment="pi_1",
)
ENDED = msgspec.structs.replace(BEGUN, result=Result.OK, status=200, amount=5000, currency="usd")


def test_a_line_has_what_there_is_to_say_and_no_more():
    """What is not known is left out, so that a line stays short."""
    assert line_of(BEGUN) == (
        b'{"id":"a1","at":1763900000123,"action":"capture","who":"ada","via":"session",'
        b'"client":"192.0.2.7","payment":"pi_1"}\n'
    )
    assert read_lines("x", line_of(BEGUN) + line_of(ENDED)) == [BEGUN, ENDED]


def test_an_action_is_one_entry_as_it_ended():
    """In whatever order its two lines are read."""
    assert joined([BEGUN, ENDED]) == [ENDED]
    assert joined([ENDED, BEGUN]) == [ENDED]


def test_an_action_whose_process_died_has_an_unknown_end():
    """Its first line stands for it."""
    assert joined([BEGUN]) == [BEGUN]
    assert (BEGUN.result, BEGUN.status) == (Result.UNKNOWN, None)


def test_the_newest_comes_first():
    """By when they began, and by id within a millisecond."""
    entries = [Entry(id=name, at=at, action="hold") for name, at in (("b", 2), ("a", 3), ("a", 2))]
    entries[1] = Entry(id="c", at=3, action="hold")
    assert [entry.place for entry in joined(entries)] == [(3, "c"), (2, "b"), (2, "a")]


def test_a_broken_line_takes_no_other_with_it(caplog):
    """It is named in the log."""
    lines = line_of(BEGUN) + b'{"id":"a2","at":\n' + line_of(ENDED)
    assert read_lines("audit/2026-11-23/p-0.jsonl", lines) == [BEGUN, ENDED]
    assert "audit/2026-11-23/p-0.jsonl cannot be read" in caplog.text


def test_a_line_of_a_later_version_can_be_read():
    """It may have actions and parts that this one does not know."""
    line = b'{"id":"a1","at":5,"action":"pay out","weather":"fine","status":200}\n'
    assert read_lines("x", line) == [Entry(id="a1", at=5, action="pay out", status=200)]


def test_what_moves_money():
    """And nothing else."""
    assert {str(action) for action in MONEY} == {
        *("hold", "hold again", "capture", "release", "refund")
    }
