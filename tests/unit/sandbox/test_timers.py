"""Time: held, shifted, and what falls due."""

from sandbox.account import Account
from sandbox.clock import Clock
from sandbox.timers import Timers


def account(clock: Clock, timers: Timers) -> Account:
    """An account with nothing but time."""
    empty = Account(renderers={}, actions={}, listener=lambda *_: None, clock=clock)
    empty.timers = timers
    return empty


def test_what_is_due_runs_in_order_each_at_its_own_time() -> None:
    clock, seen = Clock(), []
    timers = Timers({"note": lambda account, id: seen.append((account.now(), id))})
    timers.schedule(30, "note", "c")
    timers.schedule(10, "note", "a")
    timers.schedule(10, "note", "b")
    timers.schedule(99, "note", "later")
    with clock.at(50):
        timers.run_due(account(clock, timers))
        assert clock.now() == 50
    assert seen == [(10, "a"), (10, "b"), (30, "c")]


def test_a_timer_may_set_another_that_is_due_already() -> None:
    clock, seen = Clock(), []

    def again(account: Account, id: str) -> None:
        seen.append((account.now(), id))
        if id == "first":
            account.timers.schedule(account.now() + 5, "again", "second")

    timers = Timers({"again": again})
    timers.schedule(10, "again", "first")
    with clock.at(50):
        timers.run_due(account(clock, timers))
    assert seen == [(10, "first"), (15, "second")]


def test_a_held_clock_goes_back_to_what_it_was() -> None:
    clock = Clock(offset=1_000)
    before = clock.now()
    with clock.at(5):
        with clock.at(7):
            assert clock.now() == 7
        assert clock.now() == 5
    assert before <= clock.now() <= before + 1
