"""Whether a card still works."""

from datetime import date

import pytest

from shop.rules.card_expiry import CardState, card_state, last_day


@pytest.mark.parametrize(
    ("month", "year", "day"),
    [(12, 2026, date(2026, 12, 31)), (2, 2028, date(2028, 2, 29)), (2, 2027, date(2027, 2, 28))],
)
def test_a_card_works_to_the_end_of_its_month(month: int, year: int, day: date):
    """The month printed on it is its last."""
    assert last_day(month, year) == day


@pytest.mark.parametrize(
    ("expires_on", "state"),
    [
        (None, CardState.NO_CARD),
        (date(2026, 11, 21), CardState.EXPIRED),
        (date(2026, 11, 22), CardState.EXPIRES_SOON),
        (date(2027, 1, 21), CardState.EXPIRES_SOON),
        (date(2027, 1, 22), CardState.OK),
    ],
)
def test_sixty_days_ahead_a_card_is_pointed_out(expires_on: date | None, state: CardState):
    """On its last day it still works."""
    assert card_state(expires_on, date(2026, 11, 22)) is state
