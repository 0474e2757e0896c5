"""Why a bank says no, with every word Stripe uses for it."""

import msgspec


class Decline(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """One reason; ``code`` and ``decline_code`` are the error's, the rest the charge outcome's."""

    code: str
    decline_code: str
    message: str
    seller_message: str
    param: str | None = None
    """What the error of a set-up names; the error of a charge names nothing."""

    advice: str | None = "try_again_later"
    network_code: str | None = "01"
    outcome: str = "issuer_declined"
    network_status: str = "declined_by_network"
    reason: str
    risk_level: str = "normal"


REFUSED = "Your card was declined."


def _declined(decline_code: str, message: str = REFUSED, network_code: str = "01") -> Decline:
    return Decline(
        code="card_declined",
        decline_code=decline_code,
        message=message,
        seller_message=f"The bank returned the decline code `{decline_code}`.",
        reason=decline_code,
        network_code=network_code,
    )


def _own_code(code: str, message: str, network_code: str, param: str | None = None) -> Decline:
    return Decline(
        code=code,
        decline_code=code,
        message=message,
        seller_message=f"The bank returned the decline code `{code}`.",
        reason=code,
        param=param,
        advice="confirm_card_data" if param else "try_again_later",
        network_code=network_code,
    )


GENERIC = Decline(
    code="card_declined",
    decline_code="generic_decline",
    message=REFUSED,
    seller_message="The bank did not return any further details with this decline.",
    reason="generic_decline",
)
INSUFFICIENT_FUNDS = _declined("insufficient_funds", "Your card has insufficient funds.", "51")
LOST_CARD = _declined("lost_card", network_code="41")
STOLEN_CARD = _declined("stolen_card", network_code="43")
VELOCITY_EXCEEDED = _declined(
    "card_velocity_exceeded",
    "Your card was declined for making repeated attempts too frequently or exceeding its "
    "amount limit.",
    "61",
)
EXPIRED_CARD = _own_code("expired_card", "Your card has expired.", "54", "exp_month")
INCORRECT_CVC = _own_code("incorrect_cvc", "Your card's security code is incorrect.", "N7", "cvc")
PROCESSING_ERROR = _own_code(
    "processing_error",
    "An error occurred while processing your card. Try again in a little bit.",
    "96",
)
BLOCKED = Decline(
    code="card_declined",
    decline_code="fraudulent",
    message=REFUSED,
    seller_message="Stripe blocked this payment as too risky.",
    advice=None,
    network_code=None,
    outcome="blocked",
    network_status="not_sent_to_network",
    reason="highest_risk_level",
    risk_level="highest",
)
AUTHENTICATION_REQUIRED = Decline(
    code="authentication_required",
    decline_code="authentication_required",
    message="Your card was declined. This transaction requires authentication.",
    seller_message="The bank returned the decline code `authentication_required`.",
    advice=None,
    network_code=None,
    reason="authentication_required",
)
AUTHENTICATION_FAILED = Decline(
    code="authentication_failure",
    decline_code="authentication_failure",
    message="The student failed the challenge.",
    seller_message="",
    advice=None,
    network_code=None,
    reason="authentication_failure",
)
"""Not a card error: ``failures`` words it for either kind of intent."""
