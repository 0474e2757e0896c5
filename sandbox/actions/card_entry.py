"""A card as it is typed in: checked, and made into a PaymentMethod."""

import re
import time
from collections.abc import Mapping
from typing import Any

from sandbox.account import Account
from sandbox.cards import BY_NAME, BY_NUMBER, Card, passes_luhn
from sandbox.errors import StripeError
from sandbox.records import BillingDetails, CardDetails, Metadata, PaymentMethod

NOT_A_TEST_CARD = (
    "Your card was declined. Your request was in test mode, but used a non test card. For a list "
    "of valid test cards, visit: https://stripe.com/docs/testing."
)


def entered_card(account: Account, fields: Mapping[str, Any]) -> CardDetails:
    """The card of these fields (``number``, ``exp_month``, ``exp_year``, ``cvc`` or ``token``).

    Raises Stripe's 402 for a mistyped number, a date in the past or a malformed CVC, and for a
    number that is not one of the test cards.
    """
    if "token" in fields:
        return named_card(account, fields["token"], "card[token]")
    number = re.sub(r"[\s-]", "", fields["number"])
    if not re.fullmatch(r"[0-9]{12,19}", number) or not passes_luhn(number):
        raise _mistyped("incorrect_number", "Your card number is incorrect.", "number")
    card = BY_NUMBER.get(number)
    if card is None:
        raise _mistyped("card_declined", NOT_A_TEST_CARD, "number", "test_mode_live_card")
    month, year = _expiry(account, fields["exp_month"], fields["exp_year"])
    cvc = fields.get("cvc")
    if cvc is not None and not re.fullmatch(_cvc_pattern(card), cvc):
        raise _mistyped("invalid_cvc", "Your card's security code is invalid.", "cvc")
    return CardDetails(
        card=card,
        exp_month=month,
        exp_year=year,
        cvc_check=None if cvc is None else "unchecked",
    )


def named_card(account: Account, name: str, param: str) -> CardDetails:
    """The card behind ``pm_card_visa`` or ``tok_visa``, expiring next year."""
    if name not in BY_NAME:
        raise StripeError(400, f"No such token: '{name}'", code="resource_missing", param=param)
    year = time.gmtime(account.now()).tm_year + 1
    return CardDetails(card=BY_NAME[name], exp_month=12, exp_year=year, cvc_check="unchecked")


def new_method(
    account: Account, details: CardDetails, billing: BillingDetails, metadata: Metadata
) -> PaymentMethod:
    """Store a card that belongs to nobody yet. There is no event for it."""
    method = PaymentMethod(
        **account.stamp("pm"), details=details, billing=billing, metadata=metadata
    )
    account.payment_methods.add(method)
    return method


def _expiry(account: Account, month: int, year: int) -> tuple[int, int]:
    today = time.gmtime(account.now())
    year += 2000 if 0 <= year < 100 else 0
    if not 1 <= month <= 12:
        raise _mistyped(
            "invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month"
        )
    if not today.tm_year <= year <= today.tm_year + 50:
        raise _mistyped(
            "invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year"
        )
    if (year, month) < (today.tm_year, today.tm_mon):
        raise _mistyped(
            "invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month"
        )
    return month, year


def _cvc_pattern(card: Card) -> str:
    return "[0-9]{3,4}" if card.brand == "amex" else "[0-9]{3}"


def _mistyped(code: str, message: str, param: str, decline_code: str | None = None) -> StripeError:
    return StripeError(
        402, message, type="card_error", code=code, param=param, decline_code=decline_code
    )
