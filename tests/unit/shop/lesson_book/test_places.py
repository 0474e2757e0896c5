"""Under what a payment is looked up."""

import pytest

from shop.lesson_book.entries import DisputeEntry, PaymentEntry, RefundEntry
from shop.lesson_book.places import NEVER, NO, Places, places
from tests.unit.shop.lesson_book.payments import (
    CAPTURED,
    EXPIRED,
    FAILED,
    HELD,
    NEEDS_CONFIRMATION,
    RELEASED,
    payment,
)


def refund(created: int, status: str) -> RefundEntry:
    return RefundEntry(id=f"re_{created}", created=created, amount=100, status=status)


def dispute(status: str) -> DisputeEntry:
    return DisputeEntry(id="du_1", status=status, reason="fraudulent", amount=6500)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (payment("1", HELD, created=5, capture_before=99), Places(99, NO, NO, NEVER)),
        (payment("1", HELD, created=5, authorized_at=6), Places(NEVER, NO, NO, NEVER)),
        (payment("1", CAPTURED, created=5, ended_at=8), Places(NO, NO, NO, 8)),
        (payment("1", RELEASED, created=5, ended_at=8), Places(NO, NO, NO, 8)),
        (payment("1", EXPIRED, created=5, ended_at=8), Places(NO, NO, 5, 8)),
        (payment("1", FAILED, created=5), Places(NO, 5, NO, 5)),
        (payment("1", NEEDS_CONFIRMATION, created=5), Places(NO, 5, NO, 5)),
    ],
    ids=["held", "no end", "captured", "released", "expired", "failed", "needs confirmation"],
)
def test_by_state(entry: PaymentEntry, expected: Places):
    """An open hold may still change; the rest is over when it last changed."""
    assert places(entry) == expected


@pytest.mark.parametrize(
    ("refunds", "troubled", "over"),
    [
        ((refund(9, "succeeded"),), NO, 9),
        ((refund(9, "failed"),), 5, 9),
        ((refund(9, "canceled"),), 5, 9),
        ((refund(11, "succeeded"), refund(9, "failed")), NO, 11),
        ((refund(11, "failed"), refund(9, "succeeded")), 5, 11),
    ],
    ids=["arrived", "failed", "canceled", "made up for", "failed again"],
)
def test_a_refund_that_did_not_arrive(refunds: tuple[RefundEntry, ...], troubled: int, over: int):
    """Somebody must see to it, until a later one arrives."""
    entry = payment("1", CAPTURED, created=5, ended_at=8, refunds=refunds)
    assert places(entry) == Places(NO, NO, troubled, over)


def test_money_on_its_way_may_still_come_back():
    """So the payment is kept."""
    refunds = (refund(9, "pending"),)
    entry = payment("1", CAPTURED, created=5, refund_pending=100, refunds=refunds)
    assert places(entry) == Places(NO, NO, NO, NEVER)


@pytest.mark.parametrize(
    ("status", "troubled", "over"),
    [
        ("needs_response", 5, NEVER),
        ("warning_needs_response", 5, NEVER),
        ("under_review", NO, NEVER),
        ("lost", NO, 8),
        ("won", NO, 8),
        ("warning_closed", NO, 8),
    ],
)
def test_disputes(status: str, troubled: object, over: object):
    """They are to be seen to while they can be answered, and over once they are decided."""
    entry = payment("1", CAPTURED, created=5, ended_at=8, dispute=dispute(status))
    assert places(entry) == Places(NO, NO, troubled, over)
