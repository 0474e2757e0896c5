"""What the instructor's page counts and says, module by module: amounts, fees, times, changes."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.lesson_book_documents import NOW, ZONE, book, busy_book, lesson, payment

FEES = {"basis_points": 290, "fixed": 30}


@pytest.fixture
def page(page: Page) -> Page:
    page.goto("/not-found")
    return page


def call(page: Page, module: str, function: str, *arguments: Any) -> Any:
    """What an exported function answers, or the sentence of the problem it throws."""
    return page.evaluate(
        """async ([module, name, given]) => {
            const exported = await import(`/assets/js/instructor-${module}.js`);
            try {
                return exported[name](...given);
            } catch (error) {
                return error.message;
            }
        }""",
        [module, function, list(arguments)],
    )


# ── Amounts ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("65", 6500),
        ("12.50", 1250),
        (" $12.50 ", 1250),
        ("0.01", 1),
        ("0.29", 29),  # 0.29 * 100 is 28.999… in floating point
        ("1.15", 115),
        ("999999.99", 99_999_999),
    ],
)
def test_an_amount_is_read_to_the_cent(page: Page, typed: str, cents: int) -> None:
    """From its digits, never through a fraction."""
    assert call(page, "amounts", "parseAmount", typed) == cents


@pytest.mark.parametrize(
    "typed", ["12.5", "12,50", "1,200.00", "-1", "1e3", "12.", ".50", "0x10", "12.505", "twelve"]
)
def test_what_could_mean_two_amounts_is_refused(page: Page, typed: str) -> None:
    """With the sentence that says how to write it."""
    assert call(page, "amounts", "parseAmount", typed) == (
        "Please write dollars, or dollars and two digits of cents, such as 12.50."
    )


def test_too_much_is_refused(page: Page) -> None:
    """Stripe takes eight digits at most."""
    assert call(page, "amounts", "parseAmount", "1000000") == (
        "That is more than Stripe takes in one payment."
    )


@pytest.mark.parametrize(("cents", "typed"), [(1, "0.01"), (10, "0.10"), (1250, "12.50")])
def test_a_known_amount_is_filled_in_as_it_is_typed(page: Page, cents: int, typed: str) -> None:
    """What is filled in can be read again."""
    assert call(page, "amounts", "typedAmount", cents) == typed


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        (1, 30),
        (17, 30),
        (18, 31),
        (50, 31),
        (1000, 59),
        (4000, 146),
        (6500, 219),
        (99_999_999, 2_900_030),
    ],
)
def test_the_fee_is_estimated_with_the_share_rounded_half_up(
    page: Page, amount: int, fee: int
) -> None:
    """2.9 % and 30 cents."""
    assert call(page, "figures", "estimatedFee", amount, FEES) == fee


@pytest.mark.parametrize(("amount", "half"), [(6500, 3250), (6501, 3250), (3, 1), (1, 0)])
def test_half_leaves_the_odd_cent_to_the_student(page: Page, amount: int, half: int) -> None:
    """A late cancellation costs half, rounded down."""
    assert call(page, "figures", "halfOf", amount) == half


def test_a_refund_comes_off_the_whole_capture_and_its_fee_stays(page: Page) -> None:
    """The known fee where Stripe has told it, an estimate before."""
    captured = payment(state="captured", refunded=1000, refund_pending=500, fee=250)
    figures = {"pays": 3000, "fee": 250, "feeIsKnown": True, "nets": 2750, "released": 0}
    assert call(page, "figures", "refundFigures", 2000, captured, FEES) == figures | {"back": 2000}
    estimated = {"fee": 219, "feeIsKnown": False, "nets": 2781, "back": 2000}
    answered = call(page, "figures", "refundFigures", 2000, captured | {"fee": None}, FEES)
    assert answered == figures | estimated


# ── What can be done ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "actions"),
    [
        ("warning_needs_response", ["refund"]),
        ("warning_under_review", ["refund"]),
        ("warning_closed", ["refund"]),
        ("needs_response", []),
        ("under_review", []),
        ("lost", []),
        ("won", ["refund"]),
    ],
)
def test_what_the_bank_has_not_taken_back_can_be_refunded(
    page: Page, status: str, actions: list[str]
) -> None:
    """Stripe refunds no chargeback; an inquiry takes nothing, and a refund may end it."""
    dispute = {"id": "dp_1", "status": status, "reason": "fraudulent", "amount": 6500}
    contested = payment(state="captured", dispute=dispute | {"due_by": None})
    assert call(page, "actions", "actionsFor", contested, {"canHold": True}) == actions


# ── Times ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("2026-11-24T19:14:00Z", "1 day 4 h left"),
        ("2026-11-26T15:04:00Z", "3 days left"),
        ("2026-11-23T19:14:00Z", "4 h 10 min left"),
        ("2026-11-23T17:04:59Z", "2 h left"),
        ("2026-11-23T15:16:59Z", "12 min left"),
        ("2026-11-23T15:04:59Z", "under a minute left"),
        ("2026-11-23T15:04:00Z", "time is up"),
    ],
)
def test_the_time_left_is_never_more_than_there_is(page: Page, end: str, words: str) -> None:
    """Rounded down, in the two largest units."""
    assert call(page, "times", "timeLeftUntil", end, NOW) == words


@pytest.mark.parametrize(
    ("at", "now", "title"),
    [
        ("2026-11-24T04:59:00Z", NOW, "Today, Monday, Nov 23"),
        ("2026-11-24T05:00:00Z", NOW, "Tomorrow, Tuesday, Nov 24"),
        ("2026-11-25T20:00:00Z", NOW, "Wednesday, Nov 25"),
        # the clocks go back in the night: that day has 25 hours
        ("2026-11-02T04:59:00Z", "2026-11-01T04:00:00Z", "Today, Sunday, Nov 1"),
    ],
)
def test_days_are_those_of_the_shops_zone(page: Page, at: str, now: str, title: str) -> None:
    """Midnight is the shop's, whatever the clock of the browser says."""
    assert call(page, "times", "dayTitle", at, now, ZONE) == title


