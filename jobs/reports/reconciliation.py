"""The reconciliation: lesson money against the change of the whole balance, and its objects.

Two things are proven, each by figures that come from different places.

1. The balance's change is the sum of its movements, and each movement is in exactly one group:
   lessons, other sales, payouts, Stripe's fees and so on. The file lists every movement that is
   not lesson money, with its group and why it is there.
2. What moved the balance for lessons is what the charges, refunds and disputes themselves say:
   they are listed apart from the balance, and compared with it one by one. The file lists each
   that differs, with both figures.

What can't be proven, because nothing else at Stripe tells it: the fees, which stand on movements
only, and the balance itself, of which Stripe tells today's figure and no earlier one.

The lists reach back so far that an object which moved money in the window is on them: a hold lives
a month at most, a refund fails within weeks, a dispute may be won after many months. A movement of
a still older object is counted as not compared. Memory grows by about 250 bytes for each movement
of lesson money in the window, as they are matched by id.
"""

from collections.abc import AsyncIterator
from typing import NamedTuple

from jobs.reading import Reading
from jobs.report import Outcome, Write
from jobs.reports.charges import charge_of
from jobs.reports.reconciliation_summary import Result, summary_of
from shop.reports.table import Cell, Column, Moment
from shop.rules.balance_groups import Group, group_of, why
from shop.rules.lesson_ledger import GROSS, LINE_OF_CATEGORY, is_lesson
from shop.rules.local_time import UTC
from shop.rules.money import Amount
from shop.rules.reconciliation import Difference, converted
from shop.rules.window import Window
from shop.stripe_gateway.listings import BALANCE_TRANSACTIONS, CHARGES, DISPUTES, REFUNDS
from shop.stripe_gateway.objects import BalanceSource, BalanceTransaction, Charge, Refund

VERSION = 1
LISTINGS = (BALANCE_TRANSACTIONS, CHARGES, REFUNDS, DISPUTES)
DAY = 24 * 3600
CHARGES_REACH_BACK = 40 * DAY
REFUNDS_REACH_BACK = 90 * DAY
DISPUTES_REACH_BACK = 400 * DAY

COLUMNS = (
    Column("finding", "Finding", "text"),
    Column("group", "Group", "text"),
    Column("why", "Why", "text"),
    Column("balance_transaction_id", "Balance transaction", "text"),
    Column("created_utc", "Created (UTC)", "moment"),
    Column("created", "Created", "moment"),
    Column("currency", "Currency", "text"),
    Column("gross", "Gross", "money"),
    Column("fee", "Fee", "money"),
    Column("net", "Net", "money"),
    Column("reporting_category", "Reporting category", "text"),
    Column("source_id", "Source", "text"),
    Column("description", "Description", "text"),
    Column("charge_id", "Charge", "text"),
    Column("by_balance", "By the balance", "money"),
    Column("by_objects", "By its object", "money"),
    Column("difference", "Difference", "money"),
)
EMPTY: dict[str, Cell] = {column.name: None for column in COLUMNS}

NOT_LESSONS = "not lesson money"
UNCLASSIFIED = "unclassified"
DIFFERENCE = "difference"
CONTRADICTION = "contradicts itself"


class Moves(NamedTuple):
    """What an object of a lesson payment says it moved on the balance.

    Attributes:
        id: under which it is compared.
        movements: each with the amount in its settlement currency as the object says it, and how
            much a conversion from the object's own currency may have been rounded.
    """

    id: str
    movements: tuple[tuple[BalanceTransaction, int, int], ...]


async def make(reading: Reading, write: Write) -> Outcome:
    """Compare, and write whatever is not lesson money or does not agree."""
    result = Result()
    await _read_balance(reading, write, result)
    async for moves in _lesson_objects(reading):
        _compare(moves, reading.window, result)
    for currency, difference in result.differences():
        write(_difference(currency, difference))
    return Outcome(summary=summary_of(result))


async def _read_balance(reading: Reading, write: Write, result: Result) -> None:
    oldest = _reach_back(reading.window, DISPUTES_REACH_BACK).start
    async for row in reading.each(BALANCE_TRANSACTIONS):
        charge = await charge_of(reading, row)
        group = group_of(row.reporting_category, charge.metadata if charge else None)
        result.count(group, row)
        if row.net != row.amount - row.fee:
            write(
                _row(CONTRADICTION, "Its net is not its gross less its fee.", row, charge, reading)
            )
        if charge is None or group is not Group.LESSONS:
            reason = why(group, row.reporting_category, charge.metadata if charge else None)
            finding = UNCLASSIFIED if group is Group.UNCLASSIFIED else NOT_LESSONS
            write(_row(finding, reason, row, charge, reading) | {"group": group.value})
        elif _is_listed(row, reading.window, oldest):
            result.compared(row.currency).add_by_balance(_object_of(row, charge), row.amount)
        else:
            result.not_compared += 1


