"""Other metadata on a charge, which may make it a lesson's, or no longer one."""

from collections.abc import Iterator

from sandbox.account import Account
from sandbox.records import BalanceTransaction, Charge, Metadata
from sandbox.truth import Movement, is_lesson


def relabel(account: Account, charge: Charge, metadata: Metadata) -> None:
    """Give ``charge`` this metadata instead.

    What it has moved so far is put into the truth or taken out of it, because a report goes by the
    metadata that it reads, and not by what it was when the money moved.
    """
    was = is_lesson(charge.metadata)
    charge.metadata = metadata
    if is_lesson(metadata) == was:
        return
    for row in _rows(account, charge):
        if was:
            account.truth.take_out(row.currency, _movement(row))
        else:
            account.truth.put_in(row.currency, _movement(row))


def _rows(account: Account, charge: Charge) -> Iterator[BalanceTransaction]:
    """Every movement of the balance that a charge has brought about."""
    ids = [charge.balance_transaction]
    for refund in account.refunds.some(charge.refunds):
        ids += refund.balance_transaction, refund.failure_balance_transaction
    if charge.dispute is not None:
        ids += account.require(account.disputes, charge.dispute, None).balance_transactions
    return (account.require(account.balance_transactions, id, None) for id in ids if id)


def _movement(row: BalanceTransaction) -> Movement:
    payments = row.amount if row.type == "charge" else 0
    return row.created, payments, payments - (row.amount - row.fee)
