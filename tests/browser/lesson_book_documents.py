"""The lesson book as the shop describes it, for states that take days or accidents to come about.

It is Monday, 23 November 2026, 10:04 in New York.
"""

import copy
from typing import Any

Document = dict[str, Any]

NOW = "2026-11-23T15:04:00Z"
ZONE = "America/New_York"
VISA = {"brand": "visa", "last4": "4242", "exp_month": 4, "exp_year": 2030}
MASTERCARD = {"brand": "mastercard", "last4": "4444", "exp_month": 12, "exp_year": 2026}
DECLINED = {
    "code": "card_declined",
    "decline_code": "insufficient_funds",
    "message": "Your card has insufficient funds.",
    "remedy": "try again later",
}
NOT_CONFIRMED = {
    "code": "authentication_required",
    "decline_code": "authentication_required",
    "message": "Your card was declined. This transaction requires authentication.",
    "remedy": "needs authentication",
}


def student(name: str = "Jenny Rosen", **changes: Any) -> Document:
    """A student with a card, whose id and e-mail are made from the name."""
    handle = name.lower().replace(" ", ".")
    whole: Document = {
        "id": f"cus_{handle.replace('.', '')}",
        "name": name,
        "email": f"{handle}@example.com",
        "lesson": {"text": "23 Nov 3:00 p.m.", "at": "2026-11-23T20:00:00Z"},
        "card": VISA,
    }
    return copy.deepcopy(whole | changes)


def payment(name: str = "Jenny Rosen", state: str = "held", **changes: Any) -> Document:
    """A payment of 65 dollars in a state; `changes` make it another one."""
    who = student(name)
    whole: Document = {
        "id": f"pi_{who['id'][4:]}",
        "student": {field: who[field] for field in ("id", "name", "email")},
        "state": state,
        "amount": 6500,
        "captured": 6500 if state == "captured" else 0,
        "refunded": 0,
        "refund_pending": 0,
        "fee": 219 if state == "captured" else None,
        "currency": "usd",
        "description": "Guitar lesson",
        "instructor": None,
        "created": "2026-11-20T15:00:00Z",
        "capture_before": "2026-11-24T19:14:00Z" if state == "held" else None,
        "card": {"brand": "visa", "last4": "4242"},
        "problem": None,
        "confirmation_url": None,
        "refunds": [],
        "dispute": None,
    }
    return copy.deepcopy(whole | changes)


def lesson(
    name: str, at: str, paid: Document | None = None, *, needs_hold: bool = False, **changes: Any
) -> Document:
    """A lesson of a student, and its payment if there is one."""
    return {
        "student": student(name, **changes),
        "at": at,
        "text": "23 Nov 3:00 p.m.",
        "needs_hold": needs_hold,
        "hold_from": "2026-11-28T20:00:00Z",
        "payment": paid,
    }


def book(**changes: Any) -> Document:
    """A book without any lessons, holds or troubles; `changes` fill it."""
    whole: Document = {
        "zone": ZONE,
        "now": NOW,
        "compared_at": "2026-11-23T08:10:00Z",
        "fees": {"basis_points": 290, "fixed": 30},
        "lessons": [],
        "holds": [],
        "failed": [],
        "attention": [],
        "more": {},
    }
    return copy.deepcopy(whole | changes)


def timeline(who: Document, *payments: Document, **changes: Any) -> Document:
    """What happened to a student: a card was saved, and what `changes` add."""
    saved = {
        "at": "2026-11-10T15:00:00Z",
        "kind": "card_saved",
        "amount": None,
        "currency": None,
        "reason": None,
        "payment_intent_id": None,
        "status": None,
        "description": None,
        "card": {"brand": "visa", "last4": "4242"},
    }
    whole: Document = {
        "student": who,
        "zone": ZONE,
        "totals": {"held": 0, "captured": 0, "refunded": 0, "currency": "usd"},
        "events": [saved],
        "payments": list(payments),
        "complete": True,
    }
    return copy.deepcopy(whole | changes)


def event(at: str, kind: str, amount: int | None = None, **changes: Any) -> Document:
    """One event of a timeline."""
    whole: Document = {
        "at": at,
        "kind": kind,
        "amount": amount,
        "currency": None if amount is None else "usd",
        "reason": None,
        "payment_intent_id": "pi_jennyrosen",
        "status": None,
        "description": None,
        "card": None,
    }
    return whole | changes


def busy_book() -> Document:
    """A day with a bit of everything."""
    held = payment("Ada Marsh")
    soon = payment("Noor Haddad", capture_before="2026-11-23T21:30:30Z", instructor="Ruth Bell")
    paid = payment("Tomás Ferreira", "captured")
    part = payment(
        "Ines Okafor",
        "captured",
        refunded=1500,
        refunds=[
            {
                "id": "re_1",
                "amount": 1500,
                "status": "succeeded",
                "failure_reason": None,
                "created": "2026-11-22T15:00:00Z",
            }
        ],
    )
    unconfirmed = payment("Priya Nair", "needs_confirmation", problem=NOT_CONFIRMED)
    declined = payment("Walter Lindqvist", "failed", problem=DECLINED)
    broke = payment(
        "Greta Sommer",
        "captured",
        refunds=[
            {
                "id": "re_2",
                "amount": 6500,
                "status": "failed",
                "failure_reason": "expired_or_canceled_card",
                "created": "2026-11-21T15:00:00Z",
            }
        ],
    )
    disputed = payment(
        "Leo Brandt",
        "captured",
        dispute={
            "id": "dp_1",
            "status": "needs_response",
            "reason": "product_not_received",
            "amount": 6500,
            "due_by": "2026-11-29T23:59:59Z",
        },
    )
    lapsed = payment("Mia Castellanos", "expired")
    return book(
        lessons=[
            lesson("Tomás Ferreira", "2026-11-23T14:00:00Z", paid),
            lesson("Ada Marsh", "2026-11-23T20:00:00Z", held),
            lesson("Noor Haddad", "2026-11-23T21:00:00Z", soon),
            lesson("Jenny Rosen", "2026-11-24T20:00:00Z", needs_hold=True),
            lesson("Walter Lindqvist", "2026-11-24T21:00:00Z", declined, needs_hold=True),
            lesson("Sam Whitlock", "2026-11-24T22:00:00Z", needs_hold=True, card=None),
            lesson("Priya Nair", "2026-11-25T20:00:00Z", unconfirmed, needs_hold=True),
            lesson("Bo", "2026-11-26T20:00:00Z", needs_hold=True, card=MASTERCARD),
            lesson("Ines Okafor", "2026-11-27T20:00:00Z", part),
            lesson("Maximiliana Featherstonehaugh-Villanueva", "2026-12-03T20:00:00Z"),
            lesson("Cleo Duarte", "2026-12-04T20:00:00Z", card=MASTERCARD),
        ],
        holds=[
            soon,
            held,
            payment("Ruben Vogt", amount=9001, capture_before="2026-11-27T15:00:00Z"),
        ],
        failed=[declined, unconfirmed],
        attention=[
            {"kind": "hold_expires_soon", "payment": soon, "at": "2026-11-23T21:30:30Z"},
            {"kind": "hold_expired", "payment": lapsed, "at": "2026-11-23T02:00:00Z"},
            {"kind": "refund_failed", "payment": broke, "at": "2026-11-22T02:00:00Z"},
            {"kind": "dispute", "payment": disputed, "at": "2026-11-21T02:00:00Z"},
        ],
        more={"holds": 3},
    )
