"""What helps after a card was refused: waiting, a new card, or the student's own confirmation.

The first rule that speaks decides:

1. the bank wants the student to confirm the payment: nothing else helps;
2. a code after which the same card never works again;
3. Stripe's advice, which knows what the card's network said;
4. a code that passes by itself;
5. otherwise a new card: Stripe tells merchants to send the student to their bank or to another
   card, and a bank that gives no reason seldom changes its mind.

Sources: https://docs.stripe.com/declines/codes for the codes and what to do about them,
https://docs.stripe.com/declines/card#retrying-issuer-declines for `advice_code`.
"""

from enum import Enum


class Remedy(Enum):
    """What to do next. The value is what people read."""

    TRY_AGAIN = "try again later"
    NEW_CARD = "needs a new card"
    AUTHENTICATION = "needs authentication"


AUTHENTICATION = frozenset({"authentication_required", "payment_intent_authentication_failure"})
"""The bank approves once the card's holder has shown that it is them."""

CARD_IS_OF_NO_USE = frozenset(
    {"expired_card", "lost_card", "stolen_card", "pickup_card", "restricted_card"}
    | {"invalid_account", "card_not_supported", "currency_not_supported", "not_permitted"}
    | {"incorrect_number", "invalid_number", "incorrect_cvc", "invalid_cvc", "incorrect_zip"}
    | {"invalid_expiry_month", "invalid_expiry_year", "new_account_information_available"}
    | {"revocation_of_authorization", "revocation_of_all_authorizations", "stop_payment_order"}
    | {"fraudulent", "merchant_blacklist", "do_not_try_again", "transaction_not_allowed"}
)

PASSES = frozenset(
    {"try_again_later", "processing_error", "issuer_not_available", "reenter_transaction"}
    | {"insufficient_funds", "card_velocity_exceeded", "withdrawal_count_limit_exceeded"}
    | {"approve_with_id", "duplicate_transaction"}
)
"""An empty account fills again, a limit is lifted, a bank's computer comes back."""

REMEDY_OF_ADVICE = {
    "try_again_later": Remedy.TRY_AGAIN,
    "do_not_try_again": Remedy.NEW_CARD,
    "confirm_card_data": Remedy.NEW_CARD,
}


def remedy(*, decline_code: str | None, advice_code: str | None, code: str | None) -> Remedy:
    """What helps, by the bank's reason, the network's advice and the error's own code."""
    codes = {decline_code, code}
    if codes & AUTHENTICATION:
        return Remedy.AUTHENTICATION
    if codes & CARD_IS_OF_NO_USE:
        return Remedy.NEW_CARD
    if advice_code in REMEDY_OF_ADVICE:
        return REMEDY_OF_ADVICE[advice_code]
    return Remedy.TRY_AGAIN if codes & PASSES else Remedy.NEW_CARD
