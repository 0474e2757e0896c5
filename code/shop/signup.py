"""Signing up: a student reserves a lesson and saves a card. Nothing is charged.

    start  → the Customer exists, the page holds a SetupIntent's client secret
    (the page confirms the card with Stripe)
    finish → the card is the student's one card and bears their name and e-mail

The last step is in `shop.accounts`, as for any new card: `save_confirmed_card` for the page and
`finish_confirmed_card` for Stripe's event `setup_intent.succeeded`, so a student who closes the
tab in between is complete all the same. Doing it twice changes nothing.
"""

import asyncio
from dataclasses import dataclass

from shop.errors import CustomerExists, UnknownCustomer
from shop.locks import one_at_a_time
from shop.rules.email import normalise
from shop.rules.lesson_ledger import LESSON_METADATA
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.objects import Customer
from shop.student_index import StudentIndex


@dataclass(frozen=True, kw_only=True)
class LessonChoice:
    """The lesson a student reserves.

    Attributes:
        text: as the page shows it, `01 Dec 3:00 p.m.`.
        at: the same moment in ISO 8601 with the student's zone; the text has no year.
    """

    text: str
    at: str | None = None

    def as_metadata(self) -> dict[str, str]:
        """What is written on the Customer. An empty value takes away an older choice's moment."""
        return {"first_lesson": self.text, "first_lesson_at": self.at or ""}


@dataclass(frozen=True)
class Started:
    """A sign-up that waits for its card."""

    customer_id: str
    client_secret: str


async def start(
    storage: Storage,
    gateway: StripeGateway,
    *,
    name: str,
    email: str,
    lesson: LessonChoice,
    attempt: str,
) -> Started:
    """Reserve the lesson for a new student, or take up a sign-up that never got its card.

    Raises:
        CustomerExists: a student with a card has this address, in any letter case.
        Busy: the same address is being signed up at this moment.
    """
    index = StudentIndex(storage, gateway)
    asked = _Asked(name, email, lesson, attempt)
    try:
        return await _start(storage, index, gateway, asked)
    except UnknownCustomer:  # who had just started was deleted since
        await index.forget_start(email)
        return await _start(storage, index, gateway, asked)


@dataclass(frozen=True)
class _Asked:
    """What a student asks for, and the attempt it is part of."""

    name: str
    email: str
    lesson: LessonChoice
    attempt: str


async def _start(
    storage: Storage, index: StudentIndex, gateway: StripeGateway, asked: _Asked
) -> Started:
    student = await _reserve(storage, index, gateway, asked)
    setup = await gateway.students.start_card_setup(
        student.id, metadata=LESSON_METADATA, attempt=f"{asked.attempt}-setup-{student.id}"
    )
    return Started(student.id, setup.client_secret)


async def _reserve(
    storage: Storage, index: StudentIndex, gateway: StripeGateway, asked: _Asked
) -> Customer:
    async with one_at_a_time(storage, "email", normalise(asked.email)):
        just_started = await index.just_started(asked.email)
        if just_started is None:
            student = await _found_or_made(index, gateway, asked)
            await index.remember_start(student.id, asked.email)
            return student
    return await _join(gateway, just_started, asked)


async def _found_or_made(index: StudentIndex, gateway: StripeGateway, asked: _Asked) -> Customer:
    unfinished = await _unfinished(index, gateway, asked.email)
    if unfinished is not None:
        return await _take_up(gateway, unfinished.id, asked)
    return await gateway.students.create(
        name=asked.name,
        email=asked.email,
        metadata=asked.lesson.as_metadata(),
        attempt=f"{asked.attempt}-create",
    )


async def _join(gateway: StripeGateway, customer_id: str, asked: _Asked) -> Customer:
    """Take up what another request has begun with this address a moment ago.

    It has looked everywhere, so nobody who waited needs to look again, nor to do this in turn.
    """
    student, cards = await asyncio.gather(
        gateway.students.get(customer_id), gateway.students.cards(customer_id)
    )
    if student.default_card or cards:
        raise _exists(student, asked.email)
    return await _take_up(gateway, customer_id, asked)


async def _take_up(gateway: StripeGateway, customer_id: str, asked: _Asked) -> Customer:
    return await gateway.students.update(
        customer_id,
        name=asked.name,
        email=asked.email,
        metadata=asked.lesson.as_metadata(),
        attempt=f"{asked.attempt}-take-up-{customer_id}",
    )


async def _unfinished(index: StudentIndex, gateway: StripeGateway, email: str) -> Customer | None:
    """The newest student with this address, none of whom has a card; None where there is none."""
    same_email = await index.with_email(email)
    for student in same_email:
        if student.default_card or await gateway.students.cards(student.id):
            raise _exists(student, email)
    return same_email[0] if same_email else None


def _exists(student: Customer, email: str) -> CustomerExists:
    return CustomerExists(
        "A customer with that email address already exists.", customer_id=student.id, email=email
    )
