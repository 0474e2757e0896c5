"""Payments and students to test with."""

import msgspec

from shop.lesson_book.entries import PaymentEntry, PaymentState, StudentEntry

HELD = PaymentState.HELD
CAPTURED = PaymentState.CAPTURED
RELEASED = PaymentState.RELEASED
EXPIRED = PaymentState.EXPIRED
FAILED = PaymentState.FAILED
NEEDS_CONFIRMATION = PaymentState.NEEDS_CONFIRMATION


def payment(
    name: str, state: PaymentState = HELD, *, created: int = 0, student: str = "ada", **more: object
) -> PaymentEntry:
    """A payment of 65 dollars."""
    return PaymentEntry(
        id=f"pi_{name}",
        student=f"cus_{student}",
        created=created,
        state=state,
        amount=6500,
        currency="usd",
        **more,
    )


def student(name: str, /, **more: object) -> StudentEntry:
    """A student."""
    return msgspec.structs.replace(StudentEntry(id=f"cus_{name}", created=0), **more)
