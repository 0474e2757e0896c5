"""Two witnesses of the same money."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from shop.rules.reconciliation import Comparison, Difference, converted


def test_what_agrees_is_forgotten_and_what_differs_is_shown_with_both_figures():
    """A figure too high, one that only the balance knows, one that only the object knows."""
    comparison = Comparison()
    for name, amount in (("ch_same", 6500), ("ch_more", 5000), ("ch_lone", 100), ("re_two", -300)):
        comparison.add_by_balance(name, amount)
    comparison.add_by_balance("re_two", 300)
    for name, amount in (("ch_same", 6500), ("ch_more", 4900), ("ch_unseen", 70), ("re_two", 0)):
        comparison.add_by_object(name, amount)
    assert comparison.matched == 2
    assert list(comparison.differences()) == [
        Difference("ch_lone", 100, None),
        Difference("ch_more", 5000, 4900),
        Difference("ch_unseen", None, 70),
    ]
    assert [difference.amount for difference in comparison.differences()] == [100, 100, -70]


def test_a_refund_and_its_failure_that_nobody_knows_are_still_a_difference():
    """Though they add up to nothing."""
    comparison = Comparison()
    comparison.add_by_balance("re_lone", -300)
    comparison.add_by_balance("re_lone", 300)
    assert list(comparison.differences()) == [Difference("re_lone", 0, None)]


def test_a_conversion_may_round():
    """A third of a cent is no difference; more than Stripe's decimals explain is one."""
    assert converted(6500, None) == (6500, 0)
    assert converted(6500, Decimal("1.369863")) == (8904, 1)
    assert converted(-6500, Decimal("0.0066")) == (-43, 1)
    comparison = Comparison()
    comparison.add_by_balance("re_near", -8903)
    comparison.add_by_object("re_near", -8904, slack=1)
    comparison.add_by_balance("re_far", -8902)
    comparison.add_by_object("re_far", -8904, slack=1)
    assert list(comparison.differences()) == [Difference("re_far", -8902, -8904)]


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(-(10**9), 10**9)), st.data())
def test_a_single_changed_figure_is_always_found(figures: dict[str, int], data):
    """Whichever object it is about, and whatever the others say."""
    comparison = Comparison()
    for name, amount in figures.items():
        comparison.add_by_balance(name, amount)
    wrong = data.draw(st.sampled_from(sorted(figures))) if figures else None
    for name, amount in figures.items():
        comparison.add_by_object(name, amount + (name == wrong))
    expected = [Difference(wrong, figures[wrong], figures[wrong] + 1)] if wrong else []
    assert list(comparison.differences()) == expected
