"""Giving money back, and what the bank may still do about it."""

from sandbox.account import Account
from sandbox.actions.ledger import book_refund, book_refund_failure
from sandbox.actions.settling import part_settled, taken_by
from sandbox.cards import Aftermath
from sandbox.changes import previous_attributes
from sandbox.records import Charge, Metadata, Refund
from sandbox.states import RefundStatus
from sandbox.truth import is_lesson

SETTLES_AFTER = 5
"""Seconds until a refund of the pending or failing test card is decided."""


def refund(
    account: Account, charge: Charge, amount: int, reason: str | None, metadata: Metadata
) -> Refund:
    """Give ``amount`` cents of a captured charge back."""
    aftermath = charge.details.card.aftermath
    pending = aftermath is Aftermath.REFUND_PENDING
    given = Refund(
        **account.stamp("re"),
        charge=charge.id,
        payment_intent=charge.payment_intent,
        amount=amount,
        currency=charge.currency,
        reason=reason,
        status=RefundStatus.PENDING if pending else RefundStatus.SUCCEEDED,
        metadata=metadata,
    )
    money = part_settled(account, charge, amount)
    row = book_refund(account, given, charge, money)
    given.balance_transaction = row.id
    account.refunds.add(given)
    charge.refunds = (*charge.refunds, given.id)
    charge.amount_refunded += amount
    if is_lesson(charge.metadata):
        account.truth.gave_back(row.created, money.currency, money.amount)
    if pending:
        account.timers.schedule(account.now() + SETTLES_AFTER, "settle_refund", given.id)
    if aftermath is Aftermath.REFUND_FAILS:
        account.timers.schedule(account.now() + SETTLES_AFTER, "fail_refund", given.id)
    account.emit("refund.created", given)
    account.emit("charge.refunded", charge)
    return given


def settle(account: Account, refund_id: str) -> None:
    """A timer: a pending refund goes through."""
    given = account.require(account.refunds, refund_id, None)
    given.status = RefundStatus.SUCCEEDED
    previous = {"status": RefundStatus.PENDING}
    account.emit("refund.updated", given, previous)
    account.emit("charge.refund.updated", given, previous)


def fail(account: Account, refund_id: str) -> None:
    """A timer: the bank returns a refund, and the money is back in the balance."""
    given = account.require(account.refunds, refund_id, None)
    charge = account.require(account.charges, given.charge, None)
    before = account.render(given)
    money = taken_by(account, given.balance_transaction or "")
    row = book_refund_failure(account, given, charge, money)
    given.status = RefundStatus.FAILED
    given.failure_balance_transaction = row.id
    given.failure_reason = "expired_or_canceled_card"
    charge.amount_refunded -= given.amount
    if is_lesson(charge.metadata):
        account.truth.came_back(row.created, money.currency, money.amount)
    previous = previous_attributes(before, account.render(given))
    account.emit("refund.failed", given)
    account.emit("charge.refund.updated", given, previous)
