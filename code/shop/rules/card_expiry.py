"""Whether a student's saved card still works on a day."""

from calendar import monthrange
from datetime import date
from enum import Enum

SOON = 60
"""Days ahead at which an expiring card is pointed out."""


class CardState(Enum):
    """The value is what people read."""

    OK = "ok"
    EXPIRES_SOON = "expires within 60 days"
    EXPIRED = "expired"
    NO_CARD = "no card"


def last_day(exp_month: int, exp_year: int) -> date:
    """A card works to the end of the month printed on it."""
    return date(exp_year, exp_month, monthrange(exp_year, exp_month)[1])


def card_state(expires_on: date | None, today: date) -> CardState:
    """The state of a card by its last day; None stands for no card."""
    if expires_on is None:
        return CardState.NO_CARD
    left = (expires_on - today).days
    if left < 0:
        return CardState.EXPIRED
    return CardState.EXPIRES_SOON if left <= SOON else CardState.OK
