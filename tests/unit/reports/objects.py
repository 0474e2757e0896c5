"""Stripe's objects as its lists have them, with what the shop reads of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

Json = dict[str, Any]

LESSON = {"type": "lessons-payment"}


def at(moment: str) -> int:
    """Unix seconds of an ISO time, such as `2026-11-01T05:30:00Z`."""
    return int(datetime.fromisoformat(moment).timestamp())


def charge(id: str, created: str, amount: int, **others: Any) -> Json:
    return {
        "id": id,
        "object": "charge",
        "created": at(created),
        "amount": amount,
        "amount_captured": amount,
        "currency": "usd",
        "status": "succeeded",
        "metadata": LESSON,
        "payment_intent": id.replace("ch_", "pi_"),
        "customer": "cus_ada",
        "description": "Guitar lesson",
        "billing_details": {"name": "Ada Lovelace", "email": "ada@example.com"},
        "payment_method_details": {
            "type": "card",
            "card": {"brand": "visa", "last4": "4242", "funding": "credit", "country": "US"},
        },
        "balance_transaction": None,
        "unread": {"by": "the shop"},
    } | others


def movement(id: str, created: str, amount: int, fee: int, category: str, **others: Any) -> Json:
    """A balance transaction."""
    return {
        "id": id,
        "object": "balance_transaction",
        "created": at(created),
        "available_on": at("2026-11-04T00:00:00Z"),
        "currency": "usd",
        "amount": amount,
        "fee": fee,
        "net": amount - fee,
        "reporting_category": category,
        "type": category,
        "description": None,
        "exchange_rate": None,
        "source": None,
    } | others


def refund(id: str, created: str, amount: int, charge: Json | str, **others: Any) -> Json:
    return {
        "id": id,
        "object": "refund",
        "created": at(created),
        "amount": amount,
        "currency": "usd",
        "status": "succeeded",
        "reason": "requested_by_customer",
        "payment_intent": "pi_of_refund",
        "charge": charge,
        "metadata": {},
        "balance_transaction": None,
        "failure_balance_transaction": None,
    } | others


def dispute(
    id: str,
    created: str,
    amount: int,
    charge: Json | str,
    status: str,
    movements: Sequence[Json] = (),
    **others: Any,
) -> Json:
    return {
        "id": id,
        "object": "dispute",
        "created": at(created),
        "amount": amount,
        "currency": "usd",
        "status": status,
        "reason": "fraudulent",
        "payment_intent": "pi_of_dispute",
        "charge": charge,
        "metadata": {},
        "evidence_details": {"due_by": at("2026-11-12T23:59:59Z")},
        "balance_transactions": list(movements),
    } | others


def card(id: str, exp: tuple[int, int] = (7, 2029), last4: str = "4242") -> Json:
    """A saved card; `exp` is month and year."""
    month, year = exp
    return {
        "id": id,
        "object": "payment_method",
        "created": at("2026-09-01T00:00:00Z"),
        "card": {"brand": "visa", "last4": last4, "exp_month": month, "exp_year": year},
    }


def student(id: str, created: str = "2026-09-01T00:00:00Z", default: Json | None = None) -> Json:
    name = id.removeprefix("cus_").capitalize()
    return {
        "id": id,
        "object": "customer",
        "created": at(created),
        "name": name,
        "email": f"{name.lower()}@example.com",
        "metadata": {"first_lesson": "01 Dec 3:00 p.m."},
        "invoice_settings": {"default_payment_method": default},
    }


def payment(id: str, created: str, status: str, customer: Json, **others: Any) -> Json:
    return {
        "id": id,
        "object": "payment_intent",
        "created": at(created),
        "status": status,
        "amount": 6500,
        "amount_capturable": 0,
        "currency": "usd",
        "description": "Guitar lesson",
        "metadata": LESSON,
        "customer": customer,
        "latest_charge": None,
        "last_payment_error": None,
    } | others
