"""Taking the money: of a hold, or at once."""

from sandbox.account import Account
from sandbox.actions import disputing, warning
from sandbox.actions.ledger import book_charge
from sandbox.cards import Aftermath
from sandbox.changes import previous_attributes
from sandbox.records import Charge, PaymentIntent
from sandbox.states import IntentStatus
from sandbox.truth import is_lesson

DISPUTED = {
    Aftermath.DISPUTE_FRAUDULENT: "fraudulent",
    Aftermath.DISPUTE_NOT_RECEIVED: "product_not_received",
    Aftermath.INQUIRY: "fraudulent",
}
"""The reason a card of that kind gives for contesting the charge."""


def capture(account: Account, intent: PaymentIntent, charge: Charge, amount: int) -> None:
    """Take ``amount`` cents of a hold; the rest is released, which makes no refund."""
    _mark_captured(account, intent, charge, amount)
    book(account, charge)
    account.emit("charge.captured", charge)
    _contest(account, charge)
    account.emit("payment_intent.succeeded", intent)


def take(account: Account, intent: PaymentIntent, charge: Charge) -> None:
    """Take the whole amount as soon as the bank agrees.

    With ``automatic_async`` the balance transaction follows a second later, as
    ``charge.updated`` tells.
    """
    _mark_captured(account, intent, charge, charge.amount)
    if intent.capture_method == "automatic_async":
        account.timers.schedule(account.now() + 1, "book_charge", charge.id)
    else:
        book(account, charge)
    account.emit("charge.succeeded", charge)
    _contest(account, charge)
    account.emit("payment_intent.succeeded", intent)


def book(account: Account, charge: Charge) -> None:
    """Write the balance transaction of a captured charge."""
    at_once = charge.details.card.aftermath is Aftermath.AVAILABLE_AT_ONCE
    transaction = book_charge(account, charge, at_once=at_once)
    charge.balance_transaction = transaction.id
    if is_lesson(charge.metadata):
        account.truth.captured(
            transaction.created, transaction.currency, transaction.amount, transaction.fee
        )


def book_later(account: Account, charge_id: str) -> None:
    """A timer: the balance transaction of an ``automatic_async`` payment."""
    charge = account.require(account.charges, charge_id, None)
    before = account.render(charge)
    book(account, charge)
    previous = previous_attributes(before, account.render(charge))
    account.emit("charge.updated", charge, previous)


def _mark_captured(account: Account, intent: PaymentIntent, charge: Charge, amount: int) -> None:
    charge.captured = True
    charge.settlement_currency = account.settings.settlement_of(charge.currency)
    charge.amount_captured = amount
    intent.amount_received = amount
    intent.status = IntentStatus.SUCCEEDED


def _contest(account: Account, charge: Charge) -> None:
    aftermath = charge.details.card.aftermath
    if aftermath in DISPUTED:
        disputing.open_dispute(
            account, charge, DISPUTED[aftermath], inquiry=aftermath is Aftermath.INQUIRY
        )
    elif aftermath is Aftermath.FRAUD_WARNING:
        warning.warn(account, charge)
