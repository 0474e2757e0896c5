"""Movements of the balance: each one a balance transaction."""

from typing import Any

from sandbox.account import Account
from sandbox.money import DISPUTE_FEE, processing_fee, two_business_days_after
from sandbox.records import BalanceTransaction, Charge, Dispute, Refund


def book_charge(account: Account, charge: Charge, *, at_once: bool) -> BalanceTransaction:
    """Money taken, less the processing fee; ``at_once`` makes it available without delay."""
    return _book(
        account,
        type="charge",
        amount=charge.amount_captured,
        fee=processing_fee(charge.amount_captured),
        source=charge.id,
        description=charge.description,
        available_on=account.now() if at_once else None,
    )


def book_refund(account: Account, refund: Refund, charge: Charge) -> BalanceTransaction:
    """Money given back; the fee is not."""
    return _book(
        account,
        type="refund",
        amount=-refund.amount,
        source=refund.id,
        description=f"REFUND FOR CHARGE{_of(charge)}",
    )


def book_refund_failure(account: Account, refund: Refund, charge: Charge) -> BalanceTransaction:
    """Money that the bank returned."""
    return _book(
        account,
        type="refund_failure",
        amount=refund.amount,
        source=refund.id,
        description=f"REFUND FAILURE FOR CHARGE{_of(charge)}",
    )


def book_withdrawal(account: Account, dispute: Dispute) -> BalanceTransaction:
    """The disputed amount and a fee, taken out."""
    return _book(
        account,
        type="adjustment",
        category="dispute",
        amount=-dispute.amount,
        fee=DISPUTE_FEE,
        fee_description="Dispute fee",
        source=dispute.id,
        description=f"Chargeback withdrawal for {dispute.charge}",
    )


def book_reinstatement(account: Account, dispute: Dispute) -> BalanceTransaction:
    """The disputed amount, put back; the fee is kept."""
    return _book(
        account,
        type="adjustment",
        category="dispute_reversal",
        amount=dispute.amount,
        source=dispute.id,
        description=f"Chargeback reversal for {dispute.charge}",
    )


def _of(charge: Charge) -> str:
    return f" ({charge.description})" if charge.description else ""


def _book(
    account: Account,
    *,
    type: str,
    category: str | None = None,
    available_on: int | None = None,
    **members: Any,
) -> BalanceTransaction:
    transaction = BalanceTransaction(
        **account.stamp("txn"),
        type=type,
        reporting_category=category or type,
        available_on=available_on or two_business_days_after(account.now()),
        **members,
    )
    account.balance_transactions.add(transaction)
    return transaction
