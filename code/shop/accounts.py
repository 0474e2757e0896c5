"""A student's account: who they are, their one card, and leaving the shop."""

import asyncio
import hashlib
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import msgspec

from shop.book_keeping import note_deleted, note_student
from shop.errors import BadRequest, CustomerExists, UncapturedPayments, UnknownCustomer
from shop.locks import one_at_a_time
from shop.mail.folder import MailFolder
from shop.rules.cards import left_beside, replaced_since, superfluous
from shop.rules.email import normalise
from shop.rules.lesson_ledger import LESSON_METADATA, is_lesson
from shop.signup import LessonChoice
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.objects import Customer, PaymentMethod, SetupIntent
from shop.student_index import StudentIndex

FOUND_FOR = 24 * 3600
"""Seconds for which an attempt to delete a student knows that it has found them."""


@dataclass(frozen=True)
class Account:
    """A student and their card on file, if they have one."""

    student: Customer
    card: PaymentMethod | None


@dataclass(frozen=True)
class CardUpdate:
    """An account whose new card may now be entered with `client_secret`."""

    student: Customer
    client_secret: str


async def account(gateway: StripeGateway, customer_id: str) -> Account:
    """The student and the card on file.

    Raises:
        UnknownCustomer: no such student, or deleted.
    """
    student = await gateway.students.get(customer_id)
    return Account(student, await card_on_file(gateway, student))


async def card_on_file(gateway: StripeGateway, student: Customer) -> PaymentMethod | None:
    """The default card; where none is set, the newest attached one."""
    if student.default_card:
        return student.default_card
    cards = await gateway.students.cards(student.id)
    return cards[0] if cards else None


async def update_details(
    storage: Storage,
    gateway: StripeGateway,
    customer_id: str,
    *,
    name: str | None,
    email: str | None,
    zone: ZoneInfo,
    attempt: str,
) -> CardUpdate:
    """Save name and e-mail at once, on the student and on the card, and let a new card be entered.

    Args:
        zone: the shop's, for the lesson book.

    Raises:
        UnknownCustomer: no such student, or deleted.
        CustomerExists: the address belongs to another student.
    """
    async with one_at_a_time(storage, "student", customer_id):
        found = await account(gateway, customer_id)
        student = found.student
        if email is not None and student.email != email:
            student = await _change_email(storage, gateway, student, name, email, attempt)
        elif name is not None or email is not None:
            student = await _write_details(gateway, customer_id, name, email, attempt)
            if email is not None:  # the answer to an earlier change of it may have been lost
                await StudentIndex(storage, gateway).remember(customer_id, email)
        if found.card and (name is not None or email is not None):
            await gateway.students.write_billing_details(
                found.card.id,
                name=student.name,
                email=student.email,
                attempt=f"{attempt}-card-{found.card.id}",
            )
        await note_student(storage, student, found.card, zone)
        setup = await gateway.students.start_card_setup(
            customer_id, metadata=LESSON_METADATA, attempt=f"{attempt}-setup"
        )
    return CardUpdate(student, setup.client_secret)


async def _change_email(
    storage: Storage,
    gateway: StripeGateway,
    student: Customer,
    name: str | None,
    email: str,
    attempt: str,
) -> Customer:
    index = StudentIndex(storage, gateway)
    async with one_at_a_time(storage, "email", normalise(email)):
        others = [s for s in await index.with_email(email) if s.id != student.id]
        if others:
            raise CustomerExists(
                "Customer email already exists!", customer_id=others[0].id, email=email
            )
        changed = await _write_details(gateway, student.id, name, email, attempt)
        if student.email:
            await index.forget(student.id, student.email)
        await index.remember(student.id, email)
    return changed


async def _write_details(
    gateway: StripeGateway, customer_id: str, name: str | None, email: str | None, attempt: str
) -> Customer:
    """An attempt that comes again sends what it sent before, also where the e-mail is saved."""
    return await gateway.students.update(
        customer_id, name=name, email=email, attempt=f"{attempt}-customer"
    )


