"""The audit trail of a window as a file: who did what, when, from where, and what came of it.

The newest first. Nothing of Stripe's is read. One day is in memory at a time.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping

from jobs.reading import Reading
from jobs.report import Outcome, Write
from shop.audit.entry import Entry, Result
from shop.audit.wording import sentence
from shop.reports.summary import MOST_ROWS, Table, count_figure, summary, table
from shop.reports.table import Cell, Column, Moment
from shop.rules.local_time import UTC
from shop.rules.money import Amount

VERSION = 1
LISTINGS = ()

COLUMNS = (
    Column("at_utc", "When (UTC)", "moment"),
    Column("at", "When", "moment"),
    Column("milliseconds", "Unix milliseconds", "integer"),
    Column("sentence", "What happened", "text"),
    Column("who", "Who", "text"),
    Column("via", "Known by", "text"),
    Column("client", "From", "text"),
    Column("action", "Action", "text"),
    Column("result", "Result", "text"),
    Column("code", "Why", "text"),
    Column("status", "HTTP status", "integer"),
    Column("repeated", "Asked again", "text"),
    Column("amount", "Amount", "money"),
    Column("currency", "Currency", "text"),
    Column("customer_id", "Customer", "text"),
    Column("payment_intent_id", "PaymentIntent", "text"),
    Column("new_payment_intent_id", "In its place", "text"),
    Column("refund_id", "Refund", "text"),
    Column("report_id", "Report", "text"),
    Column("job_id", "Job", "text"),
    Column("detail", "Detail", "text"),
    Column("request_id", "Request", "text"),
    Column("entry_id", "Entry", "text"),
)

COUNTS = (
    Column("done", "Done", "integer"),
    Column("refused", "Refused", "integer"),
    Column("unknown", "Unknown", "integer"),
)
BY_ACTION = (Column("action", "Action", "text"), *COUNTS)
BY_ACCOUNT = (Column("account", "Account", "text"), *COUNTS)

OTHERS = {"link": "students", "nobody": "visitors", "open": "anybody on the machine", "": "nobody"}
"""Those who have no account, by how we know them."""

Counted = defaultdict[str, Counter[Result]]


async def make(reading: Reading, write: Write) -> Outcome:
    """List every action that began in the window."""
    by_action: Counted = defaultdict(Counter)
    by_account: Counted = defaultdict(Counter)
    async for entry in reading.audit_trail():
        write(_cells(entry, reading))
        by_action[entry.action][entry.result] += 1
        by_account[_account(entry)][entry.result] += 1
    totals = sum(by_action.values(), Counter[Result]())
    found = {
        "entries": totals.total(),
        "done": totals[Result.OK],
        "refused": totals[Result.REFUSED],
        "unknown": totals[Result.UNKNOWN],
    }
    labels = {
        "entries": "Actions",
        "done": "Done",
        "refused": "Refused",
        "unknown": "Nobody knows how they ended",
    }
    return Outcome(
        summary=summary(
            found,
            figures=[count_figure(name, labels[name], count) for name, count in found.items()],
            tables=[
                _table("by_action", "By action", BY_ACTION, by_action),
                _table("by_account", "By account", BY_ACCOUNT, by_account),
            ],
        )
    )


def _cells(entry: Entry, reading: Reading) -> Mapping[str, Cell]:
    at = entry.at // 1000
    return {
        "at_utc": Moment(at, UTC),
        "at": Moment(at, reading.zone),
        "milliseconds": entry.at,
        "sentence": sentence(entry, reading.now),
        "who": entry.who,
        "via": entry.via,
        "client": entry.client,
        "action": entry.action,
        "result": entry.result.value,
        "code": entry.code,
        "status": entry.status,
        "repeated": "yes" if entry.repeated else "",
        "amount": None if entry.amount is None else Amount(entry.amount, entry.currency),
        "currency": entry.currency,
        "customer_id": entry.customer,
        "payment_intent_id": entry.payment,
        "new_payment_intent_id": entry.new_payment,
        "refund_id": entry.refund,
        "report_id": entry.report,
        "job_id": entry.job,
        "detail": entry.detail,
        "request_id": entry.request_id,
        "entry_id": entry.id,
    }


def _account(entry: Entry) -> str:
    if entry.via in OTHERS:
        return OTHERS[entry.via]
    return entry.who.partition("/")[0]


def _table(name: str, title: str, columns: tuple[Column, ...], counted: Counted) -> Table:
    """The most frequent first."""
    most = sorted(counted.items(), key=lambda item: (-item[1].total(), item[0]))[:MOST_ROWS]
    rows: list[list[Cell]] = [[key, *(counts[r] for r in Result)] for key, counts in most]
    return table(name, title, columns, rows)
