"""What holds for every ledger: proven on generated ones, whose payments live as real ones do."""

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shop.rules.breakdown import Sums
from shop.rules.lesson_ledger import CurrencyLedger, Entry, LessonLedger, Line
from shop.rules.local_time import LocalTime

NEW_YORK = ZoneInfo("America/New_York")
AUTUMN = 1_793_300_000
"""29 October 2026; the clocks go back on 1 November."""

cents = st.integers(1, 10**8)
times = st.integers(AUTUMN, AUTUMN + 5 * 86_400)


@st.composite
def payments(draw) -> list[Entry]:
    """Everything that happens to one lesson's charge: captured, reversed, refunded, disputed."""
    currency = draw(st.sampled_from(["usd", "cad", "jpy"]))
    lesson = draw(st.sampled_from(["Guitar lesson", "Piano lesson", None]))
    instructor = draw(st.sampled_from(["Ms. Eze", None]))
    entries: list[Entry] = []

    def book(category: str, amount: int, fee: int = 0) -> None:
        entries.append(
            Entry(
                time=draw(times),
                currency=currency,
                reporting_category=category,
                amount=amount,
                fee=fee,
                net=amount - fee,
                lesson=lesson,
                instructor=instructor,
            )
        )

    held = draw(cents)
    captured = draw(st.integers(1, held))
    if draw(st.booleans()):  # an account whose API version is before 2025-03-31
        book("charge", held, draw(st.integers(0, 10**6)))
        if captured < held:
            book("partial_capture_reversal", captured - held)
    else:
        book("charge", captured, draw(st.integers(0, 10**6)))
    left = captured
    for _ in range(draw(st.integers(0, 2))):
        refunded = draw(st.integers(0, left))
        if refunded:
            book("refund", -refunded)
            if draw(st.booleans()):
                book("refund_failure", refunded)
            else:
                left -= refunded
    if left and draw(st.booleans()):
        book("dispute", -left, 1500)
        if draw(st.booleans()):
            book("dispute_reversal", left, draw(st.sampled_from([0, -1500])))
    if draw(st.booleans()):
        book("something_new", draw(st.integers(-1000, 1000)))
    return entries


ledgers = st.lists(payments(), max_size=8).map(lambda all: [e for each in all for e in each])


def added_up(entries: list[Entry]) -> list[CurrencyLedger]:
    ledger = LessonLedger(LocalTime(NEW_YORK))
    for entry in entries:
        ledger.add(entry)
    return ledger.currencies("usd")


@given(ledgers)
def test_the_identity_holds_and_no_entry_is_lost(entries: list[Entry]):
    """Gross - deductions = Σ net in every currency, and the lines add up to the net."""
    found = added_up(entries)
    assert sum(of.totals.entries for of in found) == len(entries)
    for of in found:
        totals = of.totals
        own = [e for e in entries if e.currency == of.currency]
        assert totals.identity_holds
        assert totals.net_total == sum(e.net for e in own) == sum(totals.lines.values())
        assert totals.payment_total == totals.net_total + totals.fee_total


@given(ledgers)
def test_gross_is_what_was_captured_in_the_end(entries: list[Entry]):
    """Whichever way an API version books a partial capture."""
    for of in added_up(entries):
        own = [e for e in entries if e.currency == of.currency]
        captured = [e.amount for e in own if e.reporting_category in GROSS_CATEGORIES]
        assert of.totals.payment_total == sum(captured) >= 0


GROSS_CATEGORIES = ("charge", "partial_capture_reversal")


@given(ledgers, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(entries: list[Entry], random):
    """Several cursors read at once, and a run may be taken up in the middle."""
    one, other = added_up(entries), added_up(random.sample(entries, len(entries)))
    assert [of.totals for of in one] == [of.totals for of in other]
    for a, b in zip(one, other, strict=True):
        assert a.by_hour.ordered() == b.by_hour.ordered()
        assert a.by_lesson.ordered() == b.by_lesson.ordered()


@given(ledgers)
def test_every_breakdown_adds_up_to_the_totals(entries: list[Entry]):
    """By hour, by day, by lesson and by instructor: nothing is counted twice or left out."""
    for of in added_up(entries):
        totals = of.totals
        whole = Sums(totals.payment_total, totals.net_total, totals.entries)
        assert of.by_hour.whole() == whole
        assert of.by_day.whole() == whole
        assert of.by_lesson.whole() == whole
        assert of.by_instructor.whole() == whole
        categories = of.by_category.whole()
        assert (categories.net, categories.entries) == (whole.net, whole.entries)


@given(ledgers)
def test_every_category_goes_to_one_line_with_its_whole_amount(entries: list[Entry]):
    """Fees have lines of their own, so the other lines are sums of plain amounts."""
    for of in added_up(entries):
        lines = of.totals.lines
        fees = lines.get(Line.STRIPE_FEES, 0) + lines.get(Line.DISPUTE_FEES, 0)
        own = [e for e in entries if e.currency == of.currency]
        assert -fees == sum(e.fee for e in own)
        assert sum(lines.values()) - fees == sum(e.amount for e in own)
