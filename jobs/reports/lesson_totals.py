"""The lesson totals: every movement of lesson money in the window, and what it adds up to.

A movement is in the window by its own time. Whether it is lesson money is decided by the
metadata of the charge it hangs on, even when that charge is older than the window.
"""

from zoneinfo import ZoneInfo

from jobs.reading import Reading
from jobs.report import Outcome, Write
from jobs.reports.charges import charge_of
from jobs.reports.lesson_totals_summary import Seen, answer_of, summary_of
from shop.reports.table import Cell, Column, Moment
from shop.rules.balance_groups import Group, group_of
from shop.rules.lesson_ledger import Entry, LessonLedger, Line
from shop.rules.local_time import UTC, LocalTime
from shop.rules.money import Amount
from shop.stripe_gateway.listings import BALANCE_TRANSACTIONS
from shop.stripe_gateway.objects import BalanceSource, BalanceTransaction, Charge

VERSION = 1
LISTINGS = (BALANCE_TRANSACTIONS,)

COLUMNS = (
    Column("balance_transaction_id", "Balance transaction", "text"),
    Column("created_utc", "Created (UTC)", "moment"),
    Column("created", "Created", "moment"),
    Column("available_on_utc", "Available on (UTC)", "moment"),
    Column("available_on", "Available on", "moment"),
    Column("currency", "Currency", "text"),
    Column("gross", "Gross", "money"),
    Column("fee", "Fee", "money"),
    Column("net", "Net", "money"),
    Column("reporting_category", "Reporting category", "text"),
    Column("source_id", "Source", "text"),
    Column("description", "Description", "text"),
    Column("customer_facing_amount", "Amount the student sees", "money"),
    Column("customer_facing_currency", "Currency the student sees", "text"),
    Column("customer_id", "Customer", "text"),
    Column("charge_id", "Charge", "text"),
    Column("payment_intent_id", "PaymentIntent", "text"),
    Column("charge_created_utc", "Charge created (UTC)", "moment"),
    Column("charge_created", "Charge created", "moment"),
    Column("payment_method_type", "Paid with", "text"),
    Column("card_brand", "Card brand", "text"),
    Column("card_funding", "Card funding", "text"),
    Column("card_country", "Card country", "text"),
    Column("dispute_reason", "Dispute reason", "text"),
    Column("payment_metadata[type]", "Payment type", "text"),
    Column("line", "Line", "text"),
    Column("lesson", "Lesson", "text"),
    Column("instructor", "Instructor", "text"),
    Column("billing_name", "Name on the card", "text"),
    Column("billing_email", "E-mail on the card", "text"),
)
"""First the columns of Stripe's itemised balance report, in its order, that a row, its source and
its charge can fill (https://docs.stripe.com/reports/report-types#balance); then the shop's own."""


async def make(reading: Reading, write: Write) -> Outcome:
    """Add up the lesson money that moved in the window."""
    clock = LocalTime(reading.zone)
    ledger, seen = LessonLedger(clock), Seen()
    async for row in reading.each(BALANCE_TRANSACTIONS):
        charge = await charge_of(reading, row)
        group = group_of(row.reporting_category, charge.metadata if charge else None)
        seen.count(group, row)
        if charge is not None and group is Group.LESSONS:
            write(_cells(row, charge, ledger.add(_entry(row, charge)), reading.zone))
    return Outcome(
        summary=summary_of(ledger, seen, reading.window, clock), answer=answer_of(ledger)
    )


def _entry(row: BalanceTransaction, charge: Charge) -> Entry:
    return Entry(
        time=row.created,
        currency=row.currency,
        reporting_category=row.reporting_category,
        amount=row.amount,
        fee=row.fee,
        net=row.net,
        lesson=charge.description,
        instructor=charge.metadata.get("instructor"),
    )


def _cells(row: BalanceTransaction, charge: Charge, line: Line, zone: ZoneInfo) -> dict[str, Cell]:
    source = row.source if isinstance(row.source, BalanceSource) else None
    facing = _customer_facing(row, source)
    card, billing, method = charge.card, charge.billing_details, charge.payment_method_details
    return {
        "balance_transaction_id": row.id,
        "created_utc": Moment(row.created, UTC),
        "created": Moment(row.created, zone),
        "available_on_utc": Moment(row.available_on, UTC),
        "available_on": Moment(row.available_on, zone),
        "currency": row.currency,
        "gross": Amount(row.amount, row.currency),
        "fee": Amount(row.fee, row.currency),
        "net": Amount(row.net, row.currency),
        "reporting_category": row.reporting_category,
        "source_id": source.id if source else str(row.source),
        "description": row.description,
        "customer_facing_amount": facing,
        "customer_facing_currency": facing.currency if facing else None,
        "customer_id": charge.customer,
        "charge_id": charge.id,
        "payment_intent_id": charge.payment_intent,
        "charge_created_utc": Moment(charge.created, UTC),
        "charge_created": Moment(charge.created, zone),
        "payment_method_type": method.type if method else None,
        "card_brand": card.brand,
        "card_funding": card.funding,
        "card_country": card.country,
        "dispute_reason": source.reason if source and source.object == "dispute" else None,
        "payment_metadata[type]": charge.metadata.get("type"),
        "line": line.value,
        "lesson": charge.description,
        "instructor": charge.metadata.get("instructor"),
        "billing_name": billing.name if billing else None,
        "billing_email": billing.email if billing else None,
    }


def _customer_facing(row: BalanceTransaction, source: BalanceSource | None) -> Amount | None:
    """The amount in the charge's own currency; only a conversion makes it differ from the gross."""
    if row.exchange_rate is None:
        return Amount(row.amount, row.currency)
    if source is None:
        return None
    amount = source.amount_captured if source.object == "charge" else source.amount
    return Amount(amount if row.amount >= 0 else -amount, source.currency)
