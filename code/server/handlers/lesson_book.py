"""The lesson book: today and next, finding a student, and one payment."""

import re
import time

from aiohttp import web

from server.access.links import student_links
from server.keys import GATEWAY, SETTINGS, STORAGE
from server.lesson_documents import answer, diary_document, payment_document, student_document
from shop.errors import BadRequest, StripeRefused, UnknownCustomer
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import StudentEntry
from shop.lesson_book.refreshing import read_student, refresh_payment
from shop.lesson_book.today import read_diary

LONGEST_QUESTION = 300

WHOLE_NUMBER = re.compile(r"[0-9]{1,7}", re.ASCII)


async def diary(request: web.Request) -> web.Response:
    """GET /lesson-book → lessons, open holds, what failed and what needs attention."""
    now, zone = int(time.time()), request.app[SETTINGS].shop_zone
    found = await read_diary(request.app[STORAGE], now, zone, skip=_skip(request))
    return answer(diary_document(found, now, zone, student_links(request)))


async def students(request: web.Request) -> web.Response:
    """GET /lesson-book/students?q=… → those who are found by the beginnings of words."""
    question = request.query.get("q", "")
    if len(question) > LONGEST_QUESTION:
        raise BadRequest(
            f"Please ask with {LONGEST_QUESTION} characters at most.", code="parameter_invalid"
        )
    wanted = question.strip()
    found = await LessonBook(request.app[STORAGE]).find_students(wanted)
    if not found and wanted.startswith("cus_"):
        found = await _from_stripe(request.app, wanted)
    return answer({"students": [student_document(student) for student in found]})


async def payment(request: web.Request) -> web.Response:
    """GET /lesson-book/payments/{payment_intent_id} → as Stripe has it now."""
    name = request.match_info["payment_intent_id"]
    storage, zone = request.app[STORAGE], request.app[SETTINGS].shop_zone
    entry = await refresh_payment(storage, request.app[GATEWAY], name, zone)
    if entry is None:
        raise StripeRefused(
            f"'{name}' is not a lesson payment.", code="not_a_lesson_payment", status=404
        )
    known = await LessonBook(storage).students([entry.student])
    return answer({"payment": payment_document(entry, known, student_links(request))})


def _skip(request: web.Request) -> int:
    value = request.query.get("skip", "0")
    if not WHOLE_NUMBER.fullmatch(value):
        raise BadRequest("skip must be a whole number of lessons.", code="parameter_invalid")
    return int(value)


async def _from_stripe(app: web.Application, customer_id: str) -> list[StudentEntry]:
    """Somebody whom the book does not know, by the whole id."""
    try:
        return [await read_student(app[GATEWAY], customer_id, app[SETTINGS].shop_zone)]
    except UnknownCustomer:
        return []
