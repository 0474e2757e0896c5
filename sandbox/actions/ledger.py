"""Movements of the balance: each one a balance transaction."""

from typing import Any

from sandbox.account import Account
from sandbox.actions.settling import Settled, settled
from sandbox.currencies import converted
from sandbox.money import (
    HOME,
    business_midnight,
    dispute_fee,
    processing_fee,
    two_business_days_after,
)
from sandbox.records import BalanceTransaction, Charge, Dispute, Refund

PAYOUT = "STRIPE PAYOUT"
"""The description of a payout and of its row."""


def book_charge(account: Account, charge: Charge, *, at_once: bool) -> BalanceTransaction:
    """Money taken, less the processing fee; ``at_once`` makes it available without delay."""
    taken = settled(charge)
    return _book(
        account,
        type="charge",
        **taken._asdict(),
        fee=processing_fee(
            taken.amount,
            taken.currency,
            foreign=charge.details.card.country != HOME,
            converting=taken.exchange_rate is not None,
        ),
        source=charge.id,
        description=charge.description,
        available_on=account.now() if at_once else None,
    )


def book_refund(
    account: Account, refund: Refund, charge: Charge, money: Settled
) -> BalanceTransaction:
    """Money given back; the fee is not."""
    return _book(
        account,
        type="refund",
        **money.leaving()._asdict(),
        source=refund.id,
        description=f"REFUND FOR CHARGE{_of(charge)}",
    )


def book_refund_failure(
    account: Account, refund: Refund, charge: Charge, money: Settled
) -> BalanceTransaction:
    """Money that the bank returned."""
    return _book(
        account,
        type="refund_failure",
        **money._asdict(),
        source=refund.id,
        description=f"REFUND FAILURE FOR CHARGE{_of(charge)}",
    )


def book_withdrawal(account: Account, dispute: Dispute, money: Settled) -> BalanceTransaction:
    """The disputed amount and a fee, taken out."""
    return _book(
        account,
        type="adjustment",
        category="dispute",
        **money.leaving()._asdict(),
        fee=dispute_fee(money.currency),
        fee_description="Dispute fee",
        source=dispute.id,
        description=f"Chargeback withdrawal for {dispute.charge}",
    )


def book_reinstatement(
    account: Account, dispute: Dispute, money: Settled, fee: int
) -> BalanceTransaction:
    """The disputed amount, put back, and as much of the fee as ``fee`` says."""
    return _book(
        account,
        type="adjustment",
        category="dispute_reversal",
        **money._asdict(),
        fee=-fee,
        fee_description="Dispute fee refund",
        source=dispute.id,
        description=f"Chargeback reversal for {dispute.charge}",
    )


def book_payout(account: Account, payout: str, amount: int, currency: str) -> BalanceTransaction:
    """``amount`` sent to the bank by the payout of that id; it leaves the balance at once."""
    return _book(
        account,
        type="payout",
        amount=-amount,
        currency=currency,
        source=payout,
        description=PAYOUT,
        available_on=account.now(),
        payout=payout,
        of_payment=False,
    )


def book_stripe_fee(account: Account, cents: int, description: str) -> BalanceTransaction:
    """So many US cents for something that is no payment: an amount, without a fee of its own."""
    currency = account.settings.settlement_currencies[0]
    return _book(
        account,
        type="stripe_fee",
        category="fee",
        amount=-converted(cents, "usd", currency),
        currency=currency,
        description=description,
        available_on=account.now(),
        of_payment=False,
    )


def _of(charge: Charge) -> str:
    return f" ({charge.description})" if charge.description else ""


def _book(
    account: Account,
    *,
    type: str,
    category: str | None = None,
    available_on: int | None = None,
    of_payment: bool = True,
    **members: Any,
) -> BalanceTransaction:
    transaction = BalanceTransaction(
        **account.stamp("txn", of_payment=of_payment),
        type=type,
        reporting_category=category or type,
        available_on=available_on or two_business_days_after(account.now()),
        **members,
    )
    account.balance_transactions.add(transaction)
    if transaction.payout is None and account.balance.add(transaction):
        due = business_midnight(transaction.available_on)
        account.timers.schedule(due, "pay_out", transaction.currency)
    return transaction
