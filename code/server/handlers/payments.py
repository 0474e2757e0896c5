"""Paying for a lesson: hold, hold again, capture, release, refund."""

from aiohttp import web

from server.access.links import student_links
from server.audit_notes import NOTED, Facts
from server.bodies import (
    LONGEST_DESCRIPTION,
    LONGEST_ID,
    LONGEST_METADATA,
    attempt_key,
    names_attempt,
    read_fields,
)
from server.errors import error_answer
from server.keys import GATEWAY, STORAGE
from shop import payments
from shop.errors import StripeRefused
from shop.hold_again import hold_again
from shop.rules.decline_reasons import AUTHENTICATION


async def hold(request: web.Request) -> web.Response:
    """POST /schedule-lesson → a hold on the saved card."""
    fields = await read_fields(request)
    try:
        payment = await payments.hold(
            request.app[STORAGE],
            request.app[GATEWAY],
            customer_id=fields.text("customer_id", LONGEST_ID),
            amount=fields.amount(),
            description=fields.text("description", LONGEST_DESCRIPTION),
            instructor=fields.optional_text("instructor", LONGEST_METADATA),
            attempt=attempt_key(request),
            may_come_again=names_attempt(request),
        )
    except StripeRefused as error:
        return _hold_refused(request, error)
    return web.json_response({"payment": payment.document})


async def again(request: web.Request) -> web.Response:
    """POST /hold-lesson-again → a new hold, and then the old one is let go."""
    fields = await read_fields(request)
    try:
        held = await hold_again(
            request.app[STORAGE],
            request.app[GATEWAY],
            fields.text("payment_intent_id", LONGEST_ID),
            attempt=attempt_key(request),
        )
    except StripeRefused as error:
        return _hold_refused(request, error)
    released = held.released.document if held.released else None
    return web.json_response({"payment": held.payment.document, "released": released})


async def capture(request: web.Request) -> web.Response:
    """POST /complete-lesson-payment → all of the hold is captured, or `amount` of it."""
    fields = await read_fields(request)
    payment = await payments.capture(
        request.app[STORAGE],
        request.app[GATEWAY],
        fields.text("payment_intent_id", LONGEST_ID),
        amount=fields.optional_amount(),
        attempt=attempt_key(request),
    )
    return web.json_response({"payment": payment.document})


async def release(request: web.Request) -> web.Response:
    """POST /release-lesson → the hold is let go, and nothing is charged."""
    fields = await read_fields(request)
    payment = await payments.release(
        request.app[STORAGE],
        request.app[GATEWAY],
        fields.text("payment_intent_id", LONGEST_ID),
        attempt=attempt_key(request),
    )
    return web.json_response({"payment": payment.document})


async def refund(request: web.Request) -> web.Response:
    """POST /refund-lesson → money on its way back, or a hold that was let go."""
    fields = await read_fields(request)
    given_back = await payments.give_back(
        request.app[STORAGE],
        request.app[GATEWAY],
        fields.text("payment_intent_id", LONGEST_ID),
        amount=fields.optional_amount(),
        attempt=attempt_key(request),
    )
    if given_back.refund is not None:
        refunded, student = given_back.refund, given_back.payment.customer
        request[NOTED] = Facts(
            customer=student or "", amount=refunded.amount, currency=refunded.currency
        )
        return web.json_response({"refund": refunded.id, "status": refunded.status})
    return web.json_response({"refund": None, "payment": given_back.payment.document})


def _hold_refused(request: web.Request, error: StripeRefused) -> web.Response:
    """The error with the payment that was made, and where the student can confirm it."""
    if error.payment_intent_id is None:
        raise error
    beside: dict[str, object] = {"payment_intent_id": error.payment_intent_id}
    if {error.code, error.decline_code} & AUTHENTICATION:
        links = student_links(request)
        beside["confirmation_url"] = links.confirmation(error.payment_intent_id)
    return error_answer(error, **beside)
