"""Who is listed as a student whose lesson payment failed."""

import pytest

from shop.rules.failed_payments import Attempt, latest_failures, still_fails


def attempt(
    student: str = "cus_1",
    status: str = "requires_payment_method",
    refused_card: str | None = "pm_old",
    payment_intent: str = "pi_1",
) -> Attempt:
    return Attempt(
        payment_intent=payment_intent, student=student, status=status, refused_card=refused_card
    )


def test_only_the_latest_attempt_of_a_student_counts():
    """A success after a failure takes the student off the list; a failure after one puts on."""
    healed = [attempt("cus_1", "succeeded", None), attempt("cus_1")]
    broken = attempt("cus_2", payment_intent="pi_9")
    relapsed = [broken, attempt("cus_2", "succeeded", None)]
    assert latest_failures(healed + relapsed) == [broken]


@pytest.mark.parametrize("status", ["succeeded", "requires_capture", "processing"])
def test_a_payment_that_went_through_in_the_end_did_not_fail(status: str):
    """Even when an earlier try of the same PaymentIntent was refused."""
    assert latest_failures([attempt(status=status)]) == []


def test_a_hold_that_was_let_go_did_not_fail():
    """A cancelled PaymentIntent without a refused card was released by staff."""
    assert latest_failures([attempt(status="canceled", refused_card=None)]) == []


def test_a_student_with_another_card_by_now_is_not_listed():
    """The card on file must still be the one that was refused."""
    assert still_fails(attempt(), "pm_old") is True
    assert still_fails(attempt(), "pm_new") is False
    assert still_fails(attempt(), None) is False
