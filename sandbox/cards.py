"""Stripe's test cards: what each number does at set-up and when charged."""

from enum import Enum, auto

import msgspec

from sandbox import declines
from sandbox.declines import Decline
from sandbox.ids import derived_text


class Challenge(Enum):
    """When a card wants 3-D Secure. On session a challenged card always does."""

    NEVER = auto()
    """No challenge."""

    UNTIL_SET_UP = auto()
    """Off session works once a SetupIntent has passed the challenge."""

    ALREADY_SET_UP = auto()
    """Off session works from the start."""

    ALWAYS = auto()
    """Off session never works: authentication_required, and the bank is not even asked."""

    SAYS_THE_BANK = auto()
    """Off session never works: the bank refuses with authentication_required."""


class Aftermath(Enum):
    """What befalls a payment after its capture or refund."""

    NONE = auto()
    DISPUTE_FRAUDULENT = auto()
    DISPUTE_NOT_RECEIVED = auto()
    INQUIRY = auto()
    REFUND_PENDING = auto()
    """A refund is pending first and succeeds later."""

    REFUND_FAILS = auto()
    """A refund succeeds first and fails later."""

    FRAUD_WARNING = auto()
    """The bank warns that the charge may be fraud."""

    AVAILABLE_AT_ONCE = auto()
    """The captured money is available without delay."""


class Card(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A card number and its behaviour."""

    number: str
    names: tuple[str, ...]
    """What follows ``pm_card_`` and ``tok_`` in Stripe's names for the card."""

    brand: str = "visa"
    funding: str = "credit"
    country: str = "US"
    at_setup: Decline | None = None
    """Why attaching or setting up is refused; charging is refused for the same reason."""

    at_charge: Decline | None = None
    """Why a charge is refused although the card could be saved."""

    challenge: Challenge = Challenge.NEVER
    aftermath: Aftermath = Aftermath.NONE

    @property
    def last4(self) -> str:
        """The last four digits."""
        return self.number[-4:]

    @property
    def fingerprint(self) -> str:
        """The same for the same number, whoever holds it."""
        return derived_text(self.number, "fingerprint", 16)

    def refusal(self, cvc_given: bool) -> Decline | None:
        """Why this card can't be saved; the CVC can only be wrong if one was given."""
        if self.at_setup is declines.INCORRECT_CVC and not cvc_given:
            return None
        return self.at_setup


CARDS = (
    Card(number="4242424242424242", names=("visa",)),
    Card(number="4000056655665556", names=("visa_debit",), funding="debit"),
    Card(number="5555555555554444", names=("mastercard",), brand="mastercard"),
    Card(
        number="5200828282828210",
        names=("mastercard_debit",),
        brand="mastercard",
        funding="debit",
    ),
    Card(number="378282246310005", names=("amex",), brand="amex"),
    Card(number="6011111111111117", names=("discover",), brand="discover"),
    Card(number="4000008260000000", names=("gb",), country="GB"),
    Card(number="4000002500000003", names=("fr",), country="FR"),
    Card(number="4000001240000000", names=("ca",), country="CA"),
    Card(
        number="4000000000000002",
        names=("chargeDeclined", "visa_chargeDeclined"),
        at_setup=declines.GENERIC,
    ),
    Card(
        number="4000000000009995",
        names=("chargeDeclinedInsufficientFunds", "visa_chargeDeclinedInsufficientFunds"),
        at_setup=declines.INSUFFICIENT_FUNDS,
    ),
    Card(
        number="4000000000009987",
        names=("visa_chargeDeclinedLostCard",),
        at_setup=declines.LOST_CARD,
    ),
    Card(
        number="4000000000009979",
        names=("visa_chargeDeclinedStolenCard",),
        at_setup=declines.STOLEN_CARD,
    ),
    Card(
        number="4000000000000069",
        names=("chargeDeclinedExpiredCard",),
        at_setup=declines.EXPIRED_CARD,
    ),
    Card(
        number="4000000000000127",
        names=("chargeDeclinedIncorrectCvc",),
        at_setup=declines.INCORRECT_CVC,
    ),
    Card(
        number="4000000000000119",
        names=("chargeDeclinedProcessingError",),
        at_setup=declines.PROCESSING_ERROR,
    ),
    Card(
        number="4000000000006975",
        names=("visa_chargeDeclinedVelocityLimitExceeded",),
        at_setup=declines.VELOCITY_EXCEEDED,
    ),
    Card(number="4000000000000341", names=("chargeCustomerFail",), at_charge=declines.GENERIC),
    Card(
        number="4000002500003155",
        names=("authenticationRequiredOnSetup",),
        challenge=Challenge.UNTIL_SET_UP,
    ),
    Card(
        number="4000002760003184",
        names=("authenticationRequired",),
        challenge=Challenge.SAYS_THE_BANK,
    ),
    Card(
        number="4000003800000446",
        names=("authenticationRequiredSetupForOffSession",),
        challenge=Challenge.ALREADY_SET_UP,
    ),
    Card(
        number="4000000000003220",
        names=("threeDSecure2Required",),
        challenge=Challenge.ALWAYS,
    ),
    Card(
        number="4000008400001629",
        names=("threeDSecureRequiredChargeDeclined",),
        challenge=Challenge.UNTIL_SET_UP,
        at_setup=declines.GENERIC,
    ),
    Card(
        number="4000008260003178",
        names=("authenticationRequiredChargeDeclinedInsufficientFunds",),
        challenge=Challenge.UNTIL_SET_UP,
        at_charge=declines.INSUFFICIENT_FUNDS,
    ),
    Card(
        number="4000000000000259",
        names=("createDispute", "visa_createDispute"),
        aftermath=Aftermath.DISPUTE_FRAUDULENT,
    ),
    Card(
        number="4000000000002685",
        names=("createDisputeProductNotReceived",),
        aftermath=Aftermath.DISPUTE_NOT_RECEIVED,
    ),
    Card(
        number="4000000000001976",
        names=("createDisputeInquiry",),
        aftermath=Aftermath.INQUIRY,
    ),
    Card(
        number="4000000000005423",
        names=("createIssuerFraudRecord",),
        aftermath=Aftermath.FRAUD_WARNING,
    ),
    Card(number="4000000000007726", names=("pendingRefund",), aftermath=Aftermath.REFUND_PENDING),
    Card(number="4000000000005126", names=("refundFail",), aftermath=Aftermath.REFUND_FAILS),
    Card(
        number="4000000000000077",
        names=("bypassPending",),
        aftermath=Aftermath.AVAILABLE_AT_ONCE,
    ),
    Card(number="4100000000000019", names=("radarBlock",), at_charge=declines.BLOCKED),
)

BY_NUMBER = {card.number: card for card in CARDS}
BY_NAME = {
    prefix + name: card for card in CARDS for name in card.names for prefix in ("pm_card_", "tok_")
}


def passes_luhn(number: str) -> bool:
    """Whether the last digit agrees with the others."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
