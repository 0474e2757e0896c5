"""Reading one payment or student from Stripe, and writing it into the book.

The lock is that of whoever changes the same thing, so what is read is never half of a change and
never older than what is written. Nobody may call these while holding that lock.
"""

from zoneinfo import ZoneInfo

from shop.accounts import account
from shop.errors import UnknownCustomer
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import PaymentEntry, StudentEntry, payment_entry, student_entry
from shop.locks import one_at_a_time
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.student_index import StudentIndex


async def refresh_payment(
    storage: Storage,
    gateway: StripeGateway,
    payment_intent_id: str,
    zone: ZoneInfo | None = None,
) -> PaymentEntry | None:
    """What Stripe says of a payment now; None where it is no lesson money or was never tried.

    Args:
        zone: the shop's. Where it is given, a student the book does not know yet is read too.

    Raises:
        StripeRefused: there is no such payment.
        Busy: somebody else is changing it at this moment.
    """
    async with one_at_a_time(storage, "payment", payment_intent_id):
        entry = await read_payment(gateway, payment_intent_id)
        if entry is None:
            return None
        book = LessonBook(storage)
        await book.put_payments([entry])
    if zone is not None and await book.student(entry.student) is None:
        await refresh_student(storage, gateway, entry.student, zone)
    return entry


async def refresh_student(
    storage: Storage, gateway: StripeGateway, customer_id: str, zone: ZoneInfo
) -> StudentEntry | None:
    """What Stripe says of a student now; None, and struck out, where there is none.

    Their e-mail address goes into the index: it may have been changed on Stripe's dashboard.

    Others buy tickets and videos on this account. A student is who reserved a lesson
    (`first_lesson`) or has a lesson payment in the book.

    Args:
        zone: the shop's, for a lesson that does not say its own.
    """
    book = LessonBook(storage)
    async with one_at_a_time(storage, "student", customer_id):
        try:
            entry = await read_student(gateway, customer_id, zone)
        except UnknownCustomer:
            await book.strike_students([customer_id])
            return None
        if entry.email:
            await StudentIndex(storage, gateway).remember(customer_id, entry.email)
        if entry.lesson is None and not await book.payments_of([customer_id]):
            await book.strike_students([customer_id])
            return None
        await book.put_students([entry])
        return entry


async def read_payment(gateway: StripeGateway, payment_intent_id: str) -> PaymentEntry | None:
    """A payment as Stripe has it; None where it is no lesson money or was never tried."""
    payment = await gateway.history.payment(payment_intent_id)
    return payment_entry(payment, await gateway.history.dispute_of(payment))


async def read_student(gateway: StripeGateway, customer_id: str, zone: ZoneInfo) -> StudentEntry:
    """A student as Stripe has them.

    Raises:
        UnknownCustomer: no such student, or deleted.
    """
    found = await account(gateway, customer_id)
    return student_entry(found.student, found.card, zone)
