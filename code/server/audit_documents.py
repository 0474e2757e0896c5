"""Entries of the audit trail as JSON, and what may be wrong with it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from server.audit_questions import written
from shop.audit.entry import Entry
from shop.audit.journal import Trouble
from shop.audit.trail import Page
from shop.audit.wording import is_under_way, sentence
from shop.rules.wording import counted

Document = dict[str, object]


def page_document(page: Page, troubles: Sequence[Trouble], now: float) -> Document:
    """A page of the trail (`now` in unix seconds)."""
    return {
        "entries": [entry_document(entry, now) for entry in page.entries],
        "older": written(page.older) if page.older else None,
        "older_than": _instant(page.older[0] / 1000) if page.older else None,
        "troubles": [_said(trouble) for trouble in troubles],
    }


def entry_document(entry: Entry, now: float) -> Document:
    """One entry; what it does not know is null."""
    return {
        "id": entry.id,
        "at": _instant(entry.at / 1000),
        "sentence": sentence(entry, now),
        "action": entry.action,
        "who": entry.who or None,
        "via": entry.via or None,
        "client": entry.client or None,
        "customer": entry.customer or None,
        "payment": entry.payment or None,
        "new_payment": entry.new_payment or None,
        "refund": entry.refund or None,
        "report": entry.report or None,
        "job": entry.job or None,
        "detail": entry.detail or None,
        "amount": entry.amount,
        "currency": entry.currency or None,
        "result": "under way" if is_under_way(entry, now) else entry.result.value,
        "code": entry.code or None,
        "status": entry.status,
        "repeated": entry.repeated,
        "request_id": entry.request_id or None,
    }


def _said(trouble: Trouble) -> Document:
    return {"since": _instant(trouble.since), "message": _message(trouble)}


def _message(trouble: Trouble) -> str:
    if trouble.unshipped:
        return (
            "The place where the trail is kept takes nothing. What is done meanwhile stays on the "
            "disk of the web server that did it, and is added as soon as the place is back."
        )
    waiting = counted(trouble.unwritten, "entry", "entries")
    lost = f", and {counted(trouble.lost, 'entry is', 'entries are')} lost" if trouble.lost else ""
    return (
        f"A web server cannot write the trail, as its disk takes nothing: {waiting} in its memory "
        f"would go with it if it stopped now{lost}. Please make room on that disk."
    )


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