# ── The book after an action ─────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("authentication_required", ["“No.”", "The student has to confirm it with their bank."]),
        (
            "payment_intent_authentication_failure",
            ["The student has to confirm it with their bank."],
        ),
    ],
)
def test_what_stripe_says_to_programmers_is_not_quoted(
    page: Page, code: str, said: list[str]
) -> None:
    """It speaks of parameters; what helps is said in either case."""
    problem = {"code": code, "message": "No.", "remedy": "needs authentication"}
    assert call(page, "words", "problemWords", problem) == said


def test_a_new_hold_takes_its_place_in_every_list(page: Page) -> None:
    """The lesson is covered, the refusal is over, the hold is among the open ones."""
    held = payment("Walter Lindqvist", id="pi_new", capture_before=None)
    before = busy_book()
    after = call(page, "changes", "withPayment", before, held)
    (row,) = [one for one in after["lessons"] if one["student"]["name"] == "Walter Lindqvist"]
    assert (row["payment"]["id"], row["needs_hold"]) == ("pi_new", False)
    assert [one["student"]["name"] for one in after["failed"]] == ["Priya Nair"]
    assert [one["id"] for one in after["holds"]][-1] == "pi_new"  # its end is not known yet
    assert len(after["holds"]) == len(before["holds"]) + 1


def test_a_hold_that_was_placed_again_replaces_the_old_one(page: Page) -> None:
    """Nowhere do both stand."""
    old, new = payment("Ada Marsh"), payment("Ada Marsh", id="pi_new")
    attention = [{"kind": "hold_expires_soon", "payment": old, "at": NOW}]
    lessons = [lesson("Ada Marsh", "2026-11-24T20:00:00Z", old)]
    before = book(lessons=lessons, holds=[old], attention=attention)
    after = call(page, "changes", "withPayment", before, new, old["id"])
    expected = book(lessons=[lesson("Ada Marsh", "2026-11-24T20:00:00Z", new)], holds=[new])
    assert after == expected


def test_a_captured_hold_is_not_open_any_more(page: Page) -> None:
    """Its lesson shows it as captured."""
    held = payment("Ada Marsh")
    captured = payment("Ada Marsh", "captured")
    at = "2026-11-23T20:00:00Z"
    before = book(lessons=[lesson("Ada Marsh", at, held)], holds=[held])
    assert call(page, "changes", "withPayment", before, captured) == book(
        lessons=[lesson("Ada Marsh", at, captured)]
    )
