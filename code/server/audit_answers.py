"""What the audit trail learns from the answer to an action."""

import logging
from typing import Any

import msgspec
from aiohttp import web

from shop.audit.actions import Action
from shop.audit.entry import Entry, Result
from shop.errors import NoWorker

NOTHING_DONE = frozenset({NoWorker.code})
"""Failures on our side after which it is certain that nothing was done."""

Parts = dict[str, Any]
"""Parts of an entry by their names."""

log = logging.getLogger(__name__)


class _Payment(msgspec.Struct):
    id: str
    amount: int
    currency: str
    amount_received: int = 0
    customer: str | None = None


class _Error(msgspec.Struct):
    code: str | None = None


class Answered(msgspec.Struct):
    """What there may be in the answer to an action."""

    id: str = ""
    kind: str = ""
    customer_id: str = ""
    payment: _Payment | None = None
    payment_intent_id: str = ""
    refund: str | None = None
    error: _Error | None = None
    uncaptured_payments: list[str] | None = None

    @property
    def code(self) -> str:
        """Why it was refused or failed; "" where it was not, or where the answer is a page."""
        if self.uncaptured_payments is not None:
            return "uncaptured_payments"
        return (self.error and self.error.code) or ""


_decoder: msgspec.json.Decoder[Answered | list[msgspec.Raw]] = msgspec.json.Decoder(
    Answered | list[msgspec.Raw]
)


def read_answer(answer: web.StreamResponse) -> Answered:
    """What the answer says; nothing where it is no JSON, or a list."""
    if not isinstance(answer, web.Response) or answer.content_type != "application/json":
        return Answered()
    try:
        said = _decoder.decode(answer.body or b"{}")  # type: ignore[arg-type]
    except msgspec.DecodeError as error:  # what was done is done, and is answered all the same
        log.error("an answer cannot be read for the audit trail: %s", error)
        return Answered()
    return said if isinstance(said, Answered) else Answered()


def result_of(status: int, code: str) -> Result:
    """How an action ended that was answered so."""
    if status < 400:
        return Result.OK
    return Result.REFUSED if status < 500 or code in NOTHING_DONE else Result.UNKNOWN


def learned(entry: Entry, answered: Answered) -> Parts:
    """Ids and money that stand in the answer."""
    parts: Parts = {
        "customer": answered.customer_id,
        "refund": answered.refund or "",
        "report": answered.id,
        "detail": answered.kind,
    }
    made = answered.payment_intent_id
    if answered.payment is not None:
        parts |= _of_payment(entry, answered.payment)
        made = answered.payment.id
    parts["new_payment" if entry.action == Action.HOLD_AGAIN else "payment"] = made
    return {name: value for name, value in parts.items() if value}


def _of_payment(entry: Entry, payment: _Payment) -> Parts:
    is_captured = entry.action == Action.CAPTURE
    return {
        "customer": payment.customer,
        "amount": payment.amount_received if is_captured else payment.amount,
        "currency": payment.currency,
    }
