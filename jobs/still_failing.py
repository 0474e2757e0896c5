"""Whether a payment that a report lists as failed still needs its student, by Stripe's latest."""

from jobs.reports.failed_payments import attempt_of
from shop.errors import StripeRefused
from shop.rules.failed_payments import still_fails
from shop.rules.lesson_ledger import is_lesson
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.objects import Customer


async def still_failing(
    gateway: StripeGateway, customer_id: str, payment_intent_id: str
) -> Customer | None:
    """The student, if it is still their latest lesson payment, failed, on the card on file.

    The rule is the report's own (`shop.rules.failed_payments`). None for a student who was
    deleted, and where none of their newest payments is a lesson's.
    """
    try:
        newest = await gateway.bulk.newest_payments(customer_id)
    except StripeRefused as refusal:
        if refusal.code == "resource_missing":
            return None
        raise
    latest = next((payment for payment in newest if is_lesson(payment.metadata)), None)
    if latest is None or latest.id != payment_intent_id:
        return None
    student = latest.customer
    if not isinstance(student, Customer) or student.deleted:
        return None
    attempt = attempt_of(latest, student)
    card = student.default_card or await gateway.bulk.newest_card(student.id)
    fails = attempt.failed and still_fails(attempt, card.id if card else None)
    return student if fails else None
