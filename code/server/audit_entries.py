"""From a request and its answer to an entry of the audit trail.

Only what has the shape of an id gets in, however it was sent: people's names and addresses do not.
"""

import re
import time
from typing import Any

import msgspec
from aiohttp import web

from jobs.catalogue import REPORT_KINDS
from server.access.actor import ACTOR, Via
from server.access.client_address import client_address
from server.access.rules import sign_up_of
from server.audit_answers import learned, read_answer, result_of
from server.audit_notes import NOTED
from server.bodies import LONGEST_ID, Fields, read_fields
from server.keys import STAFF
from server.request_log import REQUEST_ID
from shop.audit.actions import MONEY, Action
from shop.audit.entry import Entry, Result, new_id
from shop.errors import BadRequest, NotAllowed, ShopError
from shop.stripe_gateway.payments import CURRENCY

SHAPES = {
    "customer": ("customer_id", re.compile(r"cus_\w{1,200}", re.ASCII)),
    "payment": ("payment_intent_id", re.compile(r"pi_\w{1,200}", re.ASCII)),
    "report": ("report_id", re.compile(r"[\w-]{16}", re.ASCII)),
    "job": ("job_id", re.compile(r"[\w.:-]{1,200}", re.ASCII)),
    "detail": ("format", re.compile(r"[a-z]{1,10}", re.ASCII)),
}
"""What an address or a body may name: the part of an entry, its name there, and its shape."""

Parts = dict[str, Any]
"""Parts of an entry by their names."""


async def begun(request: web.Request, action: Action) -> Entry:
    """The entry of an action that begins now.

    Raises:
        web.RequestPayloadError, ContentEncodingError, web.HTTPRequestTimeout: the body did not
            arrive whole, so nothing will be done.
    """
    fields = await _fields(request)
    about = _about(request, fields)
    if action in MONEY:
        about |= _amount(fields)
    who = _name_tried(request, fields) if action is Action.SIGN_IN else _who(request, about)
    return Entry(
        id=new_id(),
        at=time.time_ns() // 1_000_000,
        action=action,
        who=who,
        via=request[ACTOR].via.value,
        client=client_address(request),
        request_id=request[REQUEST_ID],
        **about,
    )


def ended(entry: Entry, request: web.Request, answer: web.StreamResponse) -> Entry:
    """The same entry, once the action was answered."""
    answered = read_answer(answer)
    parts: Parts = {**learned(entry, answered), **request.get(NOTED, {})}
    return msgspec.structs.replace(
        entry,
        result=result_of(answer.status, answered.code),
        code=answered.code,
        status=answer.status,
        repeated=answer.headers.get("Idempotent-Replayed") == "true",
        **parts,
    )


async def turned_away(request: web.Request, action: Action) -> Entry:
    """The entry of somebody of the staff who may not do this."""
    return msgspec.structs.replace(
        await begun(request, action), result=Result.REFUSED, code=NotAllowed.code, status=403
    )


async def _fields(request: web.Request) -> Fields:
    """What the body has; nothing where the handler will refuse it."""
    try:
        return await read_fields(request)
    except web.HTTPRequestTimeout:
        raise
    except (ShopError, web.HTTPException):
        return Fields({})


def _about(request: web.Request, fields: Fields) -> Parts:
    parts = {}
    for part, (name, shape) in SHAPES.items():
        value = request.match_info.get(name) or _text(fields, name)
        if shape.fullmatch(value):
            parts[part] = value
    kind = _text(fields, "kind")
    return {**parts, "detail": kind} if kind in REPORT_KINDS else parts


def _amount(fields: Fields) -> Parts:
    try:
        amount = fields.optional_amount()
    except BadRequest:
        return {}
    return {} if amount is None else {"amount": amount, "currency": CURRENCY}


def _who(request: web.Request, about: Parts) -> str:
    """The account; of a student the id whose link they followed."""
    actor = request[ACTOR]
    if actor.via is not Via.LINK:
        return actor.name
    for part in ("customer", "payment"):
        subject = about.get(part, "")
        if {subject, sign_up_of(subject)} & actor.grants.keys():
            return str(subject)
    return ""


def _name_tried(request: web.Request, fields: Fields) -> str:
    """The name with which somebody signs in, if it is an account's: passwords land there too."""
    name = _text(fields, "name").casefold()
    return name if name in request.app[STAFF].staff().accounts else ""


def _text(fields: Fields, name: str) -> str:
    try:
        return fields.optional_text(name, LONGEST_ID) or ""
    except BadRequest:
        return ""
