"""What the shop's figures mean, shown on known ledgers and proven on generated ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.rules.lesson_ledger import (
    LINE_OF_CATEGORY,
    Entry,
    LessonLedger,
    Line,
    Totals,
    is_lesson,
    nothing,
)


def entry(category: str, amount: int, fee: int = 0, currency: str = "usd") -> Entry:
    return Entry(
        currency=currency,
        reporting_category=category,
        amount=amount,
        fee=fee,
        net=amount - fee,
    )


def totals_of(*entries: Entry) -> list[Totals]:
    ledger = LessonLedger()
    for each in entries:
        ledger.add(each)
    return ledger.totals()


def test_a_capture_counts_gross_and_its_fee_comes_off():
    """123 cents captured at 2.9 % + 30 c leave the shop 89."""
    assert totals_of(entry("charge", 123, fee=34)) == [
        Totals(
            currency="usd",
            payment_total=123,
            fee_total=34,
            net_total=89,
            entries=1,
            lines={Line.CAPTURED: 123, Line.STRIPE_FEES: -34},
        )
    ]


def test_a_refund_lowers_the_net_and_never_the_gross():
    """Stripe keeps its fee when a payment is refunded."""
    assert totals_of(entry("charge", 6500, fee=219), entry("refund", -6500)) == [
        Totals(
            currency="usd",
            payment_total=6500,
            fee_total=6719,
            net_total=-219,
            entries=2,
            lines={Line.CAPTURED: 6500, Line.STRIPE_FEES: -219, Line.REFUNDS: -6500},
        )
    ]


def test_a_refund_that_failed_comes_back():
    """The failure's row gives back what the refund's row took."""
    [figures] = totals_of(entry("refund", -1000), entry("refund_failure", 1000))
    assert (figures.payment_total, figures.fee_total, figures.net_total) == (0, 0, 0)


@pytest.mark.parametrize(("fee_back", "left"), [(0, -1500), (-1500, 0)])
def test_a_dispute_won_gives_back_what_its_rows_say(fee_back: int, left: int):
    """Whether the dispute's fee comes back is read from the row, never assumed."""
    [figures] = totals_of(
        entry("dispute", -5000, fee=1500), entry("dispute_reversal", 5000, fee=fee_back)
    )
    assert figures.net_total == left
    assert figures.fee_total == -left


def test_an_old_partial_capture_counts_only_what_was_captured():
    """Before API version 2025-03-31 a partial capture is a whole charge and a reversal."""
    [figures] = totals_of(entry("charge", 6500, fee=175), entry("partial_capture_reversal", -1500))
    assert (figures.payment_total, figures.fee_total, figures.net_total) == (5000, 175, 4825)


def test_an_unknown_category_is_shown_on_a_line_of_its_own():
    """What cannot be explained is listed and counted, never dropped."""
    [figures] = totals_of(entry("charge", 1000, fee=59), entry("something_new", -70))
    assert figures.lines[Line.OTHER] == -70
    assert figures.net_total == 871


def test_currencies_are_never_added_together():
    """Rows are in the settlement currency; each currency has figures of its own."""
    figures = totals_of(
        entry("charge", 100), entry("charge", 100), entry("charge", 7, currency="cad")
    )
    assert [(t.currency, t.payment_total) for t in figures] == [("usd", 200), ("cad", 7)]


def test_an_entry_that_contradicts_itself_is_refused():
    """A figure that cannot be proven is not shown."""
    bad = Entry(currency="usd", reporting_category="charge", amount=100, fee=3, net=98)
    with pytest.raises(ValueError, match="net 98 is not amount 100 - fee 3"):
        LessonLedger().add(bad)


def test_a_window_without_lesson_money_is_all_zeros():
    """The client's keys are there even when nothing happened."""
    assert nothing("usd") == Totals(
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


entries = st.lists(
    st.builds(
        entry,
        category=st.sampled_from([*LINE_OF_CATEGORY, "payout", "something_new"]),
        amount=st.integers(-(10**8), 10**8),
        fee=st.integers(-2000, 10**6),
        currency=st.sampled_from(["usd", "cad"]),
    )
)


@given(entries)
def test_the_identity_holds_for_every_ledger(ledger: list[Entry]):
    """payment_total = net_total + fee_total, the lines add up, and no entry is lost."""
    figures = {t.currency: t for t in totals_of(*ledger)}
    assert sum(t.entries for t in figures.values()) == len(ledger)
    for currency, t in figures.items():
        own = [e for e in ledger if e.currency == currency]
        assert t.net_total == sum(e.net for e in own) == sum(t.lines.values())
        assert t.payment_total == t.net_total + t.fee_total


@given(entries, st.randoms())
def test_the_order_of_entries_changes_nothing(ledger: list[Entry], random):
    """Pages may be read in any order."""
    shuffled = random.sample(ledger, len(ledger))
    assert totals_of(*shuffled) == totals_of(*ledger)
