"""Paying for a lesson: hold, capture, refund."""

from aiohttp import web

from server.bodies import LONGEST_DESCRIPTION, LONGEST_ID, attempt_key, read_fields
from server.errors import error_answer
from server.keys import GATEWAY, STORAGE
from shop import payments
from shop.errors import StripeRefused


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
            attempt=attempt_key(request),
        )
    except StripeRefused as error:
        if error.payment_intent_id is None:
            raise
        return error_answer(error, payment_intent_id=error.payment_intent_id)
    return web.json_response({"payment": payment.document})


async def capture(request: web.Request) -> web.Response:
    """POST /complete-lesson-payment → all of the hold is captured, or `amount` of it."""
    fields = await read_fields(request)
    payment = await payments.capture(
        request.app[GATEWAY],
        fields.text("payment_intent_id", LONGEST_ID),
        amount=fields.optional_amount(),
        attempt=attempt_key(request),
    )
    return web.json_response({"payment": payment.document})


async def refund(request: web.Request) -> web.Response:
    """POST /refund-lesson → money on its way back, or a hold that was let go."""
    fields = await read_fields(request)
    given_back = await payments.give_back(
        request.app[GATEWAY],
        fields.text("payment_intent_id", LONGEST_ID),
        amount=fields.optional_amount(),
        attempt=attempt_key(request),
    )
    if given_back.released is not None:
        return web.json_response({"refund": None, "payment": given_back.released.document})
    return web.json_response({"refund": given_back.refund_id})
