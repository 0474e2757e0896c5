"""When an uncaptured hold lapses, in words that staff act on.

A hold lives from under five days (Visa, charged off session) to a month, as its card's network
likes, so the moment is read from the charge (`capture_before`) and never worked out
(https://docs.stripe.com/payments/place-a-hold-on-a-payment-method).
"""

from enum import Enum

from shop.rules.local_time import LocalTime

LONGEST_LIFE = 40 * 24 * 3600
"""Seconds within which any hold is captured or has lapsed: a month, and some to spare."""


class Lapse(Enum):
    """The value is what people read. The order is the order of urgency."""

    OVERDUE = "overdue"
    TODAY = "today"
    TOMORROW = "tomorrow"
    LATER = "later"
    UNKNOWN = "unknown"


def lapse(capture_before: int | None, now: int, clock: LocalTime) -> Lapse:
    """When the hold lapses, seen from `now` on the reader's clock (unix seconds both)."""
    if capture_before is None:
        return Lapse.UNKNOWN
    if capture_before <= now:
        return Lapse.OVERDUE
    days = clock.days_between(now, capture_before)
    return (Lapse.TODAY, Lapse.TOMORROW)[days] if days < 2 else Lapse.LATER
