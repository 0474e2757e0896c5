"""Refunds and disputes of lesson payments that were made in the window, and what each moved.

Each is in the window by its own time, and shown as Stripe has it at the time of reading: a refund
of last month that failed today is last month's, with its money back. Accounts on an API version
before 2025-03-31 have a refund for what a partial capture left or a lapsed hold released. No
student was given anything back by those, so they are counted apart and not listed.
"""

from collections.abc import AsyncIterator
from typing import NamedTuple

from jobs.reading import Reading
from jobs.report import Outcome, Write
from jobs.reports.charges import charge_of, found
from jobs.reports.refunds_and_disputes_summary import Found, summary_of
from shop.reports.table import Cell, Column, Moment
from shop.rules.balance_groups import Group, group_of
from shop.rules.lesson_ledger import is_lesson
from shop.rules.local_time import UTC
from shop.rules.money import Amount
from shop.rules.moved import moved
from shop.stripe_gateway.listings import DISPUTES, MONEY_GIVEN_BACK, REFUNDS
from shop.stripe_gateway.objects import BalanceSource, BalanceTransaction, Charge, Dispute, Refund

VERSION = 1
LISTINGS = (REFUNDS, DISPUTES, *MONEY_GIVEN_BACK)

COLUMNS = (
    Column("type", "Type", "text"),
    Column("id", "Id", "text"),
    Column("created_utc", "Created (UTC)", "moment"),
    Column("created", "Created", "moment"),
    Column("state", "State", "text"),
    Column("reason", "Reason", "text"),
    Column("failure_reason", "Why it failed", "text"),
    Column("due_by_utc", "Answer by (UTC)", "moment"),
    Column("due_by", "Answer by", "moment"),
    Column("customer_facing_amount", "Amount the student sees", "money"),
    Column("customer_facing_currency", "Currency the student sees", "text"),
    Column("currency", "Currency", "text"),
    Column("money_out", "Money out", "money"),
    Column("money_back", "Money back", "money"),
    Column("fee", "Fee", "money"),
    Column("net", "Net", "money"),
    Column("description", "Description", "text"),
    Column("instructor", "Instructor", "text"),
    Column("customer_id", "Customer", "text"),
    Column("charge_id", "Charge", "text"),
    Column("payment_intent_id", "PaymentIntent", "text"),
)

NEEDS_RESPONSE = frozenset({"needs_response", "warning_needs_response"})
"""The states of a dispute that the shop can still answer."""


class Given(NamedTuple):
    """A refund or a dispute, whichever it is.

    Attributes:
        movements: what it moved on the balance so far.
        due_by: until when an answer is awaited, where one is.
    """

    type: str
    object: Refund | Dispute
    movements: tuple[BalanceTransaction, ...]
    failure_reason: str | None = None
    due_by: int | None = None


async def make(reading: Reading, write: Write) -> Outcome:
    """List what was given back, and compare it with what the balance says."""
    result = Found()
    async for given in _given_back(reading):
        if _is_release(given):
            result.releases += 1
            continue
        charge = await found(reading, given.object.charge)
        group = group_of(given.type, charge.metadata if charge else None)
        if charge is not None and group is Group.LESSONS:
            cells = _cells(given, charge, reading)
            result.add_lesson(given.type, _currency(given), given.movements, cells)
            write(cells)
        elif group is Group.UNCLASSIFIED:
            result.unclassified.append(_unclassified(given))
        else:
            result.others += 1
    await _read_balance(reading, result)
    return Outcome(summary=summary_of(result, reading.window))


async def _given_back(reading: Reading) -> AsyncIterator[Given]:
    """The window's refunds, then its disputes; newest first each."""
    async for refund in reading.each(REFUNDS):
        both = (refund.balance_transaction, refund.failure_balance_transaction)
        movements = tuple(each for each in both if isinstance(each, BalanceTransaction))
        yield Given("refund", refund, movements, failure_reason=refund.failure_reason)
    async for dispute in reading.each(DISPUTES):
        details = dispute.evidence_details
        awaited = details is not None and dispute.status in NEEDS_RESPONSE
        due_by = details.due_by or None if awaited and details else None
        yield Given("dispute", dispute, dispute.balance_transactions, due_by=due_by)


def _is_release(given: Given) -> bool:
    """Whether it only let a hold go, or a part of one: nothing had been captured."""
    categories = {movement.reporting_category for movement in given.movements}
    return "partial_capture_reversal" in categories or (
        given.object.reason == "expired_uncaptured_charge" and not given.movements
    )


async def _read_balance(reading: Reading, result: Found) -> None:
    """The window's movements of lesson money by refunds and disputes of the window."""
    for listing in MONEY_GIVEN_BACK:
        async for row in reading.each(listing):
            source = row.source
            if not isinstance(source, BalanceSource) or source.created < reading.window.start:
                continue
            charge = await charge_of(reading, row)
            if charge is not None and is_lesson(charge.metadata):
                result.add_balance_row(row)


def _currency(given: Given) -> str:
    """The settlement currency; its own, while nothing has moved."""
    return given.movements[0].currency if given.movements else given.object.currency


def _cells(given: Given, charge: Charge, reading: Reading) -> dict[str, Cell]:
    this, currency = given.object, _currency(given)
    money = moved(given.movements)
    return {
        "type": given.type,
        "id": this.id,
        "created_utc": Moment(this.created, UTC),
        "created": Moment(this.created, reading.zone),
        "state": this.status,
        "reason": this.reason,
        "failure_reason": given.failure_reason,
        "due_by_utc": Moment(given.due_by, UTC) if given.due_by else None,
        "due_by": Moment(given.due_by, reading.zone) if given.due_by else None,
        "customer_facing_amount": Amount(this.amount, this.currency),
        "customer_facing_currency": this.currency,
        "currency": currency,
        "money_out": Amount(money.out, currency),
        "money_back": Amount(money.back, currency),
        "fee": Amount(money.fee, currency),
        "net": Amount(money.net, currency),
        "description": charge.description,
        "instructor": charge.metadata.get("instructor"),
        "customer_id": charge.customer,
        "charge_id": charge.id,
        "payment_intent_id": this.payment_intent,
    }


def _unclassified(given: Given) -> tuple[Cell, ...]:
    this = given.object
    return (
        given.type,
        this.id,
        Moment(this.created, UTC),
        this.currency,
        Amount(this.amount, this.currency),
        this.status,
    )
