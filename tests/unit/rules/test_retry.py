"""Which failed calls to Stripe are tried again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.retry import LONGEST_PAUSE, Failure, pause_before, worth_retrying


@pytest.mark.parametrize(
    ("failure", "again"),
    [
        (Failure(status=None), True),
        (Failure(status=429, code="rate_limit"), True),
        (Failure(status=429, code="lock_timeout"), True),
        (Failure(status=409, code="idempotency_key_in_use"), True),
        (Failure(status=500), True),
        (Failure(status=502), True),
        (Failure(status=500, advice=False), False),
        (Failure(status=500, kept=True), False),
        (Failure(status=502, kept=True), True),
        (Failure(status=400, advice=True), True),
        (Failure(status=400, code="parameter_missing"), False),
        (Failure(status=401), False),
        (Failure(status=402, code="card_declined"), False),
        (Failure(status=404, code="resource_missing"), False),
        (Failure(status=418), False),
    ],
)
def test_the_table(failure: Failure, again: bool):
    """Stripe's advice first, then the kind of failure; whatever is not listed is final."""
    assert worth_retrying(failure) is again


@given(st.integers(1, 50), st.floats(0, 1))
def test_pauses_grow_and_are_bounded(retry: int, chance: float):
    """Each pause is random within its step, and never longer than the longest."""
    assert 0 < pause_before(retry, chance) <= LONGEST_PAUSE
    assert pause_before(retry, 0) <= pause_before(retry + 1, 0)
