"""What a movement of the balance is about: each belongs to exactly one group.

A movement that hangs on a charge is lesson money or another sale, by the charge's metadata. One
without a charge is told by its reporting category. What neither decides is unclassified: shown to
people and counted, never dropped.

Source of the categories: https://docs.stripe.com/reports/reporting-categories.
"""

from collections.abc import Mapping
from enum import Enum

from shop.rules.lesson_ledger import is_lesson


class Group(Enum):
    """The value is what people read."""

    LESSONS = "Lessons"
    OTHER_SALES = "Tickets, videos and other sales"
    PAYOUTS = "Payouts"
    STRIPE_FEES = "Stripe's own fees and taxes"
    ACCOUNT = "Other transactions of the account"
    UNCLASSIFIED = "Unclassified"


ALWAYS_OF_A_CHARGE = frozenset(
    {"charge", "charge_failure", "dispute", "dispute_reversal"}
    | {"partial_capture_reversal", "refund", "refund_failure"}
)
"""Without its charge, nobody can say whether such a movement is lesson money."""

GROUP_OF_CATEGORY: Mapping[str, Group] = {
    "payout": Group.PAYOUTS,
    "payout_reversal": Group.PAYOUTS,
    "fee": Group.STRIPE_FEES,
    "network_cost": Group.STRIPE_FEES,
    "tax": Group.STRIPE_FEES,
    **dict.fromkeys(
        (
            "advance",
            "advance_funding",
            "anticipation_repayment",
            "climate_order_purchase",
            "climate_order_refund",
            "connect_collection_transfer",
            "connect_reserved_funds",
            "contribution",
            "financing_paydown",
            "financing_paydown_reversal",
            "financing_payout",
            "financing_payout_reversal",
            "issuing_authorization_hold",
            "issuing_authorization_release",
            "issuing_dispute",
            "issuing_transaction",
            "platform_earning",
            "platform_earning_refund",
            "risk_reserved_funds",
            "topup",
            "topup_reversal",
            "transfer",
            "transfer_reversal",
            "unreconciled_customer_funds",
        ),
        Group.ACCOUNT,
    ),
}
"""Movements without a charge. `other_adjustment` is left out: it may be about anything."""


def group_of(reporting_category: str, charge_metadata: Mapping[str, str] | None) -> Group:
    """The group of a movement.

    Args:
        charge_metadata: of the charge that the movement hangs on; None where there is no charge,
            or where it can't be found.
    """
    if charge_metadata is not None:
        return Group.LESSONS if is_lesson(charge_metadata) else Group.OTHER_SALES
    return GROUP_OF_CATEGORY.get(reporting_category, Group.UNCLASSIFIED)


def why(group: Group, reporting_category: str, charge_metadata: Mapping[str, str] | None) -> str:
    """A sentence for people: why the movement is in its group."""
    kind = (charge_metadata or {}).get("type")
    match group:
        case Group.LESSONS:
            return "Its charge is marked as a lesson payment."
        case Group.OTHER_SALES if kind:
            return f"Its charge is marked as {kind}."
        case Group.OTHER_SALES:
            return "Its charge has no mark of what was sold."
        case Group.UNCLASSIFIED if reporting_category in ALWAYS_OF_A_CHARGE:
            return "Its charge can't be found, so nobody can say what was sold."
        case Group.UNCLASSIFIED:
            return f"Nothing says what a transaction of the category {reporting_category} is about."
        case _:
            return f"It hangs on no charge; Stripe books it as {reporting_category}."
