"""The letters to the students of a failed-payments report: look at them, and have them sent."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from aiohttp import web
from redis.exceptions import RedisError

from jobs.catalogue import SEND_LETTERS
from server.access.links import student_links
from server.errors import json_error
from server.keys import QUEUE, RESULTS, STORAGE
from server.report_desk import known_report, worker_is_alive
from shop.errors import ResultMissing, Unavailable
from shop.mail.failed_payments import KIND, FailedPayment, failed_payments, letter_about
from shop.mail.letter import Letter
from shop.mail.sending import Note, Sending
from shop.mail.sent_letters import SentLetters
from shop.reports.record import Report, State

Document = dict[str, object]

NO_LETTERS = "Only a report on failed payments leads to letters."
NOT_READY = "This report has no result, so there is nobody to write to."
EXPIRED = "The files of this report are gone, and with them its letters. Please run it again."
NO_WORKER = "No worker is running, so letters cannot be sent right now."


async def preview(request: web.Request) -> web.Response:
    """GET /reports/{report_id}/letters → every letter, and what became of it so far."""
    report = await known_report(request)
    return _has_no_letters(report) or await _answer(request, report, status=200)


async def progress(request: web.Request) -> web.Response:
    """GET /reports/{report_id}/letters/progress → what became of each so far, and nobody's data."""
    report = await known_report(request)
    refusal = _has_no_letters(report)
    if refusal is not None:
        return refusal
    try:
        under_way, letters = await _outcomes(request.app, report)
    except ResultMissing:
        return json_error(410, "report_expired", EXPIRED)
    states = [
        {"payment_intent_id": each.payment.payment_intent_id, **_state(each)} for each in letters
    ]
    return web.json_response({"under_way": under_way, "letters": states})


async def send(request: web.Request) -> web.Response:
    """POST /reports/{report_id}/letters → 202: they are being sent, each of them once."""
    report = await known_report(request)
    refusal = _has_no_letters(report)
    if refusal is not None:
        return refusal
    if not await worker_is_alive(request.app, SEND_LETTERS):
        raise Unavailable(NO_WORKER, code="no_worker")
    sending = Sending(request.app[STORAGE], report.id)
    if await sending.begin():
        try:
            await asyncio.to_thread(
                request.app[QUEUE].put, SEND_LETTERS, report.id, job_id=f"letters-{report.id}"
            )
        except RedisError:
            await sending.end()
            raise
    return await _answer(request, report, status=202)


def _has_no_letters(report: Report) -> web.Response | None:
    if report.kind != KIND:
        return json_error(404, "no_letters", NO_LETTERS)
    if report.state is State.EXPIRED:
        return json_error(410, "report_expired", EXPIRED)
    if report.state is not State.READY:
        return json_error(409, "not_ready", NOT_READY)
    return None


@dataclass(frozen=True)
class _Outcome:
    """What became so far of the letter about a payment; `sent_at` in unix seconds."""

    payment: FailedPayment
    sent_at: int | None
    note: Note | None


async def _outcomes(app: web.Application, report: Report) -> tuple[bool, list[_Outcome]]:
    """Whether they are being sent, and every payment of the report.

    Raises:
        ResultMissing: the report's files are gone.
    """
    payments = await failed_payments(app[RESULTS], report)
    sending = Sending(app[STORAGE], report.id)
    under_way = await sending.is_under_way()  # before the notes: nothing that is missed is final
    sent = await SentLetters(app[STORAGE]).sent_at([payment.letter_name for payment in payments])
    notes = await sending.notes()
    return under_way, [
        _Outcome(payment, sent_at, notes.get(payment.payment_intent_id))
        for payment, sent_at in zip(payments, sent, strict=True)
    ]


async def _answer(request: web.Request, report: Report, *, status: int) -> web.Response:
    try:
        under_way, outcomes = await _outcomes(request.app, report)
    except ResultMissing:
        return json_error(410, "report_expired", EXPIRED)
    links = student_links(request)
    letters: list[Document] = []
    unsendable: list[Document] = []
    for each in outcomes:
        letter = letter_about(each.payment, links)
        if letter is None:
            unsendable.append(_payment(each.payment))
        else:
            letters.append(_letter(each, letter))
    body = {"under_way": under_way, "letters": letters, "unsendable": unsendable}
    return web.json_response(body, status=status)


def _letter(outcome: _Outcome, letter: Letter) -> Document:
    note = outcome.note if outcome.sent_at is None else None
    return {
        **_payment(outcome.payment),
        "to": letter.to.email,
        "subject": letter.subject,
        "text": letter.text,
        **_state(outcome),
        "problem": note and note.message,
    }


def _state(outcome: _Outcome) -> Document:
    sent_at, note = outcome.sent_at, outcome.note
    return {
        "state": "sent" if sent_at is not None else note.outcome.value if note else "unsent",
        "sent_at": sent_at and datetime.fromtimestamp(sent_at, UTC).isoformat(),
    }


def _payment(payment: FailedPayment) -> Document:
    return {
        "payment_intent_id": payment.payment_intent_id,
        "student": {
            "id": payment.customer_id,
            "name": payment.customer_name,
            "email": payment.customer_email,
        },
    }
