"""The plan of a history: who signs up when, and when payments are made."""

import random
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import merge

from sandbox.account import Account
from sandbox.history.fees import charge_usage
from sandbox.history.payments import pay
from sandbox.history.people import Names
from sandbox.history.shapes import RECENT, Shape, Timeline
from sandbox.history.stage import Stage
from sandbox.history.students import Student, replace_card, sign_up


@dataclass(frozen=True)
class History:
    """What to generate; the window of ``days`` ends now. The same seed gives the same one."""

    students: int = 2_000
    payments: int = 5_000
    days: int = 90
    seed: int = 1
    shape: Shape = Shape.EVEN


def generate(account: Account, order: History) -> None:
    """Add the history that ``order`` describes to ``account``."""
    for _ in generating(account, order):
        pass


def generating(account: Account, order: History) -> Iterator[None]:
    """The same in many small steps, between which ``account`` may be used and changed.

    It shows nothing of the history until the last step adds all of it.
    """
    draft = account.draft()
    stage = Stage(
        draft,
        random.Random(order.seed),
        Timeline.ending(draft.now(), order.days, order.shape),
    )
    students: list[Student] = []
    signed_up: list[int] = []
    for student, moment in _sign_ups(stage, order):
        if student is not None:
            students.append(student)
            signed_up.append(moment)
        yield
    for moment in _payment_times(stage, order):
        student = students[stage.rng.randrange(bisect_right(signed_up, moment))]
        replace_card(stage, student, by=moment)
        pay(stage, student, moment)
        yield
    for student in students:
        replace_card(stage, student, by=stage.now)
    if order.payments:
        charge_usage(stage, order.days)
    stage.at(stage.now)
    yield from draft.timers.each_due(draft)
    yield from draft.in_order()
    account.absorb(draft)


def _sign_ups(stage: Stage, order: History) -> Iterator[tuple[Student | None, int]]:
    """Each student, ``None`` for one without a card, and the moment of signing up, in order."""
    names = Names(stage.rng)
    for number in range(order.students):
        moment = stage.time.place(number / order.students, stage.time.first)
        yield sign_up(stage, names, moment, ordinary=number == 0), moment


def _payment_times(stage: Stage, order: History) -> Iterator[int]:
    """In order: over the window, with a few more in the last 36 hours of a small history."""
    time, rng = stage.time, stage.rng
    extra = time.recent_top_up(order.payments)
    late = max(time.start, time.now - RECENT)
    return merge(
        _moments(rng, time, time.start, order.payments - extra), _moments(rng, time, late, extra)
    )


def _moments(rng: random.Random, time: Timeline, since: int, count: int) -> Iterator[int]:
    """So many moments in order, one at random in each of ``count`` equal parts."""
    return (time.place((number + rng.random()) / count, since) for number in range(count))
