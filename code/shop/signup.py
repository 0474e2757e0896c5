"""Signing up: a student reserves a lesson and saves a card. Nothing is charged.

    start  → the Customer exists, the page holds a SetupIntent's client secret
    (the page confirms the card with Stripe)
    finish → the card is the student's one card and bears their name and e-mail

The last step is in `shop.accounts`, as for any new card: `save_confirmed_card` for the page and
`finish_confirmed_card` for Stripe's event `setup_intent.succeeded`, so a student who closes the
tab in between is complete all the same. Doing it twice changes nothing.
"""

from dataclasses import dataclass

from shop.errors import CustomerExists
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
    async with one_at_a_time(storage, "email", normalise(email)):
        unfinished = await _unfinished(index, gateway, email)
        if unfinished is None:
            student = await gateway.students.create(
                name=name,
                email=email,
                metadata=lesson.as_metadata(),
                attempt=f"{attempt}-create",
            )
        else:
            student = await gateway.students.update(
                unfinished.id,
                name=name,
                email=email,
                metadata=lesson.as_metadata(),
                attempt=f"{attempt}-take-up",
            )
        await index.remember(student.id, email)
    setup = await gateway.students.start_card_setup(
        student.id, metadata=LESSON_METADATA, attempt=f"{attempt}-setup"
    )
    return Started(student.id, setup.client_secret)


async def _unfinished(index: StudentIndex, gateway: StripeGateway, email: str) -> Customer | None:
    """The newest student with this address, none of whom has a card; None where there is none."""
    same_email = await index.with_email(email)
    for student in same_email:
        if student.default_card or await gateway.students.cards(student.id):
            raise CustomerExists(
                "A customer with that email address already exists.",
                customer_id=student.id,
                email=email,
            )
    return same_email[0] if same_email else None
