"""What the page needs on which a student confirms a payment with their bank."""

from aiohttp import web

from server.access.links import student_links
from server.handlers.accounts import card_fields
from server.keys import GATEWAY
from shop.confirmations import Confirmation, confirmation
from shop.student_links import StudentLinks


async def one(request: web.Request) -> web.Response:
    """GET /payment-confirmation/{payment_intent_id} → the payment, and how to confirm it."""
    found = await confirmation(request.app[GATEWAY], request.match_info["payment_intent_id"])
    return web.json_response(
        _document(found, student_links(request)), headers={"Cache-Control": "no-store"}
    )


def _document(found: Confirmation, links: StudentLinks) -> dict[str, object]:
    payment, way = found.payment, found.way
    return {
        "payment": {
            "id": payment.id,
            "amount": payment.amount,
            "currency": payment.currency,
            "description": payment.description,
            "state": payment.state.value,
        },
        "account_url": links.account(payment.student),
        "card_replaced": found.card_replaced,
        "card": card_fields(way.card) if way else None,
        "client_secret": way.client_secret if way else None,
        "payment_method": way.card.id if way else None,
    }
