"""Students, lessons and payments as JSON, as the instructor's page and other programs get them.

Amounts are integer minor units (cents) of `currency`; times are ISO 8601 in UTC; what is absent
is null.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from shop.lesson_book.diary import AttentionRow, LessonRow
from shop.lesson_book.entries import (
    DisputeEntry,
    PaymentEntry,
    PaymentState,
    RefundEntry,
    StudentEntry,
)
from shop.lesson_book.student_history import StudentHistory
from shop.lesson_book.timeline import Event
from shop.lesson_book.today import Diary
from shop.rules.stripe_fees import BASIS_POINTS, FIXED
from shop.student_links import StudentLinks

Document = dict[str, object]
Students = Mapping[str, StudentEntry]


def answer(document: Document) -> web.Response:
    """A JSON answer."""
    return web.Response(body=msgspec.json.encode(document), content_type="application/json")


def instant(seconds: int | None) -> str | None:
    """A moment, such as `2026-11-23T15:00:00Z`."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def student_document(student: StudentEntry) -> Document:
    """A student with lesson and card."""
    lesson, card = student.lesson, student.card
    return {
        "id": student.id,
        "name": student.name,
        "email": student.email,
        "lesson": lesson and {"text": lesson.text, "at": instant(lesson.at)},
        "card": card
        and {
            "brand": card.brand,
            "last4": card.last4,
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
        },
    }


def payment_document(payment: PaymentEntry, students: Students, links: StudentLinks) -> Document:
    """A payment; of a student who is not among `students`, only the id is told."""
    student = students.get(payment.student)
    problem = payment.problem
    return {
        "id": payment.id,
        "student": {
            "id": payment.student,
            "name": student and student.name,
            "email": student and student.email,
        },
        "state": payment.state.value,
        "amount": payment.amount,
        "captured": payment.captured,
        "refunded": payment.refunded,
        "refund_pending": payment.refund_pending,
        "fee": payment.fee,
        "currency": payment.currency,
        "description": payment.description,
        "instructor": payment.instructor,
        "created": instant(payment.created),
        "capture_before": instant(payment.capture_before),
        "card": payment.card and {"brand": payment.card.brand, "last4": payment.card.last4},
        "problem": problem
        and {
            "code": problem.code,
            "decline_code": problem.decline_code,
            "message": problem.message,
            "remedy": problem.remedy.value,
        },
        "confirmation_url": links.confirmation(payment.id)
        if payment.state is PaymentState.NEEDS_CONFIRMATION
        else None,
        "refunds": [_refund(refund) for refund in payment.refunds],
        "dispute": payment.dispute and _dispute(payment.dispute),
    }


def diary_document(diary: Diary, now: int, zone: ZoneInfo, links: StudentLinks) -> Document:
    """The diary at `now` (unix seconds)."""
    students = diary.students
    return {
        "zone": zone.key,
        "now": instant(now),
        "compared_at": instant(diary.compared_at),
        "fees": {"basis_points": BASIS_POINTS, "fixed": FIXED},
        "lessons": [_lesson(row, students, links) for row in diary.lessons],
        "holds": [payment_document(payment, students, links) for payment in diary.holds],
        "failed": [payment_document(payment, students, links) for payment in diary.failed],
        "attention": [_attention(row, students, links) for row in diary.attention],
        "more": diary.more,
    }


def history_document(history: StudentHistory, zone: ZoneInfo, links: StudentLinks) -> Document:
    """A student's timeline."""
    students = {history.student.id: history.student}
    sums = history.totals
    return {
        "student": student_document(history.student),
        "zone": zone.key,
        "totals": {
            "held": sums.held,
            "captured": sums.captured,
            "refunded": sums.refunded,
            "currency": sums.currency,
        },
        "events": [_event(event) for event in history.events],
        "payments": [payment_document(payment, students, links) for payment in history.payments],
        "complete": history.complete,
    }


def _event(event: Event) -> Document:
    return {
        "at": instant(event.at),
        "kind": event.kind.value,
        "amount": event.amount,
        "currency": event.currency,
        "reason": event.reason,
        "payment_intent_id": event.payment_intent_id,
        "status": event.status,
        "description": event.description,
        "card": event.card and {"brand": event.card.brand, "last4": event.card.last4},
    }


def _lesson(row: LessonRow, students: Students, links: StudentLinks) -> Document:
    return {
        "student": student_document(row.student),
        "at": instant(row.at),
        "text": row.text,
        "needs_hold": row.needs_hold,
        "hold_from": instant(row.hold_from),
        "payment": row.payment and payment_document(row.payment, students, links),
    }


def _attention(row: AttentionRow, students: Students, links: StudentLinks) -> Document:
    return {
        "kind": row.kind.value,
        "payment": payment_document(row.payment, students, links),
        "at": instant(row.at),
    }


def _refund(refund: RefundEntry) -> Document:
    return {
        "id": refund.id,
        "amount": refund.amount,
        "status": refund.status,
        "failure_reason": refund.failure_reason,
        "created": instant(refund.created),
    }


def _dispute(dispute: DisputeEntry) -> Document:
    return {
        "id": dispute.id,
        "status": dispute.status,
        "reason": dispute.reason,
        "amount": dispute.amount,
        "due_by": instant(dispute.due_by),
    }
