"""The failed payments: students whose latest lesson payment failed on the card still on file.

Who stands on it is the client's rule (contract, section 2). What helps each of them is read from
the refusal. The card on file is the one at the time of reading: a student who has put down
another card since is not listed any more.
"""

from collections import Counter
from typing import NamedTuple, TypedDict

from jobs.reading import Reading
from jobs.report import Outcome, Write
from jobs.reports.cards import cards_of
from shop.reports.summary import Summary, count_figure, summary
from shop.reports.table import Cell, Column, Moment
from shop.rules.decline_reasons import Remedy, remedy
from shop.rules.failed_payments import Attempt, LatestAttempts, still_fails
from shop.rules.lesson_ledger import is_lesson
from shop.rules.local_time import UTC, LocalTime
from shop.rules.money import Amount
from shop.stripe_gateway.listings import PAYMENTS
from shop.stripe_gateway.objects import (
    Card,
    Charge,
    Customer,
    LastPaymentError,
    PaymentAttempt,
)

VERSION = 1
LISTINGS = (PAYMENTS,)

COLUMNS = (
    Column("customer_id", "Customer", "text"),
    Column("customer_email", "E-mail", "text"),
    Column("customer_name", "Name", "text"),
    Column("what_helps", "What helps", "text"),
    Column("days_since", "Days since", "integer"),
    Column("account_link", "Account page", "text"),
    Column("payment_intent_id", "PaymentIntent", "text"),
    Column("created_utc", "Created (UTC)", "moment"),
    Column("created", "Created", "moment"),
    Column("amount", "Amount", "money"),
    Column("currency", "Currency", "text"),
    Column("description", "Description", "text"),
    Column("status", "Status", "text"),
    Column("error", "Error", "text"),
    Column("decline_code", "Decline code", "text"),
    Column("failure_message", "Message", "text"),
    Column("card_brand", "Card brand", "text"),
    Column("card_last4", "Card ends in", "text"),
)


class FailedPayment(TypedDict):
    """One entry of the client's answer (contract §2)."""

    customer: dict[str, str | None]
    payment_intent: dict[str, str | int | None]
    payment_method: dict[str, str]


class Failure(NamedTuple):
    """A student's latest lesson payment, which failed."""

    attempt: Attempt
    payment: PaymentAttempt
    student: Customer


class Refusal(NamedTuple):
    """How a payment failed, in the words that Stripe has for it."""

    status: str
    error: str | None
    decline_code: str | None
    message: str | None
    remedy: Remedy


async def make(reading: Reading, write: Write) -> Outcome:
    """List the students whose latest lesson payment in the window failed and still would."""
    failures = await _latest_failures(reading)
    cards = await cards_of(reading, [failure.student for failure in failures])
    clock = LocalTime(reading.zone)
    found: list[FailedPayment] = []
    remedies: Counter[Remedy] = Counter()
    for failure, card in zip(failures, cards, strict=True):
        if card is None or card.card is None or not still_fails(failure.attempt, card.id):
            continue
        refusal = _refusal(failure.payment)
        remedies[refusal.remedy] += 1
        found.append(_entry(failure, refusal, card.card))
        write(_cells(failure, refusal, card.card, reading, clock))
    return Outcome(summary=_summary(remedies), answer=found)


async def _latest_failures(reading: Reading) -> list[Failure]:
    """Each student's latest lesson payment, where it failed; deleted students are left out."""
    latest = LatestAttempts()
    failures: list[Failure] = []
    async for payment in reading.each(PAYMENTS):
        student = payment.customer
        if not isinstance(student, Customer) or student.deleted or not is_lesson(payment.metadata):
            continue
        attempt = attempt_of(payment, student)
        if latest.is_failure(attempt):
            failures.append(Failure(attempt, payment, student))
    return failures


def attempt_of(payment: PaymentAttempt, student: Customer) -> Attempt:
    """What the rule needs to know of a student's payment."""
    return Attempt(student=student.id, status=payment.status, refused_card=_refused_card(payment))


def _refused_card(payment: PaymentAttempt) -> str | None:
    """A refused PaymentIntent drops its card, so the error or the failed charge names it."""
    error, charge = payment.last_payment_error, _failed_charge(payment)
    if error is not None and error.payment_method is not None:
        return error.payment_method.id
    return charge.payment_method if charge else None


def _failed_charge(payment: PaymentAttempt) -> Charge | None:
    charge = payment.latest_charge
    return charge if isinstance(charge, Charge) and charge.status == "failed" else None


def _refusal(payment: PaymentAttempt) -> Refusal:
    """The failed charge's words; where Stripe made none, the intent's status and decline code."""
    charge = _failed_charge(payment)
    error = payment.last_payment_error or LastPaymentError()
    outcome = charge.outcome if charge else None
    code = error.code or (charge.failure_code if charge else None)
    helps = remedy(
        decline_code=error.decline_code,
        advice_code=(outcome and outcome.advice_code) or error.advice_code,
        code=code,
    )
    decline_code = error.decline_code or code
    if charge is None or charge.status is None:
        return Refusal(payment.status, decline_code, decline_code, error.message, helps)
    message = charge.failure_message or error.message
    return Refusal(charge.status, outcome.type if outcome else None, decline_code, message, helps)


def _entry(failure: Failure, refusal: Refusal, card: Card) -> FailedPayment:
    _, payment, student = failure
    return FailedPayment(
        customer={"id": student.id, "email": student.email, "name": student.name},
        payment_intent={
            "id": payment.id,
            "created": payment.created,
            "description": payment.description,
            "status": refusal.status,
            "error": refusal.error,
        },
        payment_method={"last4": card.last4, "brand": card.brand},
    )


def _cells(
    failure: Failure, refusal: Refusal, card: Card, reading: Reading, clock: LocalTime
) -> dict[str, Cell]:
    _, payment, student = failure
    return {
        "customer_id": student.id,
        "customer_email": student.email,
        "customer_name": student.name,
        "what_helps": refusal.remedy.value,
        "days_since": clock.days_between(payment.created, reading.now),
        "account_link": f"{reading.domain}/account-update/{student.id}",
        "payment_intent_id": payment.id,
        "created_utc": Moment(payment.created, UTC),
        "created": Moment(payment.created, clock.zone),
        "amount": Amount(payment.amount, payment.currency),
        "currency": payment.currency,
        "description": payment.description,
        "status": refusal.status,
        "error": refusal.error,
        "decline_code": refusal.decline_code,
        "failure_message": refusal.message,
        "card_brand": card.brand,
        "card_last4": card.last4,
    }


def _summary(remedies: Counter[Remedy]) -> Summary:
    students = remedies.total()
    counts = {each.name.lower(): remedies[each] for each in Remedy}
    return summary(
        {"students": students, **counts},
        figures=[
            count_figure("students", "Students to reach", students),
            *(
                count_figure(each.name.lower(), each.value.capitalize(), remedies[each])
                for each in Remedy
            ),
        ],
        notes=["A student is listed while the card that was refused is still the one on file."],
    )
