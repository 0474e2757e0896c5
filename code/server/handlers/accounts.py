"""A student's account: who they are, their card, and leaving."""

import asyncio
import hashlib
import time
from datetime import date, datetime

from aiohttp import web

from jobs.catalogue import SEND_ACCOUNT_LINK
from server.bodies import LONGEST_ID, attempt_key, read_fields
from server.handlers.signup import optional_lesson
from server.keys import GATEWAY, QUEUE, SETTINGS, STORAGE
from shop import accounts
from shop.mail.postbox import mail_folder
from shop.rules.card_expiry import card_state, last_day
from shop.stripe_gateway.objects import Customer, PaymentMethod

LINK_ASKED_AGAIN = 60
"""Seconds for which asking again for the same student's link queues nothing."""


async def card_on_file(request: web.Request) -> web.Response:
    """GET /payment-method/{customer_id} → the student and the visible part of their card."""
    found = await accounts.account(request.app[GATEWAY], request.match_info["customer_id"])
    today = datetime.now(request.app[SETTINGS].shop_zone).date()
    return web.json_response(
        {
            "customer": _student(found.student),
            "card": card_fields(found.card),
            "card_expiry": _expiry(found.card, today),
        }
    )


async def update(request: web.Request) -> web.Response:
    """POST /account-update → name and e-mail are saved, and a new card may be entered."""
    fields = await read_fields(request)
    updated = await accounts.update_details(
        request.app[STORAGE],
        request.app[GATEWAY],
        request.match_info.get("customer_id") or fields.text("customer_id", LONGEST_ID),
        name=fields.optional_name(),
        email=fields.optional_email(),
        zone=request.app[SETTINGS].shop_zone,
        attempt=attempt_key(request),
    )
    return web.json_response(
        {"customer": _student(updated.student), "client_secret": updated.client_secret}
    )


async def save_card(request: web.Request) -> web.Response:
    """POST /update-payment-details/{customer_id} → the confirmed card is the student's one card."""
    fields = await read_fields(request)
    saved = await accounts.save_confirmed_card(
        request.app[STORAGE],
        request.app[GATEWAY],
        request.match_info["customer_id"],
        fields.text("setup_intent_id", LONGEST_ID),
        lesson=optional_lesson(fields),
        zone=request.app[SETTINGS].shop_zone,
        attempt=attempt_key(request),
    )
    return web.json_response({"customer": _student(saved.student), "card": card_fields(saved.card)})


async def delete(request: web.Request) -> web.Response:
    """POST /delete-account/{customer_id} → deleted, unless holds are still open."""
    await accounts.delete_account(
        request.app[STORAGE],
        request.app[GATEWAY],
        mail_folder(request.app[SETTINGS]),
        request.match_info["customer_id"],
        attempt=attempt_key(request),
    )
    return web.json_response({"deleted": True})


async def send_link(request: web.Request) -> web.Response:
    """POST /account-link → 202: the student of this id, if there is one, gets a letter.

    Whoever asks does not learn whether there is such a student.
    """
    fields = await read_fields(request)
    customer_id = fields.text("customer_id", LONGEST_ID)
    asked = hashlib.sha256(customer_id.encode()).hexdigest()[:32]
    job_id = f"account-link-{asked}-{int(time.time()) // LINK_ASKED_AGAIN}"
    await asyncio.to_thread(
        request.app[QUEUE].put_once, SEND_ACCOUNT_LINK, customer_id, job_id=job_id
    )
    return web.json_response({"sent": True}, status=202)


def _student(student: Customer) -> dict[str, str | None]:
    return {"id": student.id, "name": student.name, "email": student.email}


def card_fields(method: PaymentMethod | None) -> dict[str, str | int] | None:
    """The visible part of a card, for answers; None where there is no card."""
    if method is None or method.card is None:
        return None
    card = method.card
    return {
        "brand": card.brand,
        "last4": card.last4,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
    }


def _expiry(method: PaymentMethod | None, today: date) -> dict[str, str] | None:
    if method is None or method.card is None:
        return None
    expires_on = last_day(method.card.exp_month, method.card.exp_year)
    state = card_state(expires_on, today)
    return {"state": state.name.lower(), "last_day": expires_on.isoformat()}
