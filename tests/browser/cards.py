"""Stripe's test cards, and the sentences that go with them."""

VISA = "4242424242424242"
MASTERCARD = "5555555555554444"
DECLINED = "4000000000000002"
ASKS_THE_BANK = "4000002500003155"

ALWAYS_ASKS = "pm_card_authenticationRequired"
"""Its bank never lets the shop place a hold while the student is away."""
ASKS_THEN_DECLINES = "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"

DECLINED_TEXT = "Your card has been declined."
NOT_AUTHENTICATED_TEXT = (
    "We are unable to authenticate your payment method. "
    "Please choose a different payment method and try again."
)
