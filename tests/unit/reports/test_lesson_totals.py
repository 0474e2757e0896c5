"""The lesson totals over a ledger with a row of every sort, on the night the clocks go back."""

import pytest

from shop.rules.window import Window
from tests.unit.reports.objects import LESSON, Json, at, charge, dispute, movement, refund
from tests.unit.reports.reading import LiteralReading, expected, made

WINDOW = Window(at("2026-10-31T12:00:00-04:00"), at("2026-11-01T23:00:00-05:00"))

GUITAR = charge(
    "ch_guitar", "2026-10-28T14:00:00Z", 6500, metadata=LESSON | {"instructor": "Ms. Eze"}
)
PIANO = charge("ch_piano", "2026-10-28T15:00:00Z", 6500, amount_captured=5000)
PIANO["description"] = "Piano lesson"
OLD = charge("ch_old", "2026-03-01T10:00:00Z", 8000)
DISPUTED = charge("ch_disputed", "2026-08-01T10:00:00Z", 5000)
OLD_API = charge("ch_old_api", "2026-10-29T10:00:00Z", 6500, amount_captured=5000)
CANADIAN = charge("ch_cad", "2026-10-29T11:00:00Z", 6500)
TICKET = charge("ch_ticket", "2026-11-01T00:00:00Z", 1800, metadata={"type": "ticket"})

LEDGER = [
    movement("txn_14", "2026-11-02T03:30:00Z", -70, 0, "something_new", source=GUITAR),
    movement("txn_13", "2026-11-01T06:30:00Z", 6500, 219, "charge", source=GUITAR),
    movement("txn_12", "2026-11-01T05:30:00Z", 5000, 175, "charge", source=PIANO),
    movement(
        "txn_11",
        "2026-11-01T05:10:00Z",
        -2000,
        0,
        "refund",
        source=refund("re_old", "2026-11-01T05:10:00Z", 2000, "ch_old"),
        description="REFUND FOR CHARGE (Guitar lesson)",
    ),
    movement(
        "txn_10",
        "2026-11-01T05:00:00Z",
        1000,
        0,
        "refund_failure",
        source=refund("re_failed", "2026-10-20T05:00:00Z", 1000, OLD, status="failed"),
    ),
    movement(
        "txn_09",
        "2026-11-01T04:50:00Z",
        -5000,
        1500,
        "dispute",
        source=dispute("du_1", "2026-11-01T04:50:00Z", 5000, DISPUTED, "needs_response"),
    ),
    movement(
        "txn_08",
        "2026-11-01T04:40:00Z",
        5000,
        -1500,
        "dispute_reversal",
        source=dispute("du_2", "2026-09-01T04:50:00Z", 5000, DISPUTED, "won"),
    ),
    movement(
        "txn_07",
        "2026-11-01T04:30:00Z",
        -1500,
        0,
        "partial_capture_reversal",
        source=refund("re_rest", "2026-11-01T04:30:00Z", 1500, OLD_API),
    ),
    movement("txn_06", "2026-11-01T04:30:00Z", 6500, 175, "charge", source=OLD_API),
    movement("txn_05", "2026-11-01T04:20:00Z", 1800, 82, "charge", source=TICKET),
    movement(
        "txn_04",
        "2026-11-01T00:00:00Z",
        -100000,
        0,
        "payout",
        source={"id": "po_1", "object": "payout", "amount": 100000, "metadata": {}},
    ),
    movement("txn_03", "2026-10-31T23:00:00Z", -2500, 0, "fee", description="Billing"),
    movement(
        "txn_02",
        "2026-10-31T20:00:00Z",
        8904,
        288,
        "charge",
        currency="cad",
        exchange_rate=1.369863,
        source=CANADIAN,
    ),
    movement(
        "txn_01",
        "2026-10-31T16:00:00Z",
        -400,
        0,
        "refund",
        source=refund("re_lost", "2026-10-31T16:00:00Z", 400, "ch_lost"),
    ),
]


def reading(*rows: Json) -> LiteralReading:
    return LiteralReading(WINDOW, {"balance-transactions": rows}, charges={"ch_old": OLD})


def test_a_known_ledger_gives_exactly_these_rows_and_figures():
    """Every sort of row once, two currencies, an hour that comes twice; written out in full."""
    rows, outcome = made("lesson-totals", reading(*LEDGER))
    assert {"rows": rows, "summary": outcome.summary} == expected("lesson-totals")


def test_the_clients_answer_has_its_keys_and_nothing_is_added_across_currencies():
    """In usd 6,500 + 5,000 + (6,500 - 1,500) came in; what came off is said line by line above."""
    _, outcome = made("lesson-totals", reading(*LEDGER))
    assert outcome.answer == {
        "payment_total": 16500,
        "fee_total": 1639,
        "net_total": 14861,
        "currency": "usd",
        "other_currencies": [
            {"payment_total": 8904, "fee_total": 288, "net_total": 8616, "currency": "cad"}
        ],
    }


def test_a_window_without_lesson_money_is_all_zeros():
    """The client's keys are there even when nothing happened."""
    rows, outcome = made("lesson-totals", reading())
    assert rows == []
    assert outcome.answer == {
        "payment_total": 0,
        "fee_total": 0,
        "net_total": 0,
        "currency": "usd",
        "other_currencies": [],
    }
    assert all(check["holds"] for check in outcome.summary["checks"])


def test_only_a_charge_that_was_not_expanded_is_asked_for():
    """Expansion through a refund is likely, not certain, at Stripe."""
    this = reading(*LEDGER)
    made("lesson-totals", this)
    assert this.asked == ["ch_old", "ch_lost"]


@pytest.mark.parametrize("source", ["po_1", None, {"id": "po_1", "object": "payout"}])
def test_a_movement_without_a_charge_is_no_lesson(source: object):
    """Payouts and fees of Stripe's own are counted apart."""
    rows, outcome = made(
        "lesson-totals",
        reading(movement("txn_1", "2026-11-01T00:00:00Z", -100, 0, "payout", source=source)),
    )
    assert rows == []
    assert (outcome.summary["transactions"], outcome.summary["other_transactions"]) == (0, 1)


def test_a_row_that_contradicts_itself_shows_in_the_check():
    """The identity is worked out, not assumed: a net that is no sum of its parts breaks it."""
    bad = movement("txn_1", "2026-11-01T00:00:00Z", 6500, 219, "charge", source=GUITAR)
    _, outcome = made("lesson-totals", reading(bad | {"net": 6280}))
    identity = outcome.summary["checks"][0]
    assert identity == {
        "label": "Gross less everything that came off is the sum of all nets",
        "holds": False,
        "detail": "USD: 65.00 - 2.19 = 62.81; the nets of 1 transaction add up to 62.80",
    }


def test_checks_set_thousands_apart():
    """They are read by people."""
    payouts = [movement(f"txn_{n}", "2026-11-01T00:00:00Z", -100, 0, "payout") for n in range(1200)]
    _, outcome = made("lesson-totals", reading(*payouts))
    counted = outcome.summary["checks"][-1]
    assert counted == {
        "label": "Every balance transaction is counted once",
        "holds": True,
        "detail": "0 of lessons + 1,200 others + 0 unclassified = 1,200 read",
    }
