"""Charges that the card holder contests."""

from sandbox.account import Account
from sandbox.actions.ledger import book_reinstatement, book_withdrawal
from sandbox.actions.settling import part_settled, taken_by
from sandbox.money import DAY, dispute_fee
from sandbox.records import BalanceTransaction, Charge, Dispute
from sandbox.states import DisputeStatus
from sandbox.truth import is_lesson

DECIDED_AFTER = 5
"""Seconds from submitted evidence to the bank's decision."""

WINNING = "winning_evidence"
UNANSWERED = (DisputeStatus.NEEDS_RESPONSE, DisputeStatus.WARNING_NEEDS_RESPONSE)
CLOSED = (DisputeStatus.WON, DisputeStatus.LOST, DisputeStatus.WARNING_CLOSED)


def open_dispute(
    account: Account, charge: Charge, reason: str, *, inquiry: bool = False
) -> Dispute:
    """Contest a captured charge. An inquiry moves no money; a chargeback does at once."""
    needs = DisputeStatus.WARNING_NEEDS_RESPONSE if inquiry else DisputeStatus.NEEDS_RESPONSE
    stamp = account.stamp("du")
    dispute = Dispute(
        **stamp,
        charge=charge.id,
        payment_intent=charge.payment_intent,
        amount=charge.amount_captured - charge.amount_refunded,
        currency=charge.currency,
        reason=reason,
        status=needs,
        inquiry=inquiry,
        due_by=(stamp["created"] // DAY + 9) * DAY - 1,
        evidence={},
        metadata={},
    )
    account.disputes.add(dispute)
    account.timers.schedule(dispute.due_by + 1, "close_dispute", dispute.id)
    charge.dispute = dispute.id
    if not inquiry:
        money = part_settled(account, charge, dispute.amount)
        row = book_withdrawal(account, dispute, money)
        _attach_row(dispute, row)
        if is_lesson(charge.metadata):
            fee = dispute_fee(money.currency)
            account.truth.gave_back(row.created, money.currency, money.amount, fee)
    account.emit("charge.dispute.created", dispute)
    if not inquiry:
        account.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def arrive(account: Account, charge_id: str) -> None:
    """A timer: the card holder contests a charge of some days ago, if anything is left of it."""
    charge = account.require(account.charges, charge_id, None)
    if charge.dispute is None and charge.amount_refunded < charge.amount_captured:
        open_dispute(account, charge, "fraudulent")


def lapse(account: Account, dispute_id: str) -> None:
    """A timer: a dispute that nobody answered by its due date is lost, an inquiry closed."""
    dispute = account.require(account.disputes, dispute_id, None)
    if dispute.status in UNANSWERED:
        _close(
            account,
            dispute,
            DisputeStatus.WARNING_CLOSED if dispute.inquiry else DisputeStatus.LOST,
        )


def submit_evidence(account: Account, dispute: Dispute) -> None:
    """Hand the evidence to the bank, which decides a few seconds later."""
    dispute.submissions += 1
    dispute.status = (
        DisputeStatus.WARNING_UNDER_REVIEW if dispute.inquiry else DisputeStatus.UNDER_REVIEW
    )
    account.timers.schedule(account.now() + DECIDED_AFTER, "decide_dispute", dispute.id)


def decide(account: Account, dispute_id: str) -> None:
    """A timer: the bank decides by the evidence; only ``winning_evidence`` wins."""
    dispute = account.require(account.disputes, dispute_id, None)
    if dispute.status in CLOSED:
        return
    if dispute.inquiry:
        _close(account, dispute, DisputeStatus.WARNING_CLOSED)
    elif dispute.evidence.get("uncategorized_text") == WINNING:
        _win(account, dispute)
    else:
        _close(account, dispute, DisputeStatus.LOST)


def accept(account: Account, dispute: Dispute) -> None:
    """Concede: the dispute is lost."""
    _close(account, dispute, DisputeStatus.LOST)


def _win(account: Account, dispute: Dispute) -> None:
    charge = account.require(account.charges, dispute.charge, None)
    money = taken_by(account, dispute.balance_transactions[0])
    fee = dispute_fee(money.currency) if account.settings.dispute_fee_returned else 0
    row = book_reinstatement(account, dispute, money, fee)
    _attach_row(dispute, row)
    dispute.status = DisputeStatus.WON
    if is_lesson(charge.metadata):
        account.truth.came_back(row.created, money.currency, money.amount, fee)
    account.emit("charge.dispute.funds_reinstated", dispute)
    account.emit("charge.dispute.closed", dispute)


def _close(account: Account, dispute: Dispute, status: DisputeStatus) -> None:
    dispute.status = status
    account.emit("charge.dispute.closed", dispute)


def _attach_row(dispute: Dispute, row: BalanceTransaction) -> None:
    dispute.balance_transactions = (*dispute.balance_transactions, row.id)
