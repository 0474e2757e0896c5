"""A timeline as GET /timeline/{customer_id} tells it, with everything that can happen."""

from typing import Any

HELD, WAITING, CAPTURED = "pi_held", "pi_waiting", "pi_captured"


def payment(payment_id: str, state: str, amount: int, **more: Any) -> dict[str, Any]:
    """A payment, as far as the account page reads it."""
    return {
        "id": payment_id,
        "state": state,
        "amount": amount,
        "currency": "usd",
        "description": "Guitar lesson",
        "capture_before": None,
        "confirmation_url": f"/confirm-payment/{payment_id}",
        **more,
    }


def event(at: str, kind: str, amount: int | None = None, **more: Any) -> dict[str, Any]:
    """Something that happened; without an amount it is about no payment."""
    of_payment = amount is not None
    return {
        "at": at,
        "kind": kind,
        "amount": amount,
        "currency": "usd" if of_payment else None,
        "reason": None,
        "payment_intent_id": None,
        "status": None,
        "description": "Guitar lesson" if of_payment else None,
        "card": {"brand": "visa", "last4": "4242"},
        **more,
    }


def timeline(events: list[Any], payments: list[Any], **more: Any) -> dict[str, Any]:
    """The whole answer, in the zone of New York."""
    return {
        "student": {"id": "cus_1", "name": "Jenny", "email": "jenny@example.com"},
        "zone": "America/New_York",
        "totals": {"held": 6500, "captured": 19500, "refunded": 1500, "currency": "usd"},
        "events": events,
        "payments": payments,
        "complete": True,
        **more,
    }


EVERYTHING = timeline(
    [
        event("2026-11-30T15:00:00Z", "needs_confirmation", 7000, payment_intent_id=WAITING),
        event("2026-11-29T15:00:00Z", "held", 6500, payment_intent_id=HELD),
        event("2026-11-28T15:00:00Z", "hold_failed", 6500, reason="Your card was declined."),
        event("2026-11-27T15:00:00Z", "expired", 6500),
        event("2026-11-26T15:00:00Z", "dispute_closed", 6500),
        event("2026-11-25T15:00:00Z", "dispute_lost", 6500),
        event("2026-11-24T15:00:00Z", "dispute_won", 6500),
        event("2026-11-23T15:00:00Z", "disputed", 6500, reason="fraudulent"),
        event("2026-11-22T15:00:00Z", "refund_failed", 1500),
        event("2026-11-21T15:00:00Z", "refund_pending", 1500),
        event("2026-11-20T15:00:00Z", "refunded", 1500),
        event("2026-11-03T14:00:00Z", "released", 1500),
        event("2026-11-03T14:00:00Z", "captured", 5000, payment_intent_id=CAPTURED),
        event("2026-10-29T14:00:00Z", "held", 6500, payment_intent_id=CAPTURED),
        event("2026-10-20T02:30:00Z", "card_saved"),
    ],
    [
        payment(WAITING, "needs_confirmation", 7000),
        payment(HELD, "held", 6500, capture_before="2026-12-04T09:00:00Z"),
        payment(CAPTURED, "captured", 6500),
    ],
)
NOTHING = timeline(
    [event("2026-10-20T02:30:00Z", "card_saved")],
    [],
    totals={"held": 0, "captured": 0, "refunded": 0, "currency": "usd"},
)
