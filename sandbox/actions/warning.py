"""What the card holder's bank tells of a charge before anybody contests it."""

from sandbox.account import Account
from sandbox.records import Charge, EarlyFraudWarning


def warn(account: Account, charge: Charge) -> EarlyFraudWarning:
    """Report a captured charge as possible fraud, which moves no money.

    It comes with the capture, as the test cards' disputes do: a hold was not yet taken from
    anybody.
    """
    warning = EarlyFraudWarning(
        **account.stamp("issfr"), charge=charge.id, payment_intent=charge.payment_intent
    )
    account.early_fraud_warnings.add(warning)
    account.emit("radar.early_fraud_warning.created", warning)
    return warning