async def save_confirmed_card(
    storage: Storage,
    gateway: StripeGateway,
    customer_id: str,
    setup_intent_id: str,
    *,
    lesson: LessonChoice | None,
    zone: ZoneInfo,
    attempt: str,
) -> Account:
    """Make the card of a confirmed SetupIntent the student's one card; the page asks for this.

    Args:
        zone: the shop's, for the lesson book.

    Raises:
        UnknownCustomer: no such student, or deleted.
        BadRequest: the SetupIntent is another student's, or is not confirmed.
    """
    async with one_at_a_time(storage, "student", customer_id):
        student = await gateway.students.get(customer_id)
        setup = await gateway.students.card_setup(setup_intent_id)
        card = _confirmed_card(setup, customer_id)
        attached = await gateway.students.cards(customer_id)
        if card.id not in {other.id for other in attached}:
            raise BadRequest("This card was replaced by another one meanwhile.")
        saved = await _make_the_one_card(gateway, student, card, attached, lesson, attempt)
        await note_student(storage, saved.student, saved.card, zone)
    return saved


async def finish_confirmed_card(
    storage: Storage, gateway: StripeGateway, setup_intent_id: str, *, attempt: str
) -> None:
    """The same finishing step, asked for by Stripe's event, which may come late or twice.

    When the student has put down a newer card since, that one stays, and this one goes if it is
    attached beside it. Does nothing when the student was deleted, or when the SetupIntent is not
    one of the shop's: others save cards on this account too.
    """
    setup = await gateway.students.card_setup(setup_intent_id)
    if setup.customer is None or not is_lesson(setup.metadata):
        return
    card = _confirmed_card(setup, setup.customer)
    if card.customer is None:
        return
    async with one_at_a_time(storage, "student", setup.customer):
        student, attached = await asyncio.gather(
            gateway.students.get(setup.customer), gateway.students.cards(setup.customer)
        )
        if not replaced_since(card, attached):
            await _make_the_one_card(gateway, student, card, attached, None, attempt)
        elif student.default_card and left_beside(card, attached, student.default_card):
            await gateway.students.detach_card(card.id, attempt=f"{attempt}-detach-{card.id}")


def _confirmed_card(setup: SetupIntent, customer_id: str) -> PaymentMethod:
    if setup.customer != customer_id:
        raise BadRequest("This card was entered for another student.")
    if setup.status != "succeeded" or setup.payment_method is None:
        raise BadRequest("The card has not been confirmed yet.")
    return setup.payment_method


async def _make_the_one_card(
    gateway: StripeGateway,
    student: Customer,
    card: PaymentMethod,
    attached: list[PaymentMethod],
    lesson: LessonChoice | None,
    attempt: str,
) -> Account:
    """Default first, then the name on the card, then the old cards go: a card is always there.

    Name and e-mail are those of now: Stripe may give its first answer to this attempt again, from
    before they were changed.
    """
    updated = await gateway.students.update(
        student.id,
        default_card=card.id,
        metadata=lesson.as_metadata() if lesson else None,
        attempt=f"{attempt}-default",
    )
    details = hashlib.sha256(f"{student.name}\0{student.email}".encode()).hexdigest()[:16]
    await gateway.students.write_billing_details(
        card.id, name=student.name, email=student.email, attempt=f"{attempt}-card-{details}"
    )
    await asyncio.gather(
        *(
            gateway.students.detach_card(old.id, attempt=f"{attempt}-detach-{old.id}")
            for old in superfluous(card, attached)
        )
    )
    return Account(msgspec.structs.replace(updated, name=student.name, email=student.email), card)


async def delete_account(
    storage: Storage,
    gateway: StripeGateway,
    letters: MailFolder,
    customer_id: str,
    *,
    attempt: str,
) -> None:
    """Delete the student with their card, and what the shop keeps of them.

    An attempt that comes again has found the student before: gone by now is what it wanted.

    Args:
        letters: where letters are kept that no mail server takes.

    Raises:
        UnknownCustomer: no such student, or deleted already.
        UncapturedPayments: open holds; nothing was deleted.
    """
    async with one_at_a_time(storage, "student", customer_id):
        await _find_once(storage, gateway, customer_id, attempt)
        open_holds = await gateway.payments.uncaptured_of(customer_id)
        if open_holds:
            raise UncapturedPayments(open_holds)
        await gateway.students.delete(customer_id)
    await note_deleted(storage, letters, customer_id)


async def _find_once(
    storage: Storage, gateway: StripeGateway, customer_id: str, attempt: str
) -> None:
    """Make sure that the student is there, or was when this attempt came before."""
    key = storage.key("found", hashlib.sha256(attempt.encode()).hexdigest())
    try:
        await gateway.students.get(customer_id)
    except UnknownCustomer:
        if not await storage.redis.exists(key):
            raise
    else:
        await storage.redis.set(key, customer_id, ex=FOUND_FOR)
