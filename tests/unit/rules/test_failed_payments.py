"""Who is listed as a student whose lesson payment failed."""

import pytest

from shop.rules.failed_payments import Attempt, LatestAttempts, still_fails


def attempt(
    student: str = "cus_1",
    status: str = "requires_payment_method",
    refused_card: str | None = "pm_old",
) -> Attempt:
    return Attempt(student=student, status=status, refused_card=refused_card)


def failures(*attempts: Attempt) -> list[Attempt]:
    latest = LatestAttempts()
    return [each for each in attempts if latest.is_failure(each)]


def test_only_the_latest_attempt_of_a_student_counts():
    """A success after a failure takes the student off the list; a failure after one puts on."""
    healed = [attempt("cus_1", "succeeded", None), attempt("cus_1")]
    relapsed = [attempt("cus_2"), attempt("cus_2", "succeeded", None)]
    assert failures(*healed, *relapsed) == [attempt("cus_2")]


@pytest.mark.parametrize("status", ["succeeded", "requires_capture", "processing"])
def test_a_payment_that_went_through_in_the_end_did_not_fail(status: str):
    """Even when an earlier try of the same PaymentIntent was refused."""
    assert failures(attempt(status=status)) == []


def test_a_hold_that_was_let_go_did_not_fail():
    """A cancelled PaymentIntent without a refused card was released by staff."""
    assert failures(attempt(status="canceled", refused_card=None)) == []


def test_a_student_with_another_card_by_now_is_not_listed():
    """The card on file must still be the one that was refused."""
    assert still_fails(attempt(), "pm_old") is True
    assert still_fails(attempt(), "pm_new") is False
    assert still_fails(attempt(), None) is False
