"""What staff see to today and next."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.lesson_book.diary import (
    DAY,
    HOLD_AHEAD,
    MOST,
    Attention,
    attention,
    cut,
    days_shown,
    lesson_row,
    still_failed,
)
from shop.lesson_book.entries import DisputeEntry, Lesson, PaymentEntry, RefundEntry
from shop.rules.window import HOUR, Window
from tests.unit.shop.lesson_book.payments import (
    CAPTURED,
    EXPIRED,
    FAILED,
    HELD,
    NEEDS_CONFIRMATION,
    RELEASED,
    payment,
    student,
)

NEW_YORK = ZoneInfo("America/New_York")
NOW = 1_795_000_000
LESSON = NOW + 2 * DAY
ADA = student("ada", lesson=Lesson("27 Nov 3:00 p.m.", LESSON))


def clock(*parts: int) -> int:
    return int(datetime(*parts, tzinfo=NEW_YORK).timestamp())


def test_the_days_that_are_shown():
    """Today, from its first moment on, and fourteen more, also where a day has 25 hours."""
    assert days_shown(clock(2026, 10, 25, 15), NEW_YORK) == Window(
        clock(2026, 10, 25), clock(2026, 11, 9) - 1
    )


@pytest.mark.parametrize(
    ("payments", "needs_hold", "shown"),
    [
        ([], True, None),
        ([payment("1", HELD, created=NOW)], False, "pi_1"),
        ([payment("1", HELD, created=LESSON - 30 * DAY)], False, "pi_1"),
        ([payment("1", CAPTURED, created=LESSON - 7 * DAY)], False, "pi_1"),
        ([payment("1", CAPTURED, created=LESSON - 7 * DAY - 1)], True, None),
        ([payment("1", FAILED, created=NOW)], True, "pi_1"),
        ([payment("1", NEEDS_CONFIRMATION, created=NOW)], True, "pi_1"),
        ([payment("1", RELEASED, created=NOW)], True, "pi_1"),
        ([payment("1", EXPIRED, created=NOW)], True, "pi_1"),
        ([payment("2", FAILED, created=NOW), payment("1", HELD, created=NOW - 9)], False, "pi_1"),
        ([payment("2", RELEASED, created=9), payment("1", CAPTURED, created=8)], True, None),
    ],
)
def test_who_needs_a_hold(payments: list[PaymentEntry], needs_hold: bool, shown: str | None):
    """Nobody with an open hold, or a capture of the last week before the lesson."""
    row = lesson_row(ADA, payments, NOW)
    assert (row.needs_hold, row.payment and row.payment.id) == (needs_hold, shown)


@pytest.mark.parametrize(
    ("now", "needs_hold"),
    [
        (LESSON - HOLD_AHEAD - 1, False),
        (LESSON - HOLD_AHEAD, True),
        (LESSON, True),
        (LESSON + 1, False),
    ],
)
def test_when_a_hold_is_needed(now: int, needs_hold: bool):
    """From five days before the lesson until it begins."""
    row = lesson_row(ADA, [], now)
    assert (row.needs_hold, row.hold_from) == (needs_hold, LESSON - HOLD_AHEAD)


def failed(*payments: PaymentEntry) -> list[str]:
    """Which of a student's payments, newest first, are told as failed."""
    bad = [each for each in payments if each.state in (FAILED, NEEDS_CONFIRMATION)]
    by_student = {}
    for each in payments:
        by_student.setdefault(each.student, []).append(each)
    return [each.id for each in still_failed(bad, by_student)]


def test_only_the_latest_failure_of_each_student():
    """The newest student's first."""
    ada = [payment("2", FAILED, created=20), payment("1", FAILED, created=10)]
    bo = [payment("3", NEEDS_CONFIRMATION, created=30, student="bo")]
    assert failed(*ada, *bo) == ["pi_3", "pi_2"]


def test_a_failure_is_over_once_something_else_was_tried():
    """Whatever came of that."""
    for state in (HELD, CAPTURED, RELEASED, EXPIRED):
        assert failed(payment("2", state, created=20), payment("1", FAILED, created=10)) == []


def test_an_older_payment_confirmed_since_stands():
    """The student confirmed it after the newer one had failed."""
    confirmed = payment("1", HELD, created=10, authorized_at=25)
    assert failed(payment("2", FAILED, created=20), confirmed) == []
    assert failed(
        payment("2", FAILED, created=20), payment("1", HELD, created=10, authorized_at=10)
    ) == ["pi_2"]


