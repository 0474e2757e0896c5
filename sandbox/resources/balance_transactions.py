"""Balance transactions: every movement of the shop's balance, never changed."""

from collections.abc import Mapping, Sequence

from sandbox.account import Account, Json
from sandbox.endpoint import Call, Endpoint
from sandbox.expansion import Rule, to
from sandbox.lists import Page, Run, list_form, page_of_runs
from sandbox.params import TimeRange, form, text
from sandbox.records import BalanceTransaction, Payout
from sandbox.store import Table

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
    wanted = {name: params[name] for name in ("type", "currency", "payout") if name in params}
    payout: Payout | None = None
    if "payout" in params:
        payout = account.require(account.payouts, params["payout"], "payout", status=400)
    if "source" in params:
        runs = [Run(table.some(_of_source(account, params["source"])))]
    elif wanted:
        runs = _runs(table, wanted, payout)
    else:
        runs = [Run(table.rows())]
    return page_of_runs(
        table,
        params,
        "/v1/balance_transactions",
        runs,
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


def _runs(
    table: Table[BalanceTransaction], wanted: Mapping[str, str], payout: Payout | None
) -> list[Run]:
    """All rows of the wanted currency and type; for a payout all of its own, and few others."""
    return [
        Run(
            table.where("currency_and_type", (currency, type)),
            TimeRange() if payout is None else _time_of(payout, type),
        )
        for currency, type in table.values("currency_and_type")
        if wanted.get("currency", currency) == currency
        and wanted.get("type", type) == type
        and (payout is None or payout.currency == currency)
    ]


def _time_of(payout: Payout, type: str) -> TimeRange:
    """When its rows of a type were made; its own row is as old as the payout itself."""
    return TimeRange(payout.since, payout.created if type == "payout" else payout.until)


def _matches(row: BalanceTransaction, wanted: Mapping[str, str]) -> bool:
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
