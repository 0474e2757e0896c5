"""The open holds: lesson payments that are held and not captured, by when they lapse.

A hold lives a month at most, so the list reaches back 40 days before the window's end, whatever
its beginning; a hold older than that has lapsed. Each is shown as Stripe has it at the time of
reading. There are as many as lessons are booked for the days ahead, some hundreds, so they are
sorted in memory: a thousand take about a megabyte.
"""

from collections import Counter
from typing import NamedTuple

from jobs.reading import Reading
from jobs.report import Outcome, Write
from jobs.reports.charges import found
from shop.reports.summary import (
    MOST_ROWS,
    Figure,
    Summary,
    Table,
    amount_figure,
    count_figure,
    in_currency,
    summary,
    table,
)
from shop.reports.table import Cell, Column, Moment
from shop.rules.holds import LONGEST_LIFE, Lapse, lapse
from shop.rules.lesson_ledger import is_lesson
from shop.rules.local_time import UTC, LocalTime
from shop.rules.money import Amount
from shop.rules.window import Window
from shop.stripe_gateway.listings import PAYMENTS
from shop.stripe_gateway.objects import NO_CARD, Charge, Customer, PaymentAttempt
from shop.stripe_gateway.payments import CURRENCY

VERSION = 1
LISTINGS = (PAYMENTS,)

COLUMNS = (
    Column("expires", "Expires", "text"),
    Column("capture_before_utc", "Capture before (UTC)", "moment"),
    Column("capture_before", "Capture before", "moment"),
    Column("amount", "Held", "money"),
    Column("currency", "Currency", "text"),
    Column("description", "Description", "text"),
    Column("instructor", "Instructor", "text"),
    Column("customer_id", "Customer", "text"),
    Column("customer_name", "Name", "text"),
    Column("customer_email", "E-mail", "text"),
    Column("payment_intent_id", "PaymentIntent", "text"),
    Column("charge_id", "Charge", "text"),
    Column("created_utc", "Held since (UTC)", "moment"),
    Column("created", "Held since", "moment"),
    Column("card_brand", "Card brand", "text"),
    Column("card_last4", "Card ends in", "text"),
)

URGENT = (Lapse.OVERDUE, Lapse.TODAY, Lapse.TOMORROW)
URGENT_NAMES = frozenset(
    {"capture_before", "amount", "currency", "description", "customer_name", "payment_intent_id"}
)
URGENT_COLUMNS = tuple(column for column in COLUMNS if column.name in URGENT_NAMES)

NEVER = 2**63
"""Where a hold sorts whose end is unknown: last."""


class Hold(NamedTuple):
    """A held lesson payment."""

    capture_before: int | None
    lapse: Lapse
    payment: PaymentAttempt
    charge: Charge | None


async def make(reading: Reading, write: Write) -> Outcome:
    """List the holds on lesson payments, the ones that lapse first on top."""
    clock = LocalTime(reading.zone)
    holds: list[Hold] = []
    others = 0
    window = Window(max(reading.window.end - LONGEST_LIFE, 0), reading.window.end)
    async for payment in reading.each(PAYMENTS, window):
        if payment.status != "requires_capture":
            continue
        if is_lesson(payment.metadata):
            holds.append(await _hold(reading, payment, clock))
        else:
            others += 1
    holds.sort(key=_urgency)
    rows = [_cells(hold, reading) for hold in holds]
    for row in rows:
        write(row)
    return Outcome(summary=_summary(holds, rows, others))


async def _hold(reading: Reading, payment: PaymentAttempt, clock: LocalTime) -> Hold:
    charge = await found(reading, payment.latest_charge)
    capture_before = charge.card.capture_before if charge else None
    return Hold(capture_before, lapse(capture_before, reading.now, clock), payment, charge)


def _urgency(hold: Hold) -> tuple[int, str]:
    return NEVER if hold.capture_before is None else hold.capture_before, hold.payment.id


def _cells(hold: Hold, reading: Reading) -> dict[str, Cell]:
    payment, card = hold.payment, hold.charge.card if hold.charge else NO_CARD
    student = payment.customer if isinstance(payment.customer, Customer) else None
    before = hold.capture_before
    return {
        "expires": hold.lapse.value,
        "capture_before_utc": None if before is None else Moment(before, UTC),
        "capture_before": None if before is None else Moment(before, reading.zone),
        "amount": Amount(payment.amount_capturable, payment.currency),
        "currency": payment.currency,
        "description": payment.description,
        "instructor": payment.metadata.get("instructor"),
        "customer_id": student.id if student else str(payment.customer or "") or None,
        "customer_name": student.name if student else None,
        "customer_email": student.email if student else None,
        "payment_intent_id": payment.id,
        "charge_id": hold.charge.id if hold.charge else None,
        "created_utc": Moment(payment.created, UTC),
        "created": Moment(payment.created, reading.zone),
        "card_brand": card.brand,
        "card_last4": card.last4,
    }


def _summary(holds: list[Hold], rows: list[dict[str, Cell]], others: int) -> Summary:
    held: Counter[str] = Counter()
    for hold in holds:
        held[hold.payment.currency] += hold.payment.amount_capturable
    by_number = Counter(hold.payment.currency for hold in holds).most_common()
    main, *rest = [currency for currency, _ in by_number] or [CURRENCY]
    counts = {
        "holds": len(holds),
        **{f"expires_{each.value}": 0 for each in Lapse},
        **Counter(f"expires_{hold.lapse.value}" for hold in holds),
        "other_holds": others,
    }
    return summary(
        {
            "held_total": held[main],
            "currency": main,
            **counts,
            "other_currencies": [{"held_total": held[of], "currency": of} for of in rest],
        },
        figures=[
            *(_held(Amount(held[of], of), main) for of in (main, *rest)),
            *(count_figure(name, LABELS[name], count) for name, count in counts.items()),
        ],
        tables=_tables(holds, rows),
        notes=[
            "A lapsed hold can't be captured any more; the student has to be charged again.",
            "Shown are holds placed up to the window's end and open when the report was made.",
        ],
    )


LABELS = {
    "holds": "Open holds",
    **{f"expires_{each.value}": f"Expires: {each.value}" for each in Lapse},
    "other_holds": "Holds for something else",
}


def _held(amount: Amount, main: str) -> Figure:
    return amount_figure(in_currency("held_total", amount.currency, main), "Held", amount, "other")


def _tables(holds: list[Hold], rows: list[dict[str, Cell]]) -> list[Table]:
    """The holds to act on now. Rows have their own currency."""
    return [
        table(
            f"expires_{each.value}",
            f"Expires: {each.value}",
            URGENT_COLUMNS,
            [
                [row[column.name] for column in URGENT_COLUMNS]
                for hold, row in zip(holds, rows, strict=True)
                if hold.lapse is each
            ][:MOST_ROWS],
        )
        for each in URGENT
        if any(hold.lapse is each for hold in holds)
    ]
