"""What happened to one student, in its order."""

from typing import Any

import pytest

from shop.lesson_book.entries import (
    CardUsed,
    DisputeEntry,
    PaymentEntry,
    Problem,
    RefundEntry,
)
from shop.lesson_book.timeline import Event, Kind, Totals, timeline, totals
from shop.rules.decline_reasons import Remedy
from shop.stripe_gateway.objects import (
    BalanceTransaction,
    Card,
    CardSetup,
    Dispute,
    PaymentMethod,
)
from tests.unit.shop.lesson_book.payments import (
    CAPTURED,
    EXPIRED,
    FAILED,
    HELD,
    NEEDS_CONFIRMATION,
    RELEASED,
    payment,
)

VISA = CardUsed("visa", "4242")


def setup(created: int, status: str = "succeeded", *, entered: int | None = None) -> CardSetup:
    """A SetupIntent of which a Visa card came."""
    card = PaymentMethod("pm_1", entered or created, Card("visa", "4242", 4, 2030))
    return CardSetup("seti_1", created, status, card if status == "succeeded" else None)


def dispute(status: str, *moved: int) -> Dispute:
    """A dispute of the 65 dollars, begun at 50."""
    rows = tuple(
        BalanceTransaction("txn", at, at, "usd", -6500, 1500, -8000, "dispute", "adjustment")
        for at in moved
    )
    return Dispute(
        id="du_1",
        created=50,
        amount=6500,
        currency="usd",
        status=status,
        reason="fraudulent",
        balance_transactions=rows,
    )


def told(
    *payments: PaymentEntry, setups: tuple[CardSetup, ...] = (), **disputes: Dispute
) -> list[tuple[Any, ...]]:
    """Moment, kind and amount of everything, oldest first."""
    events = timeline(setups, payments, disputes)
    return [(event.at, event.kind.value, event.amount) for event in reversed(events)]


def test_a_whole_story():
    """Every event as the page gets it: what is not spoken of is None."""
    refund = RefundEntry(id="re_1", created=40, amount=1500, status="succeeded")
    story = payment(
        "1",
        CAPTURED,
        created=20,
        authorized_at=20,
        ended_at=30,
        captured=4000,
        refunded=1500,
        description="Guitar lesson",
        card=VISA,
        refunds=(refund,),
    )
    common = {
        "currency": "usd",
        "payment_intent_id": "pi_1",
        "description": "Guitar lesson",
        "card": VISA,
    }
    assert timeline([setup(10)], [story], {}) == [
        Event(at=40, kind=Kind.REFUNDED, amount=1500, status="succeeded", **common),
        Event(at=30, kind=Kind.RELEASED, amount=2500, **common),
        Event(at=30, kind=Kind.CAPTURED, amount=4000, **common),
        Event(at=20, kind=Kind.HELD, amount=6500, **common),
        Event(at=10, kind=Kind.CARD_SAVED, card=VISA),
    ]


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (payment("1", HELD, created=20, authorized_at=25), [(25, "held", 6500)]),
        (
            payment("1", RELEASED, created=20, authorized_at=20, ended_at=30),
            [(20, "held", 6500), (30, "released", 6500)],
        ),
        (payment("1", RELEASED, created=20, ended_at=30), [(30, "released", 6500)]),
        (
            payment("1", EXPIRED, created=20, authorized_at=20, ended_at=30),
            [(20, "held", 6500), (30, "expired", 6500)],
        ),
        (
            payment("1", CAPTURED, created=20, authorized_at=20, ended_at=30, captured=6500),
            [(20, "held", 6500), (30, "captured", 6500)],
        ),
        (payment("1", FAILED, created=20), [(20, "hold_failed", 6500)]),
        (payment("1", NEEDS_CONFIRMATION, created=20), [(20, "needs_confirmation", 6500)]),
    ],
    ids=["held", "released", "given up", "expired", "captured", "failed", "needs confirmation"],
)
def test_what_each_state_tells(entry: PaymentEntry, expected: list[tuple[Any, ...]]):
    """A hold is told where one was placed, whatever became of it."""
    assert told(entry) == expected


def test_a_failed_hold_says_why():
    """In Stripe's words."""
    problem = Problem(
        remedy=Remedy.NEW_CARD, code="card_declined", message="Your card was declined."
    )
    (event,) = timeline([], [payment("1", FAILED, problem=problem)], {})
    assert event.reason == "Your card was declined."


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("succeeded", "refunded"),
        ("pending", "refund_pending"),
        ("requires_action", "refund_pending"),
        ("failed", "refund_failed"),
        ("canceled", "refund_failed"),
    ],
)
def test_refunds(status: str, kind: str):
    """Sent, on its way, or come back."""
    refund = RefundEntry(id="re_1", created=40, amount=500, status=status)
    entry = payment("1", CAPTURED, ended_at=30, captured=6500, refunds=(refund,))
    assert told(entry)[1:] == [(40, kind, 500)]


@pytest.mark.parametrize(
    ("contested", "expected"),
    [
        (dispute("needs_response", 51), []),
        (dispute("under_review", 51), []),
        (dispute("won", 51, 90), [(90, "dispute_won", 6500)]),
        (dispute("lost", 51), [(51, "dispute_lost", 6500)]),
        (dispute("lost"), [(50, "dispute_lost", 6500)]),
        (dispute("warning_closed"), [(50, "dispute_closed", 6500)]),
        (dispute("prevented"), [(50, "dispute_closed", 6500)]),
    ],
)
def test_disputes(contested: Dispute, expected: list[tuple[Any, ...]]):
    """Stripe tells no moment of a loss: it is put where its money last moved."""
    entry = payment("1", CAPTURED, ended_at=30, captured=6500)
    assert told(entry, pi_1=contested)[1:] == [(50, "disputed", 6500), *expected]


def test_the_order_within_one_second():
    """As it must have happened; one payment's events stay together."""
    refund = RefundEntry(id="re_1", created=20, amount=100, status="succeeded")
    entry = payment(
        "1",
        CAPTURED,
        created=20,
        authorized_at=20,
        ended_at=20,
        captured=4000,
        refunds=(refund,),
        dispute=DisputeEntry("du_1", "lost", "fraudulent", 4000),
    )
    later = payment("2", FAILED, created=20)
    lost = Dispute("du_1", 20, 4000, "usd", "lost", "fraudulent")
    assert told(later, entry, setups=(setup(20),), pi_1=lost) == [
        (20, "card_saved", None),
        (20, "held", 6500),
        (20, "captured", 4000),
        (20, "released", 2500),
        (20, "refunded", 100),
        (20, "disputed", 4000),
        (20, "dispute_lost", 4000),
        (20, "hold_failed", 6500),
    ]


def test_only_cards_that_were_saved_are_told():
    """At the moment at which they were entered."""
    setups = (setup(10, "requires_payment_method"), setup(11, entered=14))
    assert told(setups=setups) == [(14, "card_saved", None)]


def test_totals_are_of_one_currency():
    """Nothing is converted."""
    payments = [
        payment("1", HELD),
        payment("2", CAPTURED, captured=4000, refunded=1500),
        payment("3", FAILED),
        PaymentEntry(id="pi_4", student="cus_ada", created=0, state=HELD, amount=9, currency="eur"),
    ]
    assert totals(payments, "usd") == Totals(
        held=6500, captured=4000, refunded=1500, currency="usd"
    )
