"""The students: everybody up to the window's end, with the card on file and whether it still works.

The list has every customer of the account that was not deleted, whatever the window's beginning.
Each is shown as Stripe has them at the time of reading.
"""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date

from jobs.reading import Reading
from jobs.report import Outcome, Write
from jobs.reports.cards import cards_of
from shop.reports.summary import MOST_ROWS, Summary, count_figure, summary, table
from shop.reports.table import Cell, Column, Moment
from shop.rules.card_expiry import CardState, card_state, last_day
from shop.rules.local_time import UTC, LocalTime
from shop.rules.window import Window
from shop.stripe_gateway.listings import CUSTOMERS_WITH_CARDS
from shop.stripe_gateway.objects import Card, Customer

VERSION = 1
LISTINGS = (CUSTOMERS_WITH_CARDS,)

COLUMNS = (
    Column("customer_id", "Customer", "text"),
    Column("name", "Name", "text"),
    Column("email", "E-mail", "text"),
    Column("created_utc", "Since (UTC)", "moment"),
    Column("created", "Since", "moment"),
    Column("first_lesson", "First lesson", "text"),
    Column("card_state", "State of the card", "text"),
    Column("card_brand", "Card brand", "text"),
    Column("card_last4", "Card ends in", "text"),
    Column("card_exp_month", "Card's month", "integer"),
    Column("card_exp_year", "Card's year", "integer"),
    Column("card_last_day", "Card's last day", "date"),
    Column("account_link", "Account page", "text"),
)

TO_REMIND = (CardState.EXPIRED, CardState.EXPIRES_SOON)
REMINDER_COLUMNS = tuple(
    column
    for column in COLUMNS
    if column.name
    in ("name", "email", "card_state", "card_brand", "card_last4", "card_last_day", "account_link")
)

AT_A_TIME = 500
"""Students held in memory while the cards of some of them are looked up."""


async def make(reading: Reading, write: Write) -> Outcome:
    """List everybody, and mark the cards that expired or soon will."""
    clock = LocalTime(reading.zone)
    today = clock.date_of(reading.now)
    states: Counter[CardState] = Counter()
    to_remind: list[dict[str, Cell]] = []
    async for student, card in _with_cards(reading):
        expires_on = last_day(card.exp_month, card.exp_year) if card else None
        state = card_state(expires_on, today)
        cells = _cells(student, card, expires_on, state, reading)
        states[state] += 1
        if state in TO_REMIND and len(to_remind) < MOST_ROWS:
            to_remind.append(cells)
        write(cells)
    return Outcome(summary=_summary(states, to_remind))


async def _with_cards(reading: Reading) -> AsyncIterator[tuple[Customer, Card | None]]:
    """Every student with their card; cards that Stripe did not expand are looked up together."""
    some: list[Customer] = []
    async for student in reading.each(CUSTOMERS_WITH_CARDS, Window(0, reading.window.end)):
        some.append(student)
        if len(some) == AT_A_TIME:
            for pair in await _pairs(reading, some):
                yield pair
            some = []
    for pair in await _pairs(reading, some):
        yield pair


async def _pairs(reading: Reading, students: list[Customer]) -> list[tuple[Customer, Card | None]]:
    cards = [method.card if method else None for method in await cards_of(reading, students)]
    return list(zip(students, cards, strict=True))


def _cells(
    student: Customer,
    card: Card | None,
    expires_on: date | None,
    state: CardState,
    reading: Reading,
) -> dict[str, Cell]:
    return {
        "customer_id": student.id,
        "name": student.name,
        "email": student.email,
        "created_utc": Moment(student.created, UTC),
        "created": Moment(student.created, reading.zone),
        "first_lesson": student.metadata.get("first_lesson"),
        "card_state": state.value,
        "card_brand": card.brand if card else None,
        "card_last4": card.last4 if card else None,
        "card_exp_month": card.exp_month if card else None,
        "card_exp_year": card.exp_year if card else None,
        "card_last_day": expires_on,
        "account_link": f"{reading.domain}/account-update/{student.id}",
    }


def _summary(states: Counter[CardState], to_remind: list[dict[str, Cell]]) -> Summary:
    counts = {f"cards_{state.name.lower()}": states[state] for state in CardState}
    return summary(
        {"students": states.total(), **counts},
        figures=[
            count_figure("students", "Students", states.total()),
            *(
                count_figure(name, f"Card: {state.value}", states[state])
                for name, state in zip(counts, CardState, strict=True)
            ),
        ],
        tables=[
            table(
                "to_remind",
                "To be reminded of a new card",
                REMINDER_COLUMNS,
                ([cells[column.name] for column in REMINDER_COLUMNS] for cells in to_remind),
            )
        ]
        if to_remind
        else [],
        notes=["Students and cards are shown as they were when the report was made."],
    )
