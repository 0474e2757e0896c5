"""Students signing up, giving up, and replacing their cards."""

import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from sandbox.actions import saving, setting_up
from sandbox.actions.card_entry import new_method
from sandbox.cards import BY_NUMBER, Card
from sandbox.history.people import (
    REMARKABLE_CARDS,
    ZIP_CODES,
    Names,
    ordinary_card,
    pick,
)
from sandbox.history.stage import Stage
from sandbox.money import DAY
from sandbox.records import (
    Address,
    BillingDetails,
    CardDetails,
    Customer,
    PaymentMethod,
    SetupIntent,
)

ABANDONED = 0.05
"""Share of the sign-ups that never get as far as a card."""

REPLACED = 0.35
"""Share of the failing cards that their students have replaced since."""

ZONES = tuple(
    ZoneInfo(f"America/{city}") for city in ("New_York", "Chicago", "Denver", "Los_Angeles")
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec")
LESSON_SLOTS = ((9, 15, "3:00 p.m."), (14, 16, "4:00 p.m."), (21, 17, "5:00 p.m."))
"""Days after sign-up, hour and its text: what the shop's page offers."""


class Student(msgspec.Struct, gc=False):
    """A customer with the card on file, and what will become of it."""

    customer: Customer
    card: PaymentMethod
    replaces_card_at: int | None = None


def sign_up(stage: Stage, names: Names, moment: int, *, ordinary: bool) -> Student | None:
    """One student; ``None`` for a sign-up that was given up before a card was saved."""
    stage.at(moment)
    rng = stage.rng
    name, email = names.next()
    customer = _new_customer(stage, name, email, moment)
    if not ordinary and stage.chance(ABANDONED):
        _give_up(stage, customer)
        return None
    remarkable = None if ordinary else pick(rng, REMARKABLE_CARDS)
    card = remarkable or ordinary_card(rng)
    student = Student(customer, _save_card(stage, customer, card))
    if card.at_charge is not None and stage.chance(REPLACED):
        earliest = max(moment, stage.time.start)
        student.replaces_card_at = rng.randrange(earliest, stage.now + 1)
    return student


def replace_card(stage: Stage, student: Student, by: int) -> None:
    """If it is to have happened by then: a card that works is entered, the old one taken off."""
    moment = student.replaces_card_at
    if moment is None or moment > by:
        return
    stage.at(moment)
    old, student.replaces_card_at = student.card, None
    student.card = _save_card(stage, student.customer, ordinary_card(stage.rng))
    saving.detach(stage.account, old)


def _new_customer(stage: Stage, name: str, email: str, moment: int) -> Customer:
    account, rng = stage.account, stage.rng
    days, hour, shown = rng.choice(LESSON_SLOTS)
    day = datetime.fromtimestamp(moment, rng.choice(ZONES)) + timedelta(days=days)
    lesson = day.replace(hour=hour, minute=0, second=0)
    customer = Customer(
        **account.stamp("cus"),
        name=name,
        email=email,
        metadata={
            "first_lesson": f"{lesson.day:02d} {MONTHS[lesson.month - 1]} {shown}",
            "first_lesson_at": lesson.isoformat(),
        },
    )
    account.customers.add(customer)
    return customer


def _give_up(stage: Stage, customer: Customer) -> None:
    intent = _new_intent(stage, customer)
    if stage.chance(0.3):
        refused = _enter_card(stage, customer, BY_NUMBER["4000000000000002"])
        setting_up.confirm(stage.account, intent, refused)


def _save_card(stage: Stage, customer: Customer, card: Card) -> PaymentMethod:
    intent = _new_intent(stage, customer)
    method = _enter_card(stage, customer, card)
    setting_up.confirm(stage.account, intent, method)
    if card.challenge in setting_up.CHALLENGED:
        setting_up.finish_challenge(stage.account, intent, passed=True)
    customer.default_payment_method = method.id
    return method


def _new_intent(stage: Stage, customer: Customer) -> SetupIntent:
    account = stage.account
    intent = SetupIntent(**account.stamp("seti"), customer=customer.id, metadata={})
    account.setup_intents.add(intent)
    return intent


def _enter_card(stage: Stage, customer: Customer, card: Card) -> PaymentMethod:
    rng = stage.rng
    soon = stage.chance(0.04)
    ends = stage.now + DAY * (rng.randrange(0, 60) if soon else rng.randrange(60, 1_700))
    date = time.gmtime(ends)
    details = CardDetails(
        card=card, exp_month=date.tm_mon, exp_year=date.tm_year, cvc_check="unchecked"
    )
    address: Address = {"country": "US", "postal_code": rng.choice(ZIP_CODES)}
    billing = BillingDetails(name=customer.name, email=customer.email, address=address)
    return new_method(stage.account, details, billing, {})
