"""What staff see to today and next: who needs a hold, what lapses, what failed. Pure.

Moments are unix seconds in UTC. The rules of the business are the client's: five days before the
lesson the shop places a hold, and on its morning the amount is captured.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from shop.lesson_book.entries import (
    TO_BE_ANSWERED,
    PaymentEntry,
    PaymentState,
    StudentEntry,
)
from shop.lesson_book.places import failed_refund
from shop.rules.local_time import LocalTime
from shop.rules.window import HOUR, Window

DAY = 24 * HOUR

HOLD_AHEAD = 5 * DAY
"""How long before the lesson the hold is placed (the client's rule)."""

PAID_AHEAD = 7 * DAY
"""How long before a lesson a payment may be made to count as this lesson's."""

LOOKS_AHEAD = 14
"""Days of lessons after today."""

EXPIRES_SOON = DAY

FAILED_SINCE = 30 * DAY

EXPIRED_SINCE = 14 * DAY
"""How long a hold that lapsed is shown, where nothing was paid in its place."""

MOST = 200
"""Rows of each list; what is beyond is counted only."""

Payments = Mapping[str, Sequence[PaymentEntry]]
"""Newest payments by student, newest first."""

Item = TypeVar("Item")


class LessonRow(Struct, frozen=True):
    """A lesson, and where its payment stands.

    Attributes:
        hold_from: from when on a hold is wanted.
        payment: the open hold or the capture, else the latest attempt; None where there is none.
    """

    student: StudentEntry
    at: int
    text: str
    needs_hold: bool
    hold_from: int
    payment: PaymentEntry | None


class Attention(Enum):
    """Why somebody must look at a payment. The value is what the routes answer."""

    EXPIRES_SOON = "hold_expires_soon"
    """The hold lapses within a day: capture it, or place another one."""
    EXPIRED = "hold_expired"
    """The hold has lapsed, and nothing was paid in its place."""
    REFUND_FAILED = "refund_failed"
    """The student's bank sent the money back."""
    DISPUTE = "dispute"
    """The card's holder contests the payment, and the shop can still answer."""


class AttentionRow(Struct, frozen=True):
    """A payment to see to; `at` is when it lapses, lapsed or failed, or must be answered."""

    kind: Attention
    payment: PaymentEntry
    at: int


def days_shown(now: int, zone: ZoneInfo) -> Window:
    """From the first moment of today to the last of the days that are looked ahead."""
    days = LocalTime(zone).days(now, now + (LOOKS_AHEAD + 2) * DAY)
    return Window(days[0], days[LOOKS_AHEAD + 1] - 1)


def lesson_row(student: StudentEntry, payments: Sequence[PaymentEntry], now: int) -> LessonRow:
    """The row of a student whose lesson's moment is known."""
    if student.lesson is None or student.lesson.at is None:
        raise ValueError("a lesson without a moment has no place in the diary")
    at = student.lesson.at
    hold_from = at - HOLD_AHEAD
    payment = payment_of_lesson(payments, at)
    is_paid = payment is not None and payment.stands
    return LessonRow(
        student=student,
        at=at,
        text=student.lesson.text,
        needs_hold=hold_from <= now <= at and not is_paid,
        hold_from=hold_from,
        payment=payment,
    )


def payment_of_lesson(payments: Sequence[PaymentEntry], at: int) -> PaymentEntry | None:
    """The payment of a lesson among a student's, newest first.

    An open hold, whenever it was placed; else what was captured, else the latest attempt, of what
    was made since a week before the lesson.
    """
    of_lesson = [payment for payment in payments if payment.created >= at - PAID_AHEAD]
    held = (payment for payment in payments if payment.state is PaymentState.HELD)
    captured = (payment for payment in of_lesson if payment.state is PaymentState.CAPTURED)
    return next((payment for found in (held, captured, of_lesson) for payment in found), None)


def still_failed(failed: Iterable[PaymentEntry], payments: Payments) -> list[PaymentEntry]:
    """Those that are their student's latest payment, with none that stands since; newest first."""
    return [
        payment
        for payment in sorted(failed, key=_newness, reverse=True)
        if _is_latest(payment, payments) and not _made_up_for(payment, payments)
    ]


def attention(
    expiring: Iterable[PaymentEntry],
    troubled: Iterable[PaymentEntry],
    payments: Payments,
    now: int,
) -> list[AttentionRow]:
    """What somebody must see to: first what can still be done in time, the most urgent on top.

    Then what is past, the newest first, so that old troubles never push a hold out of the list.
    """
    rows = [
        AttentionRow(Attention.EXPIRES_SOON, hold, hold.capture_before)
        for hold in expiring
        if hold.capture_before is not None and hold.capture_before - now <= EXPIRES_SOON
    ]
    for payment in troubled:
        rows += _troubles(payment, payments, now)
    return sorted(rows, key=_urgency)


def _urgency(row: AttentionRow) -> tuple[bool, int, str]:
    has_time = row.kind in {Attention.EXPIRES_SOON, Attention.DISPUTE}
    return not has_time, row.at if has_time else -row.at, row.payment.id


def _troubles(payment: PaymentEntry, payments: Payments, now: int) -> list[AttentionRow]:
    rows = []
    ended_at = payment.ended_at or payment.created
    if (
        payment.state is PaymentState.EXPIRED
        and now - ended_at <= EXPIRED_SINCE
        and not _made_up_for(payment, payments)
    ):
        rows.append(AttentionRow(Attention.EXPIRED, payment, ended_at))
    refund = failed_refund(payment)
    if refund is not None:
        rows.append(AttentionRow(Attention.REFUND_FAILED, payment, refund.created))
    dispute = payment.dispute
    if dispute is not None and dispute.status in TO_BE_ANSWERED:
        rows.append(AttentionRow(Attention.DISPUTE, payment, dispute.due_by or payment.created))
    return rows


def cut(items: Sequence[Item], total: int | None = None) -> tuple[list[Item], int]:
    """The first `MOST`, and how many were left out of `total`."""
    shown = list(items[:MOST])
    return shown, (len(items) if total is None else total) - len(shown)


def _is_latest(payment: PaymentEntry, payments: Payments) -> bool:
    latest = max(payments.get(payment.student, ()), key=_newness, default=payment)
    return latest.id == payment.id


def _made_up_for(payment: PaymentEntry, payments: Payments) -> bool:
    """Whether the student has paid since, or has a hold: also one that was begun before."""
    return any(
        other.stands and (other.authorized_at or other.created) >= payment.created
        for other in payments.get(payment.student, ())
        if other.id != payment.id
    )


def _newness(payment: PaymentEntry) -> tuple[int, str]:
    return payment.created, payment.id
