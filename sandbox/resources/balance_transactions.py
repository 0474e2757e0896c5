"""Balance transactions: every movement of the shop's balance, never changed."""

from collections.abc import Sequence

from sandbox.account import Account, Json
from sandbox.endpoint import Call, Endpoint
from sandbox.expansion import Rule, to
from sandbox.lists import Page, list_form, page
from sandbox.params import form, text
from sandbox.records import BalanceTransaction, Payout

EXPANDABLE: dict[str, Rule] = {"source": to("charge", "refund", "dispute", "payout")}

RETRIEVE = form()
LIST = list_form(type=text, source=text, currency=text, payout=text)


def render(account: Account, row: BalanceTransaction) -> Json:
    """Stripe's balance transaction; pending until the day it becomes available."""
    fee = row.fee
    return {
        "id": row.id,
        "object": "balance_transaction",
        "amount": row.amount,
        "available_on": row.available_on,
        "balance_type": "payments",
        "created": row.created,
        "currency": row.currency,
        "description": row.description,
        "exchange_rate": row.exchange_rate,
        "fee": fee,
        "fee_details": [
            {
                "amount": fee,
                "application": None,
                "currency": row.currency,
                "description": row.fee_description,
                "type": "stripe_fee",
            }
        ]
        if fee
        else [],
        "net": row.amount - fee,
        "reporting_category": row.reporting_category,
        "source": row.source,
        "status": "available" if row.available_on <= account.now() else "pending",
        "type": row.type,
    }


def retrieve(call: Call) -> BalanceTransaction:
    """One movement."""
    rows = call.account.balance_transactions
    return call.account.require(rows, call.path["id"], "id")


def list_all(call: Call) -> Page:
    """Movements, newest first; those of a payout are its own and the ones it paid out."""
    account, params = call.account, call.params
    table = account.balance_transactions
    rows: Sequence[BalanceTransaction] | None = None
    if "payout" in params:
        payout = account.require(account.payouts, params["payout"], "payout", status=400)
        rows = _around(account, payout)
    if "source" in params:
        rows = table.some(_of_source(account, params["source"]))
    elif rows is None and "type" in params:
        rows = table.where("type", params["type"])
    wanted = {name: params[name] for name in ("type", "currency", "payout") if name in params}
    return page(
        table,
        params,
        "/v1/balance_transactions",
        rows=rows,
        keep=None if not wanted else lambda row: _matches(row, wanted),
    )


def _of_source(account: Account, id: str) -> Sequence[str]:
    # Asked for a dispute, Stripe was seen to answer an empty list although the rows name it.
    charge, refund = account.charges.get(id), account.refunds.get(id)
    payout = account.payouts.get(id)
    if charge is not None:
        rows: tuple[str | None, ...] = (charge.balance_transaction,)
    elif refund is not None:
        rows = (refund.balance_transaction, refund.failure_balance_transaction)
    elif payout is not None:
        rows = (payout.balance_transaction,)
    else:
        rows = ()
    return [row for row in rows if row is not None]


def _around(account: Account, payout: Payout) -> Sequence[BalanceTransaction]:
    """The rows of a payout, its own the last of them, and few others."""
    table = account.balance_transactions
    rows = table.made(payout.since, payout.until)
    if payout.until < payout.created:
        rows.append(account.require(table, payout.balance_transaction, None))
    return rows


def _matches(row: BalanceTransaction, wanted: dict[str, str]) -> bool:
    return all(getattr(row, name) == value for name, value in wanted.items())


ENDPOINTS = (
    Endpoint(
        "GET",
        "/v1/balance_transactions",
        list_all,
        LIST,
        "balance_transaction",
        many=True,
    ),
    Endpoint("GET", "/v1/balance_transactions/{id}", retrieve, RETRIEVE, "balance_transaction"),
)
