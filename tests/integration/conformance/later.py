"""Where answers go beyond the official description of 2023-08-16, and why.

The one table of what later versions of the API added. Each entry must be needed by an answer and
known to the installed stripe-python, at whose version the answers are given; tests see to both.
"""

from collections.abc import Mapping

LATER: Mapping[str, tuple[str, ...]] = {
    "customers may be accounts (Accounts v2)": (
        "customer.customer_account?",
        "payment_intent.customer_account?",
        "payment_method.customer_account?",
        "refund.customer_account?",
        "setup_attempt.customer_account?",
        "setup_intent.customer_account?",
    ),
    "which payment methods may be offered, chosen in code or in the Dashboard": (
        "payment_intent.allowed_payment_method_types?",
        "payment_intent.excluded_payment_method_types?",
        "payment_intent.payment_method_configuration_details?",
        "setup_intent.allowed_payment_method_types?",
        "setup_intent.excluded_payment_method_types?",
        "setup_intent.payment_method_configuration_details?",
    ),
    "Stripe may be the merchant of record": ("payment_intent.managed_payments?",),
    "the cards of older APIs, always null beside a PaymentMethod": (
        "charge.source?",
        "payment_intent.source?",
    ),
    "what a hold allows, and until when": (
        "payment_method_details_card.amount_authorized?",
        "payment_method_details_card.capture_before",
        "payment_method_details_card.extended_authorization",
        "payment_method_details_card.incremental_authorization",
        "payment_method_details_card.multicapture",
        "payment_method_details_card.overcapture",
    ),
    "what the bank and the network call a payment": (
        "payment_method_details_card.authorization_code?",
        "payment_method_details_card.network_transaction_id?",
        "payment_method_details_card.transaction_link_id?",
    ),
    "since 2025-03-31 a hold that ran out says so": ("payment_intent.cancellation_reason=expired",),
    "more of the bank's own reasons for a refusal": (
        "api_errors.advice_code",
        "api_errors.network_decline_code",
        "charge_outcome.advice_code?",
        "charge_outcome.network_advice_code?",
        "charge_outcome.network_decline_code?",
    ),
    "more of the proof that the card's holder was there": (
        "three_d_secure_details.electronic_commerce_indicator?",
        "three_d_secure_details.transaction_id?",
        "three_d_secure_details_charge.electronic_commerce_indicator?",
        "three_d_secure_details_charge.exemption_indicator?",
        "three_d_secure_details_charge.transaction_id?",
    ),
    "whether the law caps a debit card's fees": (
        "payment_method_card.regulated_status?",
        "payment_method_details_card.regulated_status?",
    ),
    "the brand that the card's holder chose": ("payment_method_card.display_brand?",),
    "whether a saved card may be offered again": ("payment_method.allow_redisplay",),
    "whose card a refund goes to, how, and the reference to trace it": (
        "refund.customer?",
        "refund.destination_details",
        "refund.payment_method?",
    ),
    "an inquiry is told from a chargeback, and the network is named": (
        "dispute_payment_method_details_card.case_type",
        "dispute_payment_method_details_card.network",
    ),
    "evidence that a network grants more weight": (
        "dispute.enhanced_eligibility_types",
        "dispute_evidence.enhanced_evidence",
        "dispute_evidence_details.enhanced_eligibility",
    ),
    "whether evidence was handed in by a person": ("dispute_evidence_details.submission_method",),
    "a fee may be taken for a payout, which can be sent in more ways and traced at the bank": (
        "payout.application_fee?",
        "payout.application_fee_amount?",
        "payout.payout_method?",
        "payout.trace_id",
    ),
    "an account may hold several balances": ("balance_transaction.balance_type",),
    "taxes, in Latin America and elsewhere": ("billing_details.tax_id?", "customer_tax.provider"),
}
"""The places by reason; a member that may be null ends in `?`, a value follows `=`."""

UNDOCUMENTED: Mapping[str, str] = {
    "answer.count": "refunds and disputes of one charge are counted, as Stripe was seen to do",
    "charge.refunds.total_count": "a list inside an object tells how long it is in all",
    "customer.sources.total_count": "a list inside an object tells how long it is in all",
}
"""What neither the description nor stripe-python knows, and why it is there all the same."""

EXPLAINED = frozenset(
    {*UNDOCUMENTED, *(place.rstrip("?") for places in LATER.values() for place in places)}
)
NEVER_NULL = frozenset(
    place for places in LATER.values() for place in places if not place.endswith("?")
)
"""Later members that are left out where they have no value."""