def _is_listed(row: BalanceTransaction, window: Window, oldest_dispute: int) -> bool:
    """Whether the lists of objects reach back to what made this movement."""
    source = row.source
    if not isinstance(source, BalanceSource):
        return True
    if source.object == "refund":
        return source.created >= _reach_back(window, REFUNDS_REACH_BACK).start
    if source.object == "dispute":
        return source.created >= oldest_dispute
    return source.created >= _reach_back(window, CHARGES_REACH_BACK).start


def _object_of(row: BalanceTransaction, charge: Charge) -> str:
    """What a movement is compared under: a capture under its charge, reversals of it included."""
    if LINE_OF_CATEGORY.get(row.reporting_category) in GROSS:
        return charge.id
    return row.source.id if isinstance(row.source, BalanceSource) else str(row.source)


async def _lesson_objects(reading: Reading) -> AsyncIterator[Moves]:
    """Every charge, refund and dispute of lesson payments that may have moved money."""
    window = reading.window
    async for charge in reading.each(CHARGES, _reach_back(window, CHARGES_REACH_BACK)):
        movement = charge.balance_transaction
        if is_lesson(charge.metadata) and isinstance(movement, BalanceTransaction):
            yield Moves(charge.id, (_settled(movement, charge.amount_captured),))
    async for refund in reading.each(REFUNDS, _reach_back(window, REFUNDS_REACH_BACK)):
        if _is_lesson_charge(refund.charge) and (movements := _of_refund(refund)):
            yield Moves(refund.id, movements)
    async for dispute in reading.each(DISPUTES, _reach_back(window, DISPUTES_REACH_BACK)):
        if _is_lesson_charge(dispute.charge):
            yield Moves(dispute.id, tuple((m, m.amount, 0) for m in dispute.balance_transactions))


def _settled(movement: BalanceTransaction, own: int) -> tuple[BalanceTransaction, int, int]:
    """A movement, and an amount in its object's own currency converted as Stripe did."""
    return movement, *converted(own, movement.exchange_rate)


def _of_refund(refund: Refund) -> tuple[tuple[BalanceTransaction, int, int], ...]:
    given, failed = refund.balance_transaction, refund.failure_balance_transaction
    if not isinstance(given, BalanceTransaction):
        return ()
    if given.reporting_category == "partial_capture_reversal":
        return ()  # part of its charge's capture
    if not isinstance(failed, BalanceTransaction):
        return (_settled(given, -refund.amount),)
    return (_settled(given, -refund.amount), _settled(failed, refund.amount))


def _is_lesson_charge(charge: Charge | str | None) -> bool:
    return isinstance(charge, Charge) and is_lesson(charge.metadata)


def _compare(moves: Moves, window: Window, result: Result) -> None:
    """Only what the object moved in the window; times are the balance's, amounts the object's."""
    inside = [each for each in moves.movements if window.start <= each[0].created <= window.end]
    if not inside:
        return
    result.compared(inside[0][0].currency).add_by_object(
        moves.id,
        sum(amount for _, amount, _ in inside),
        slack=sum(slack for _, _, slack in inside),
    )


def _reach_back(window: Window, seconds: int) -> Window:
    return Window(max(window.start - seconds, 0), window.end)


def _row(
    finding: str, reason: str, row: BalanceTransaction, charge: Charge | None, reading: Reading
) -> dict[str, Cell]:
    return EMPTY | {
        "finding": finding,
        "why": reason,
        "balance_transaction_id": row.id,
        "created_utc": Moment(row.created, UTC),
        "created": Moment(row.created, reading.zone),
        "currency": row.currency,
        "gross": Amount(row.amount, row.currency),
        "fee": Amount(row.fee, row.currency),
        "net": Amount(row.net, row.currency),
        "reporting_category": row.reporting_category,
        "source_id": row.source.id if isinstance(row.source, BalanceSource) else row.source,
        "description": row.description,
        "charge_id": charge.id if charge else None,
    }


def _difference(currency: str, difference: Difference) -> dict[str, Cell]:
    def amount(minor: int | None) -> Amount | None:
        return None if minor is None else Amount(minor, currency)

    return EMPTY | {
        "finding": DIFFERENCE,
        "group": Group.LESSONS.value,
        "why": _why_different(difference),
        "currency": currency,
        "source_id": difference.id,
        "by_balance": amount(difference.by_balance),
        "by_objects": amount(difference.by_objects),
        "difference": amount(difference.amount),
    }


def _why_different(difference: Difference) -> str:
    if difference.by_objects is None:
        return "It moved the balance, but is on no list of charges, refunds or disputes."
    if difference.by_balance is None:
        return "It says that it moved money in the window, but no balance transaction shows it."
    return "It says another amount than the balance moved by."
