"""What is written down of a payment and of a student, from Stripe's objects."""

from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from shop.lesson_book.entries import (
    CardUsed,
    DisputeEntry,
    Lesson,
    PaymentEntry,
    PaymentState,
    Problem,
    RefundEntry,
    StudentEntry,
    payment_entry,
    student_entry,
)
from shop.rules.decline_reasons import Remedy
from shop.stripe_gateway.objects import (
    Card,
    Customer,
    Dispute,
    EvidenceDetails,
    PaymentMethod,
)
from shop.stripe_gateway.payment_record import PaymentRecord

NEW_YORK = ZoneInfo("America/New_York")


def record(status: str, **more: Any) -> PaymentRecord:
    """A lesson payment as Stripe sends it."""
    intent = {
        "id": "pi_1",
        "created": 10,
        "status": status,
        "amount": 6500,
        "currency": "usd",
        "customer": "cus_1",
        "metadata": {"type": "lessons-payment"},
    }
    return msgspec.convert(intent | more, PaymentRecord)


def charge(**more: Any) -> dict[str, Any]:
    """A charge on a Visa card that went through."""
    card = {"brand": "visa", "last4": "4242", "capture_before": 99}
    return {
        "id": "ch_1",
        "created": 11,
        "status": "succeeded",
        "payment_method_details": {"type": "card", "card": card},
        **more,
    }


def booked(fee: int, currency: str = "usd") -> dict[str, Any]:
    """What a capture moved on the balance."""
    return {
        "id": "txn_1",
        "created": 20,
        "available_on": 20,
        "currency": currency,
        "amount": 4000,
        "fee": fee,
        "net": 4000 - fee,
        "reporting_category": "charge",
        "type": "charge",
    }


def entry(state: PaymentState, **more: Any) -> PaymentEntry:
    return PaymentEntry(
        id="pi_1",
        student="cus_1",
        created=10,
        state=state,
        amount=6500,
        currency="usd",
        **more,
    )


VISA = CardUsed("visa", "4242")


def test_a_hold():
    """With the moment at which it lapses, and who gives the lesson."""
    payment = record(
        "requires_capture",
        description="Guitar lesson",
        metadata={"type": "lessons-payment", "instructor": "Mo"},
        latest_charge=charge(),
    )
    assert payment_entry(payment) == entry(
        PaymentState.HELD,
        description="Guitar lesson",
        instructor="Mo",
        authorized_at=11,
        capture_before=99,
        card=VISA,
    )


def test_a_capture_with_refunds():
    """One arrived, one is on its way, one failed; only the first has gone back."""
    refunds = [
        {"id": "re_3", "created": 33, "amount": 300, "status": "failed", "failure_reason": "lost"},
        {"id": "re_2", "created": 32, "amount": 200, "status": "pending"},
        {"id": "re_1", "created": 31, "amount": 100, "status": "succeeded"},
    ]
    paid = charge(balance_transaction=booked(146), amount_refunded=300, refunds={"data": refunds})
    payment = record("succeeded", amount_received=4000, latest_charge=paid)
    assert payment_entry(payment) == entry(
        PaymentState.CAPTURED,
        captured=4000,
        refunded=100,
        refund_pending=200,
        fee=146,
        authorized_at=11,
        ended_at=20,
        card=VISA,
        refunds=(
            RefundEntry("re_3", 33, 300, "failed", "lost"),
            RefundEntry("re_2", 32, 200, "pending"),
            RefundEntry("re_1", 31, 100, "succeeded"),
        ),
    )


def test_a_fee_in_another_currency_is_not_told():
    """Cents of one currency are not those of another."""
    paid = charge(balance_transaction=booked(146, "eur"))
    found = payment_entry(record("succeeded", latest_charge=paid))
    assert found is not None
    assert (found.fee, found.ended_at) == (None, 20)


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("requested_by_customer", PaymentState.RELEASED),
        ("abandoned", PaymentState.RELEASED),
        (None, PaymentState.RELEASED),
        ("expired", PaymentState.EXPIRED),
        ("automatic", PaymentState.EXPIRED),
    ],
)
def test_who_let_go_of_a_hold(reason: str | None, state: PaymentState):
    """Somebody, or nobody in time."""
    payment = record("canceled", cancellation_reason=reason, canceled_at=50, latest_charge=charge())
    assert payment_entry(payment) == entry(state, authorized_at=11, ended_at=50, card=VISA)


def test_a_declined_payment():
    """Its card is the one that was tried."""
    error = {
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "message": "Your card has insufficient funds.",
        "payment_method": {
            "id": "pm_1",
            "created": 5,
            "card": {"brand": "visa", "last4": "9995", "exp_month": 4, "exp_year": 2030},
        },
    }
    payment = record("requires_payment_method", last_payment_error=error)
    assert payment_entry(payment) == entry(
        PaymentState.FAILED,
        card=CardUsed("visa", "9995"),
        problem=Problem(
            remedy=Remedy.TRY_AGAIN,
            code="card_declined",
            decline_code="insufficient_funds",
            message="Your card has insufficient funds.",
        ),
    )


@pytest.mark.parametrize(
    "error",
    [
        {"code": "authentication_required"},
        {"code": "card_declined", "decline_code": "authentication_required"},
    ],
)
def test_the_bank_wants_the_student(error: dict[str, str]):
    """Whether there was a charge or not."""
    found = payment_entry(record("requires_payment_method", last_payment_error=error))
    assert found is not None
    assert found.state is PaymentState.NEEDS_CONFIRMATION
    assert found.problem is not None
    assert found.problem.remedy is Remedy.AUTHENTICATION


@pytest.mark.parametrize(
    "payment",
    [
        record("succeeded", metadata={"type": "ticket"}),
        record("succeeded", customer=None),
        record("requires_payment_method"),
        record("requires_confirmation"),
    ],
    ids=["ticket", "nobody's", "never tried", "not yet tried"],
)
def test_what_is_no_lesson_payment(payment: PaymentRecord):
    """It is not written down."""
    assert payment_entry(payment) is None


@pytest.mark.parametrize(("due_by", "told"), [(77, 77), (0, None), (None, None)])
def test_a_dispute(due_by: int | None, told: int | None):
    """Until when it can be answered, where it can."""
    dispute = Dispute(
        id="du_1",
        created=40,
        amount=6500,
        currency="usd",
        status="needs_response",
        reason="fraudulent",
        evidence_details=EvidenceDetails(due_by),
    )
    found = payment_entry(record("succeeded", latest_charge=charge()), dispute)
    assert found is not None
    assert found.dispute == DisputeEntry("du_1", "needs_response", "fraudulent", 6500, told)


def test_a_student():
    """The lesson's moment is worked out; a customer without a lesson has none."""
    card = Card("visa", "4242", 4, 2030)
    ada = Customer(
        id="cus_1",
        created=1_795_000_000,
        name="Ada",
        email="ada@example.com",
        metadata={"first_lesson": "01 Dec 3:00 p.m."},
    )
    assert student_entry(ada, PaymentMethod("pm_1", 5, card), NEW_YORK) == StudentEntry(
        id="cus_1",
        created=1_795_000_000,
        name="Ada",
        email="ada@example.com",
        lesson=Lesson("01 Dec 3:00 p.m.", 1_796_155_200),
        card=card,
    )
    assert student_entry(Customer(id="cus_2", created=5), None, NEW_YORK) == StudentEntry(
        id="cus_2", created=5
    )
