"""The bookkeeping that reports are measured against."""

from sandbox.actions import capturing, disputing, refunding
from sandbox.cards import BY_NUMBER
from sandbox.clock import Clock
from sandbox.records import BillingDetails, CardDetails, Charge
from sandbox.service import new_account
from sandbox.truth import FailedAttempt, Totals, Truth, is_lesson


class Ticking(Clock):
    """A second goes by each time somebody looks."""

    def now(self) -> int:
        self.offset += 1
        return 1_800_000_000 + self.offset


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


def test_what_was_no_lesson_after_all_is_taken_out_again() -> None:
    truth, other = Truth(), Truth()
    truth.captured(100, "usd", 6500, 219)
    truth.gave_back(200, "usd", 1500)
    other.captured(100, "usd", 700, 50)
    other.take_out("usd", (100, 700, 50))
    truth.take_out("usd", (200, 0, 1500))
    truth.absorb(other)
    for witness in (truth, Truth.of(truth.books())):
        assert witness.totals(0, 900) == Totals(6500, 219, 6281, 1)
        assert witness.totals(101, 900) == Totals(0, 0, 0, 0)
    truth.put_in("usd", (200, 0, 1500))
    assert truth.totals(0, 900) == Totals(6500, 1719, 4781, 2)


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


def test_a_movement_carries_the_second_of_its_row() -> None:
    """And not of the refund or the dispute, which may be a second older."""
    account = new_account(Ticking(), None)
    charge = Charge(
        **account.stamp("ch"),
        payment_intent="pi_1",
        payment_method="pm_1",
        details=CardDetails(card=BY_NUMBER["4242424242424242"], exp_month=1, exp_year=2040),
        billing=BillingDetails(),
        amount=5_000,
        amount_captured=5_000,
        captured=True,
        settlement_currency="usd",
        metadata={"type": "lessons-payment"},
    )
    account.charges.add(charge)
    capturing.book(account, charge)
    refunding.fail(account, refunding.refund(account, charge, 1_000, None, {}).id)
    disputing.open_dispute(account, charge, "fraudulent")
    rows = account.balance_transactions.rows()
    assert [row.type for row in rows] == ["charge", "refund", "refund_failure", "adjustment"]
    assert [account.truth.totals(row.created, row.created).net_total for row in rows] == [
        row.amount - row.fee for row in rows
    ]
