"""A student's timeline, read from Stripe at this moment: a few calls, most of them at once."""

import asyncio
from zoneinfo import ZoneInfo

from msgspec import Struct

from shop.lesson_book.entries import PaymentEntry, StudentEntry, payment_entry
from shop.lesson_book.refreshing import read_student
from shop.lesson_book.timeline import Event, Totals, timeline, totals
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.payments import CURRENCY


class StudentHistory(Struct, frozen=True, kw_only=True):
    """A student and what happened to them, newest first.

    Attributes:
        complete: whether these are all payments; Stripe is asked for the newest 300.
    """

    student: StudentEntry
    totals: Totals
    events: list[Event]
    payments: list[PaymentEntry]
    complete: bool


async def read_history(gateway: StripeGateway, customer_id: str, zone: ZoneInfo) -> StudentHistory:
    """Everything about a student's lessons.

    Args:
        zone: the shop's, for a lesson that does not say its own.

    Raises:
        UnknownCustomer: no such student, or deleted.
    """
    student, found, setups = await asyncio.gather(
        read_student(gateway, customer_id, zone),
        gateway.history.payments_of(customer_id),
        gateway.history.card_setups_of(customer_id),
    )
    disputed = await asyncio.gather(*map(gateway.history.dispute_of, found.payments))
    disputes = {
        payment.id: dispute
        for payment, dispute in zip(found.payments, disputed, strict=True)
        if dispute is not None
    }
    entries = (payment_entry(payment, disputes.get(payment.id)) for payment in found.payments)
    payments = [entry for entry in entries if entry is not None]
    return StudentHistory(
        student=student,
        totals=totals(payments, CURRENCY),
        events=timeline(setups, payments, disputes),
        payments=payments,
        complete=found.complete,
    )
