"""What a PaymentIntent refuses, and in which words: amounts, and steps its state forbids."""

from sandbox.account import Account
from sandbox.currencies import CURRENCIES, converted
from sandbox.errors import ParameterError, StripeError, below_one
from sandbox.money import MAXIMUM_CHARGE
from sandbox.records import PaymentIntent
from sandbox.states import IntentStatus

CANCELABLE = (
    IntentStatus.REQUIRES_PAYMENT_METHOD,
    IntentStatus.REQUIRES_CAPTURE,
    IntentStatus.REQUIRES_CONFIRMATION,
    IntentStatus.REQUIRES_ACTION,
)
CONFIRMABLE = (
    IntentStatus.REQUIRES_PAYMENT_METHOD,
    IntentStatus.REQUIRES_CONFIRMATION,
    IntentStatus.REQUIRES_ACTION,
)


def check_amount(account: Account, amount: int, currency: str) -> None:
    """No less than may be settled, and eight digits at most."""
    if amount <= 0:
        raise ParameterError(
            "The amount must be greater than or equal to the minimum charge amount allowed for "
            "your account and the currency set "
            "(https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you "
            "want to save a Payment Method for future use without an immediate payment, use a "
            "Setup Intent instead: https://docs.stripe.com/payments/setup-intents",
            "amount",
            "parameter_invalid_integer",
        )
    _check_least(amount, currency, account.settings.settlement_of(currency))
    if amount > MAXIMUM_CHARGE:
        most = CURRENCIES[currency].printed(MAXIMUM_CHARGE)
        raise ParameterError(f"Amount must be no more than {most}", "amount", "amount_too_large")


def check_has_method(account: Account, intent: PaymentIntent) -> None:
    """A card is named; the customer's default one is never taken instead."""
    if intent.payment_method is not None:
        return
    if intent.customer is None:
        advice = (
            "You can either update the PaymentIntent with a payment method and then confirm it "
            "again, or confirm it again directly with a payment method or ConfirmationToken."
        )
    else:
        advice = (
            f"To confirm the PaymentIntent with {intent.customer}, specify a payment method "
            "attached to this customer along with the customer ID."
        )
    raise _wrong_state(
        account,
        intent,
        "You cannot confirm this PaymentIntent because it's missing a payment method. " + advice,
    )


def check_capturable(account: Account, intent: PaymentIntent, amount: int) -> None:
    """``amount`` cents of the hold can be taken, and it has not been captured or released."""
    if amount < 0:
        raise ParameterError("Invalid non-negative integer", "amount_to_capture")
    if amount == 0:
        raise below_one("amount")
    if intent.status is not IntentStatus.REQUIRES_CAPTURE:
        raise _wrong_state(account, intent, _why_not_capturable(intent))
    if amount > intent.amount:
        raise StripeError(
            400,
            "The payment could not be captured because the requested capture amount is greater "
            "than the amount you can capture for this charge. Contact us via "
            "https://support.stripe.com/contact/ for help.",
            code="amount_too_large",
            payment_intent=account.render(intent),
        )


def check_cancelable(account: Account, intent: PaymentIntent) -> None:
    """It is neither captured nor already given up."""
    if intent.status in CANCELABLE:
        return
    raise _wrong_state(
        account,
        intent,
        f"You cannot cancel this PaymentIntent because it has a status of {intent.status}. "
        "Only a PaymentIntent with one of the following statuses may be canceled: "
        "requires_payment_method, requires_capture, requires_reauthorization, "
        "requires_confirmation, requires_action, expired, processing.",
    )


def check_confirmable(account: Account, intent: PaymentIntent) -> None:
    """The bank has not said yes yet."""
    if intent.status not in CONFIRMABLE:
        raise _wrong_state(account, intent, _why_not_confirmable(intent))


def check_changeable(account: Account, intent: PaymentIntent, param: str) -> None:
    """Its amount, currency or card, whichever ``param`` names, may still be changed."""
    if intent.status in CONFIRMABLE:
        return
    raise _wrong_state(
        account,
        intent,
        f"This PaymentIntent's {param} could not be updated because it has a status of "
        f"{intent.status}. You may only update the {param} of a PaymentIntent with one of the "
        "following statuses: requires_payment_method, requires_confirmation, requires_action.",
        param=param,
    )


def _check_least(amount: int, currency: str, settlement: str) -> None:
    given, kept = CURRENCIES[currency], CURRENCIES[settlement]
    comes_to = converted(amount, currency, settlement)
    if comes_to >= kept.minimum:
        return
    if currency == settlement:
        message = f"Amount must be at least {kept.printed(kept.minimum)} {currency}"
    else:
        message = (
            f"Amount must convert to at least {kept.minimum} {kept.unit}. "
            f"{given.printed(amount)} converts to approximately {kept.printed(comes_to)}."
        )
    raise ParameterError(message, "amount", "amount_too_small")


def _why_not_capturable(intent: PaymentIntent) -> str:
    if 0 < intent.amount_received < intent.amount:
        return (
            "The remaining amount on this PaymentIntent could not be captured because the "
            "remainder of the authorized amount has been released."
        )
    return (
        f"This PaymentIntent could not be captured because it has a status of {intent.status}. "
        "Only a PaymentIntent with one of the following statuses may be captured: "
        "requires_capture."
    )


def _why_not_confirmable(intent: PaymentIntent) -> str:
    if intent.status is IntentStatus.SUCCEEDED:
        return (
            "You cannot confirm this PaymentIntent because it has already succeeded after being "
            "previously confirmed."
        )
    return (
        f"You cannot confirm this PaymentIntent because it has a status of {intent.status}. Only "
        "a PaymentIntent with one of the following statuses may be confirmed: "
        "requires_confirmation, requires_action."
    )


def _wrong_state(
    account: Account, intent: PaymentIntent, message: str, *, param: str | None = None
) -> StripeError:
    return StripeError(
        400,
        message,
        code="payment_intent_unexpected_state",
        param=param,
        payment_intent=account.render(intent),
    )