def seen_to(payment: PaymentEntry, *others: PaymentEntry) -> list[tuple[Attention, int]]:
    """What is told of a troubled payment."""
    payments = {payment.student: [*others, payment]}
    return [(row.kind, row.at) for row in attention([], [payment], payments, NOW)]


def test_holds_that_lapse_within_a_day():
    """The most urgent first, one that should have lapsed already too."""
    holds = [
        payment("1", HELD, capture_before=NOW + DAY),
        payment("2", HELD, capture_before=NOW - HOUR),
        payment("3", HELD, capture_before=NOW + DAY + 1),
        payment("4", HELD),
    ]
    rows = attention(holds, [], {}, NOW)
    assert [(row.kind, row.payment.id, row.at) for row in rows] == [
        (Attention.EXPIRES_SOON, "pi_2", NOW - HOUR),
        (Attention.EXPIRES_SOON, "pi_1", NOW + DAY),
    ]


def test_a_hold_that_lapsed():
    """For two weeks, and only while nothing was paid in its place."""
    lapsed = payment("1", EXPIRED, created=NOW - 9 * DAY, ended_at=NOW - 2 * DAY)
    assert seen_to(lapsed) == [(Attention.EXPIRED, NOW - 2 * DAY)]
    assert seen_to(lapsed, payment("2", FAILED, created=NOW)) != []
    assert seen_to(lapsed, payment("2", HELD, created=NOW)) == []
    assert seen_to(lapsed, payment("2", CAPTURED, created=NOW)) == []
    long_ago = payment("1", EXPIRED, created=NOW - 22 * DAY, ended_at=NOW - 15 * DAY)
    assert seen_to(long_ago) == []


def test_what_can_still_be_done_in_time_comes_first():
    """Then what is past, the newest first: old troubles never push a hold out of the list."""
    lapses = payment("1", HELD, capture_before=NOW + HOUR)
    long_ago = payment("2", EXPIRED, student="2", created=9, ended_at=NOW - 9 * DAY)
    lately = payment("3", EXPIRED, student="3", created=9, ended_at=NOW - DAY)
    due = DisputeEntry(
        id="du_1", status="needs_response", reason="fraudulent", amount=6500, due_by=NOW + DAY
    )
    disputed = payment("4", CAPTURED, student="4", created=9, dispute=due)
    overdue = payment("5", HELD, student="5", capture_before=NOW - 1)
    rows = attention([lapses, overdue], [long_ago, disputed, lately], {}, NOW)
    assert [row.payment.id for row in rows] == ["pi_5", "pi_1", "pi_4", "pi_3", "pi_2"]


def test_refunds_and_disputes():
    """Both may trouble one payment."""
    refund = RefundEntry(id="re_1", created=NOW - 5, amount=100, status="failed")
    dispute = DisputeEntry(
        id="du_1", status="needs_response", reason="fraudulent", amount=6500, due_by=NOW + DAY
    )
    both = payment("1", CAPTURED, created=9, refunds=(refund,), dispute=dispute)
    assert seen_to(both) == [(Attention.DISPUTE, NOW + DAY), (Attention.REFUND_FAILED, NOW - 5)]


@given(st.integers(0, 3 * MOST), st.integers(0, 1000))
def test_nothing_is_left_out_unsaid(count: int, unread: int):
    """What is shown and what is counted beyond it make up the whole."""
    shown, more = cut(range(count), count + unread)
    assert (len(shown), more) == (min(count, MOST), count + unread - min(count, MOST))


@given(
    st.lists(
        st.builds(
            payment,
            st.uuids().map(str),
            st.sampled_from((HELD, CAPTURED, RELEASED, EXPIRED, FAILED, NEEDS_CONFIRMATION)),
            created=st.integers(LESSON - 10 * DAY, LESSON),
        ),
        max_size=6,
    )
)
def test_a_student_with_a_hold_is_never_asked_for_another(payments: list[PaymentEntry]):
    """And without any money for the lesson, always."""
    newest_first = sorted(payments, key=lambda each: each.created, reverse=True)
    row = lesson_row(ADA, newest_first, NOW)
    paid = [
        each
        for each in payments
        if each.state is HELD or (each.state is CAPTURED and each.created >= LESSON - 7 * DAY)
    ]
    assert row.needs_hold is not bool(paid)
