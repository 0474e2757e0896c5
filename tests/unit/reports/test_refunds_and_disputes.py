"""Refunds and disputes, what they moved, and whether the balance says the same."""

from typing import Any

from shop.rules.window import Window
from tests.unit.reports.objects import Json, at, charge, dispute, movement, refund
from tests.unit.reports.reading import LiteralReading, expected, made

WINDOW = Window(at("2026-11-01T00:00:00-04:00"), at("2026-11-30T23:59:59-05:00"))
GUITAR = charge("ch_guitar", "2026-10-28T14:00:00Z", 6500)
CANADIAN = charge("ch_cad", "2026-10-28T14:00:00Z", 6500)
TICKET = charge("ch_ticket", "2026-10-28T14:00:00Z", 1800, metadata={"type": "ticket"})

OUT = movement("txn_out", "2026-11-20T10:00:00Z", -2000, 0, "refund")
FAILED_OUT = movement("txn_failed_out", "2026-11-19T10:00:00Z", -1000, 0, "refund")
FAILED_BACK = movement("txn_failed_back", "2026-12-03T10:00:00Z", 1000, 0, "refund_failure")
CAD_OUT = movement(
    "txn_cad", "2026-11-18T10:00:00Z", -1370, 0, "refund", currency="cad", exchange_rate=1.37
)
REST = movement("txn_rest", "2026-11-17T10:00:00Z", -1500, 0, "partial_capture_reversal")
TICKET_OUT = movement("txn_ticket", "2026-11-16T10:00:00Z", -1800, 0, "refund")
TAKEN = movement("txn_taken", "2026-11-10T10:00:00Z", -6500, 1500, "dispute", type="adjustment")
WON = movement("txn_won", "2026-11-25T10:00:00Z", 6500, 0, "dispute_reversal", type="adjustment")
LONG_AGO = movement(
    "txn_long_ago", "2026-11-12T10:00:00Z", 6500, 0, "dispute_reversal", type="adjustment"
)

REFUNDS = [
    refund("re_out", "2026-11-20T10:00:00Z", 2000, GUITAR, balance_transaction=OUT),
    refund(
        "re_failed",
        "2026-11-19T10:00:00Z",
        1000,
        "ch_guitar",
        status="failed",
        failure_reason="expired_or_canceled_card",
        balance_transaction=FAILED_OUT,
        failure_balance_transaction=FAILED_BACK,
    ),
    refund("re_cad", "2026-11-18T10:00:00Z", 1000, CANADIAN, balance_transaction=CAD_OUT),
    refund("re_rest", "2026-11-17T10:00:00Z", 1500, GUITAR, balance_transaction=REST),
    refund("re_ticket", "2026-11-16T10:00:00Z", 1800, TICKET, balance_transaction=TICKET_OUT),
    refund("re_lapsed", "2026-11-15T10:00:00Z", 6500, GUITAR, reason="expired_uncaptured_charge"),
    refund("re_pending", "2026-11-14T10:00:00Z", 300, GUITAR, status="pending"),
    refund("re_lost", "2026-11-13T10:00:00Z", 400, "ch_lost", status="pending"),
]
DISPUTES = [
    dispute("du_inquiry", "2026-11-11T10:00:00Z", 6500, GUITAR, "warning_needs_response"),
    dispute("du_won", "2026-11-10T10:00:00Z", 6500, GUITAR, "won", [TAKEN, WON]),
]


def known(**changed: list[Json]) -> LiteralReading:
    """The balance in full: the failed refund's money came back after the window."""
    old = dispute("du_old", "2026-08-01T10:00:00Z", 6500, GUITAR, "won", [LONG_AGO])
    lists: dict[str, Any] = {
        "refunds": REFUNDS,
        "disputes": DISPUTES,
        "balance-transactions-refund": [
            OUT | {"source": REFUNDS[0]},
            FAILED_OUT | {"source": REFUNDS[1] | {"charge": GUITAR}},
            CAD_OUT | {"source": REFUNDS[2]},
            REST | {"source": REFUNDS[3]},
            TICKET_OUT | {"source": REFUNDS[4]},
        ],
        "balance-transactions-refund-failure": [FAILED_BACK | {"source": REFUNDS[1]}],
        "balance-transactions-adjustment": [
            WON | {"source": DISPUTES[1]},
            LONG_AGO | {"source": old},
            TAKEN | {"source": DISPUTES[1]},
        ],
    }
    return LiteralReading(
        WINDOW,
        lists | {name.replace("_", "-"): rows for name, rows in changed.items()},
        charges={"ch_guitar": GUITAR},
    )


def test_each_kind_of_refund_and_dispute_gives_exactly_these_rows_and_figures():
    """Paid, failed, pending, converted, won and asked about; releases and tickets only counted."""
    rows, outcome = made("refunds-and-disputes", known())
    assert {"rows": rows, "summary": outcome.summary} == expected("refunds-and-disputes")


def test_what_is_left_is_the_sum_of_what_moved():
    """-20 for the refund, -65 + 65 and a fee of 15 for the dispute; 10 went and came back."""
    _, outcome = made("refunds-and-disputes", known())
    assert outcome.summary["net_total"] == -2000 - 1500
    assert all(check["holds"] for check in outcome.summary["checks"])


def test_a_movement_that_no_refund_or_dispute_knows_of_shows_in_the_check():
    """The balance is read apart from the refunds, so one of them missing is seen."""
    _, outcome = made("refunds-and-disputes", known(refunds=REFUNDS[1:]))
    [check] = [check for check in outcome.summary["checks"] if not check["holds"]]
    assert check == {
        "label": "The balance has the same transactions in the window for these refunds and "
        "disputes",
        "holds": False,
        "detail": "USD: 3 transactions, net -25.00, by the refunds and disputes; "
        "4, net -45.00, by the balance transactions",
    }


def test_a_currency_that_only_the_balance_knows_of_is_checked_too():
    """The only Canadian refund is missing from Stripe's list."""
    missing = [*REFUNDS[:2], *REFUNDS[3:]]
    _, outcome = made("refunds-and-disputes", known(refunds=missing))
    [check] = [check for check in outcome.summary["checks"] if not check["holds"]]
    assert check["detail"].startswith(
        "CAD: 0 transactions, net 0.00, by the refunds and disputes; 1,"
    )
