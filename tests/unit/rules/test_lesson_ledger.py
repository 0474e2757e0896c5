"""What the shop's figures mean, shown on known ledgers."""

from zoneinfo import ZoneInfo

import pytest

from shop.rules.lesson_ledger import (
    CurrencyLedger,
    Entry,
    LessonLedger,
    Line,
    Totals,
    is_lesson,
)
from shop.rules.local_time import LocalTime


def entry(category: str, amount: int, fee: int = 0, currency: str = "usd") -> Entry:
    return Entry(
        time=1_793_500_000,
        currency=currency,
        reporting_category=category,
        amount=amount,
        fee=fee,
        net=amount - fee,
    )


def ledgers_of(*entries: Entry) -> list[CurrencyLedger]:
    ledger = LessonLedger(LocalTime(ZoneInfo("America/New_York")))
    for each in entries:
        ledger.add(each)
    return ledger.currencies("usd")


def totals_of(*entries: Entry) -> Totals:
    [ledger] = ledgers_of(*entries)
    return ledger.totals


def test_a_capture_counts_gross_and_its_fee_comes_off():
    """123 cents captured at 2.9 % + 30 c leave the shop 89."""
    assert totals_of(entry("charge", 123, fee=34)) == Totals(
        currency="usd",
        payment_total=123,
        fee_total=34,
        net_total=89,
        entries=1,
        lines={Line.CAPTURED: 123, Line.STRIPE_FEES: -34},
    )


def test_a_refund_lowers_the_net_and_never_the_gross():
    """Stripe keeps its fee when a payment is refunded."""
    assert totals_of(entry("charge", 6500, fee=219), entry("refund", -6500)) == Totals(
        currency="usd",
        payment_total=6500,
        fee_total=6719,
        net_total=-219,
        entries=2,
        lines={Line.CAPTURED: 6500, Line.STRIPE_FEES: -219, Line.REFUNDS: -6500},
    )


def test_a_refund_that_failed_comes_back():
    """The failure's row gives back what the refund's row took."""
    figures = totals_of(entry("refund", -1000), entry("refund_failure", 1000))
    assert (figures.payment_total, figures.fee_total, figures.net_total) == (0, 0, 0)


@pytest.mark.parametrize(("fee_back", "left"), [(0, -1500), (-1500, 0)])
def test_a_dispute_won_gives_back_what_its_rows_say(fee_back: int, left: int):
    """Whether the dispute's fee comes back is read from the row, never assumed."""
    figures = totals_of(
        entry("dispute", -5000, fee=1500), entry("dispute_reversal", 5000, fee=fee_back)
    )
    assert figures.net_total == left
    assert figures.fee_total == -left
    assert figures.lines.get(Line.DISPUTE_FEES, 0) == left


def test_an_old_partial_capture_counts_only_what_was_captured():
    """Before API version 2025-03-31 it is a whole charge and a reversal, on a line of its own."""
    assert totals_of(
        entry("charge", 6500, fee=175), entry("partial_capture_reversal", -1500)
    ) == Totals(
        currency="usd",
        payment_total=5000,
        fee_total=175,
        net_total=4825,
        entries=2,
        lines={
            Line.CAPTURED: 6500,
            Line.PARTIAL_CAPTURE_REVERSALS: -1500,
            Line.STRIPE_FEES: -175,
        },
    )


def test_an_unknown_category_is_shown_on_a_line_of_its_own():
    """What can't be explained is listed and counted, never dropped."""
    figures = totals_of(entry("charge", 1000, fee=59), entry("something_new", -70))
    assert figures.lines[Line.OTHER] == -70
    assert figures.net_total == 871


def test_currencies_are_never_added_together():
    """Rows are in the settlement currency; the currency with most of them comes first."""
    ledgers = ledgers_of(
        entry("charge", 900, currency="cad"), entry("charge", 100), entry("charge", 100)
    )
    assert [(of.currency, of.totals.payment_total) for of in ledgers] == [
        ("usd", 200),
        ("cad", 900),
    ]


def test_an_entry_that_contradicts_itself_breaks_the_identity():
    """The check can fail: it compares the lines with the nets, which are read apart."""
    bad = Entry(time=0, currency="usd", reporting_category="charge", amount=100, fee=3, net=98)
    figures = totals_of(bad)
    assert (figures.deductions, figures.fee_total) == (3, 2)
    assert not figures.identity_holds


def test_a_window_without_lesson_money_is_all_zeros():
    """The client's keys are there even when nothing happened."""
    assert totals_of() == Totals(
        currency="usd", payment_total=0, fee_total=0, net_total=0, entries=0, lines={}
    )


@pytest.mark.parametrize(
    ("metadata", "lesson"),
    [
        ({"type": "lessons-payment"}, True),
        ({"type": "lessons-payment", "instructor": "x"}, True),
        ({"type": "ticket"}, False),
        ({"type": "Lessons-Payment"}, False),
        ({}, False),
        (None, False),
    ],
)
def test_only_the_metadata_decides_what_is_lesson_money(metadata, lesson):
    """Tickets and videos share the account and never count."""
    assert is_lesson(metadata) is lesson
