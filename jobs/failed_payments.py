"""The failed payments: students whose latest lesson payment failed on the card still on file."""

from datetime import UTC, datetime
from typing import TypedDict

from jobs.report import Outcome, Reading, Write
from shop.accounts import card_on_file
from shop.errors import UnknownCustomer
from shop.rules.failed_payments import Attempt, latest_failures, still_fails
from shop.rules.lesson_ledger import is_lesson
from shop.stripe_gateway.objects import Charge, Customer, PaymentAttempt, PaymentMethod

COLUMNS = (
    "customer_id",
    "customer_email",
    "customer_name",
    "payment_intent_id",
    "created_utc",
    "description",
    "status",
    "error",
    "card_brand",
    "card_last4",
)


class FailedPayment(TypedDict):
    """One entry of the client's answer (contract §2)."""

    customer: dict[str, str | None]
    payment_intent: dict[str, str | int | None]
    payment_method: dict[str, str]


async def make(reading: Reading, write: Write) -> Outcome:
    """List the students whose latest lesson payment in the window failed and still would."""
    lessons: dict[str, tuple[PaymentAttempt, Customer]] = {}
    pages = reading.gateway.bulk.payment_attempts(reading.window)
    async for payment in reading.each(pages):
        student = payment.customer
        if isinstance(student, Customer) and not student.deleted and is_lesson(payment.metadata):
            lessons[payment.id] = payment, student
    found: list[FailedPayment] = []
    for attempt in latest_failures(_attempt(*lesson) for lesson in lessons.values()):
        payment, student = lessons[attempt.payment_intent]
        try:
            card = await card_on_file(reading.gateway, student)
        except UnknownCustomer:  # deleted since the list was read
            continue
        if card is not None and still_fails(attempt, card.id):
            found.append(_entry(payment, student, card))
    for entry in found:
        write(_columns(entry))
    return Outcome(summary={"students": len(found)}, answer=found)


def _attempt(payment: PaymentAttempt, student: Customer) -> Attempt:
    return Attempt(
        payment_intent=payment.id,
        student=student.id,
        status=payment.status,
        refused_card=_refused_card(payment),
    )


def _refused_card(payment: PaymentAttempt) -> str | None:
    """A refused PaymentIntent drops its card, so the error or the failed charge names it."""
    error, charge = payment.last_payment_error, payment.latest_charge
    if error is not None and error.payment_method is not None:
        return error.payment_method.id
    if isinstance(charge, Charge) and charge.status == "failed":
        return charge.payment_method
    return None


def _entry(payment: PaymentAttempt, student: Customer, card: PaymentMethod) -> FailedPayment:
    """The failed charge's words; where Stripe made none, the intent's status and decline code."""
    charge, error = payment.latest_charge, payment.last_payment_error
    if isinstance(charge, Charge) and charge.status == "failed":
        status, reason = charge.status, charge.outcome.type if charge.outcome else None
    else:
        status, reason = payment.status, error.decline_code or error.code if error else None
    return FailedPayment(
        customer={"id": student.id, "email": student.email, "name": student.name},
        payment_intent={
            "id": payment.id,
            "created": payment.created,
            "description": payment.description,
            "status": status,
            "error": reason,
        },
        payment_method={"last4": card.card.last4, "brand": card.card.brand} if card.card else {},
    )


def _columns(entry: FailedPayment) -> dict[str, str | int | None]:
    created = datetime.fromtimestamp(int(entry["payment_intent"]["created"] or 0), UTC)
    return {
        "customer_id": entry["customer"]["id"],
        "customer_email": entry["customer"]["email"],
        "customer_name": entry["customer"]["name"],
        "payment_intent_id": entry["payment_intent"]["id"],
        "created_utc": created.strftime("%Y-%m-%d %H:%M:%S"),
        "description": entry["payment_intent"]["description"],
        "status": entry["payment_intent"]["status"],
        "error": entry["payment_intent"]["error"],
        "card_brand": entry["payment_method"]["brand"],
        "card_last4": entry["payment_method"]["last4"],
    }
