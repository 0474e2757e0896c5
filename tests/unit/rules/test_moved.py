"""What refunds and disputes moved."""

from dataclasses import dataclass

from shop.rules.moved import Moved, moved


@dataclass(frozen=True)
class Row:
    amount: int
    fee: int
    net: int


def test_a_dispute_won_without_its_fee_leaves_the_fee_missing():
    """Out 50, back 50, and the fee is gone."""
    assert moved([Row(-5000, 1500, -6500), Row(5000, 0, 5000)]) == Moved(5000, 5000, 1500, -1500)


def test_nothing_moved_is_all_zeros_and_adds_up():
    """An inquiry writes no rows."""
    assert moved([]) == Moved(0, 0, 0, 0)
    assert moved([]).adds_up


def test_a_row_that_contradicts_itself_does_not_add_up():
    """So the check can fail."""
    assert not moved([Row(-100, 0, -99)]).adds_up
