"""What is available, sent to the shop's bank account by itself."""

from sandbox.account import Account
from sandbox.actions.ledger import book_payout
from sandbox.balance import PayoutSchedule
from sandbox.money import business_midnight, two_business_days_after
from sandbox.records import Payout


def pay_out(account: Account, currency: str) -> None:
    """A timer, due on the first business midnight after something has become available.

    It sends all there is; where that is nothing or less, it stays until more comes.
    """
    now = account.now()
    amount = account.balance.available(currency, now)
    if account.settings.payout_schedule is PayoutSchedule.MANUAL or amount <= 0:
        return
    rows = account.balance.take(currency, now)
    stamp = account.stamp("po")
    payout = Payout(
        **stamp,
        amount=amount,
        currency=currency,
        arrival_date=two_business_days_after(now),
        balance_transaction=book_payout(account, stamp["id"], amount, currency).id,
        since=min(row.created for row in rows),
        until=max(row.created for row in rows),
    )
    for row in rows:
        row.payout = payout.id
    account.payouts.add(payout)
    account.timers.schedule(payout.arrival_date, "payout_arrives", payout.id)
    account.emit("payout.created", payout)


def arrive(account: Account, payout_id: str) -> None:
    """A timer: the money is in the bank account, as the payout's status then says."""
    account.emit("payout.paid", account.require(account.payouts, payout_id, None))


def resume(account: Account) -> None:
    """Once the schedule was changed: what has piled up goes at the next business midnight."""
    for currency in account.balance.currencies():
        account.timers.schedule(business_midnight(account.now()), "pay_out", currency)
