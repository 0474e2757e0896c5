"""The bookkeeping that reports are measured against."""

from sandbox.truth import FailedAttempt, Totals, Truth, is_lesson


def test_totals_hold_both_ends_of_the_window() -> None:
    truth = Truth()
    truth.captured(100, "usd", 6500, 219)
    truth.gave_back(200, "usd", 1500)
    truth.gave_back(300, "usd", 5000, 1500)
    truth.came_back(150, "usd", 400)
    assert truth.totals(100, 300) == Totals(6500, 219 + 1500 + 6500 - 400, -1319, 4)
    assert truth.totals(101, 199) == Totals(0, -400, 400, 1)
    assert truth.totals(301, 900) == Totals(0, 0, 0, 0)


def test_currencies_are_kept_apart() -> None:
    truth = Truth()
    truth.captured(100, "usd", 6500, 219)
    truth.gave_back(120, "eur", 5000, 1389)
    truth.came_back(130, "eur", 5000, 1389)
    truth.captured(140, "eur", 700, 48)
    assert truth.currencies() == ["usd", "eur"]
    assert truth.totals(0, 200, "usd") == truth.totals(0, 200) == Totals(6500, 219, 6281, 1)
    assert truth.totals(0, 200, "eur") == Totals(700, 48, 652, 3)
    assert truth.totals(0, 200, "gbp") == Totals(0, 0, 0, 0)


def test_two_witnesses_become_one() -> None:
    truth, other = Truth(), Truth()
    truth.captured(100, "usd", 10, 1)
    other.captured(100, "usd", 20, 2)
    other.captured(100, "eur", 30, 3)
    truth.absorb(other)
    again = Truth.of(truth.books())
    for witness in (truth, again):
        assert witness.totals(0, 200, "usd") == Totals(30, 3, 27, 2)
        assert witness.totals(0, 200, "eur") == Totals(30, 3, 27, 1)


def test_movements_may_be_told_in_any_order() -> None:
    truth = Truth()
    truth.captured(300, "usd", 3, 0)
    truth.captured(100, "usd", 1, 0)
    assert truth.totals(0, 200).payment_total == 1
    truth.captured(200, "usd", 2, 0)
    assert truth.totals(0, 200).payment_total == 3


def failing(seq: int, created: int) -> FailedAttempt:
    """A refused payment of one student."""
    return FailedAttempt(created, seq, f"pi_{seq}", "cus_1", "pm_1")


def test_a_failure_counts_while_it_is_the_latest_payment_of_the_window() -> None:
    truth = Truth()
    truth.attempted("cus_1", 100, 1)
    truth.failed(failing(1, 100))
    assert truth.failures(50, 150) == [failing(1, 100)]
    truth.attempted("cus_1", 200, 2)
    assert truth.failures(50, 150) == [failing(1, 100)]
    assert truth.failures(50, 250) == []
    assert truth.failures(101, 150) == []


def test_of_two_payments_in_one_second_the_second_is_the_latest() -> None:
    truth = Truth()
    for seq in (1, 2):
        truth.attempted("cus_1", 100, seq)
        truth.failed(failing(seq, 100))
    assert truth.failures(0, 200) == [failing(2, 100)]


def test_a_payment_that_succeeds_after_all_is_no_failure() -> None:
    truth = Truth()
    truth.attempted("cus_1", 100, 1)
    truth.failed(failing(1, 100))
    truth.attempted("cus_1", 100, 1)
    truth.succeeded("pi_1")
    assert truth.failures(0, 200) == []


def test_what_a_lesson_is() -> None:
    assert is_lesson({"type": "lessons-payment", "instructor": "Ms. Eze"})
    assert not is_lesson({"type": "ticket"})
    assert not is_lesson({})
