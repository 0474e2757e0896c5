"""What a movement of the balance is about."""

import pytest

from shop.rules.balance_groups import ALWAYS_OF_A_CHARGE, GROUP_OF_CATEGORY, Group, group_of, why

LESSON = {"type": "lessons-payment"}


@pytest.mark.parametrize(
    ("category", "metadata", "group", "reason"),
    [
        ("charge", LESSON, Group.LESSONS, "Its charge is marked as a lesson payment."),
        ("fee", LESSON, Group.LESSONS, "Its charge is marked as a lesson payment."),
        ("something_new", LESSON, Group.LESSONS, "Its charge is marked as a lesson payment."),
        ("dispute", {"type": "ticket"}, Group.OTHER_SALES, "Its charge is marked as ticket."),
        ("charge", {}, Group.OTHER_SALES, "Its charge has no mark of what was sold."),
        ("payout", None, Group.PAYOUTS, "It hangs on no charge; Stripe books it as payout."),
        ("fee", None, Group.STRIPE_FEES, "It hangs on no charge; Stripe books it as fee."),
        ("topup", None, Group.ACCOUNT, "It hangs on no charge; Stripe books it as topup."),
        (
            "refund",
            None,
            Group.UNCLASSIFIED,
            "Its charge can't be found, so nobody can say what was sold.",
        ),
        (
            "other_adjustment",
            None,
            Group.UNCLASSIFIED,
            "Nothing says what a transaction of the category other_adjustment is about.",
        ),
    ],
)
def test_the_charge_decides_first_then_the_category(category, metadata, group, reason):
    """And what neither decides is left to people, with the reason."""
    assert group_of(category, metadata) is group
    assert why(group, category, metadata) == reason


def test_no_category_of_charges_is_taken_for_something_else():
    """A refund whose charge is gone must never pass for a movement of the account."""
    assert not ALWAYS_OF_A_CHARGE & set(GROUP_OF_CATEGORY)
