"""The plan of a history: who signs up when, and when payments are made."""

import random
from bisect import bisect_right
from dataclasses import dataclass

from sandbox.account import Account
from sandbox.history.payments import pay
from sandbox.history.people import Names
from sandbox.history.stage import Stage
from sandbox.history.students import Student, replace_card, sign_up
from sandbox.money import DAY

FIRST_STUDENTS = 30 * DAY
"""How long before the window the first students signed up."""

RECENT = 36 * 3_600
ENOUGH_RECENT = 300
"""The reports look at the last 36 hours; a small history gets this many payments there."""


@dataclass(frozen=True)
class History:
    """What to generate; the window of ``days`` ends now. The same seed gives the same one."""

    students: int = 2_000
    payments: int = 5_000
    days: int = 90
    seed: int = 1


def generate(account: Account, order: History) -> None:
    """Add the history that ``order`` describes to ``account``."""
    now = account.now()
    stage = Stage(account, random.Random(order.seed), now - order.days * DAY, now)
    with account.bulk(), account.clock.at(now):
        students, signed_up = _sign_ups(stage, order)
        for moment in _payment_times(stage, order):
            student = students[stage.rng.randrange(bisect_right(signed_up, moment))]
            replace_card(stage, student, by=moment)
            pay(stage, student, moment)
        for student in students:
            replace_card(stage, student, by=now)
        account.clock.hold(now)
        account.timers.run_due(account)


def _sign_ups(stage: Stage, order: History) -> tuple[list[Student], list[int]]:
    """The students with a card, and when each signed up, in that order."""
    names = Names(stage.rng)
    first = stage.start - FIRST_STUDENTS
    step = (stage.now - first) / max(order.students, 1)
    students: list[Student] = []
    signed_up: list[int] = []
    for number in range(order.students):
        moment = first + int(number * step)
        student = sign_up(stage, names, moment, ordinary=number == 0)
        if student is not None:
            students.append(student)
            signed_up.append(moment)
    return students, signed_up


def _payment_times(stage: Stage, order: History) -> list[int]:
    """Evenly over the window, with a few more in the last 36 hours of a small history."""
    naturally_recent = order.payments * RECENT // (order.days * DAY)
    extra = max(0, min(ENOUGH_RECENT, order.payments // 10) - naturally_recent)
    window = _spread(stage, stage.start, order.payments - extra)
    recent = _spread(stage, max(stage.start, stage.now - RECENT), extra)
    return sorted(window + recent)


def _spread(stage: Stage, start: int, count: int) -> list[int]:
    step = (stage.now - start) / max(count, 1)
    return [start + int((number + stage.rng.random()) * step) for number in range(count)]
