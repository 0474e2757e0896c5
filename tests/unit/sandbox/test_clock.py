"""Time: held, advanced, and what falls due meanwhile."""

import time

import pytest

from sandbox.account import Account
from sandbox.clock import Clock
from sandbox.timers import Timers


def account(clock: Clock, timers: Timers) -> Account:
    """An account with nothing but time."""
    empty = Account(renderers={}, actions={}, listener=None, clock=clock)
    empty.timers = timers
    return empty


def test_an_advanced_clock_goes_on_from_there() -> None:
    clock = Clock()
    clock.advance(100)
    clock.advance(11)
    assert clock.now() - 111 <= time.time() < clock.now() - 111 + 2


def test_a_timer_that_fails_is_logged_and_the_others_go_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clock, seen = Clock(), []

    def act(_: Account, id: str) -> None:
        if id == "broken":
            raise KeyError(id)
        seen.append(id)

    timers = Timers({"act": act})
    for due, id in ((1, "a"), (2, "broken"), (3, "b")):
        timers.schedule(due, "act", id)
    with clock.at(9):
        timers.run_due(account(clock, timers))
        assert clock.now() == 9
    assert (seen, len(timers)) == (["a", "b"], 0)
    assert [record.getMessage() for record in caplog.records] == [
        "timer act of broken, due at 2, failed"
    ]


def test_timers_taken_over_keep_their_order_and_come_after_ones_own() -> None:
    clock, seen = Clock(), []
    timers, others = (Timers({"act": lambda _, id: seen.append(id)}) for _ in range(2))
    timers.schedule(5, "act", "own")
    for due, id in ((7, "late"), (5, "first"), (5, "second")):
        others.schedule(due, "act", id)
    timers.add(others.pending())
    timers.schedule(5, "act", "newest")
    with clock.at(9):
        timers.run_due(account(clock, timers))
    assert seen == ["own", "first", "second", "newest", "late"]
