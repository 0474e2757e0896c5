"""The running example of docs/figures.md, as Stripe would list it.

Ada's guitar lesson is held at $65.00, captured at $52.00, refunded by $12.00, and the rest is lost
to a dispute. Beside it stand Ben's refused hold, a ticket of $20.00 and a payout.
"""

from shop.rules.window import Window
from tests.unit.reports.objects import (
    LESSON,
    Json,
    at,
    card,
    charge,
    dispute,
    movement,
    payment,
    refund,
    student,
)
from tests.unit.reports.reading import LiteralReading

NOVEMBER = Window(at("2026-11-01T00:00:00-04:00"), at("2026-11-30T23:59:59-05:00"))
UP_TO_THE_5TH = Window(at("2026-11-04T00:00:00-05:00"), at("2026-11-05T12:00:00-05:00"))

HELD = "2026-11-02T10:00:00-05:00"
CAPTURED = "2026-11-07T09:30:00-05:00"
TICKET_SOLD = "2026-11-08T18:00:00-05:00"
REFUNDED = "2026-11-09T15:00:00-05:00"
PAID_OUT = "2026-11-11T19:00:00-05:00"
DISPUTED = "2026-11-20T11:15:00-05:00"

GUITAR = charge(
    "ch_guitar",
    HELD,
    6500,
    amount_captured=5200,
    metadata=LESSON | {"instructor": "Ina"},
    payment_method_details={
        "type": "card",
        "card": {
            "brand": "mastercard",
            "last4": "4444",
            "capture_before": at("2026-11-09T10:00:00-05:00"),
        },
    },
)
TICKET = charge("ch_ticket", TICKET_SOLD, 2000, metadata={"type": "ticket"}, description="Ticket")

CAPTURE = movement("txn_capture", CAPTURED, 5200, 181, "charge")
SALE = movement("txn_sale", TICKET_SOLD, 2000, 88, "charge", source=TICKET)
GIVEN = movement("txn_given", REFUNDED, -1200, 0, "refund")
PAYOUT = movement(
    "txn_payout",
    PAID_OUT,
    -6931,
    0,
    "payout",
    source={"id": "po_1", "object": "payout", "created": at(PAID_OUT)},
)
TAKEN = movement("txn_taken", DISPUTED, -4000, 1500, "dispute", type="adjustment")

REFUND = refund("re_1", REFUNDED, 1200, GUITAR, balance_transaction=GIVEN)
DISPUTE = dispute("du_1", DISPUTED, 4000, GUITAR, "lost", [TAKEN])

ADA = student("cus_ada", default=card("pm_ada"))
BEN = student("cus_ben", default=card("pm_ben", exp=(12, 2026)))
CLEO = student("cus_cleo")

OPEN_HOLD = payment(
    "pi_guitar",
    HELD,
    "requires_capture",
    ADA,
    amount_capturable=6500,
    latest_charge=GUITAR,
    metadata=GUITAR["metadata"],
)
REFUSED = payment(
    "pi_piano",
    "2026-11-04T09:00:00-05:00",
    "requires_payment_method",
    BEN,
    amount=4500,
    description="Piano lesson",
    latest_charge=charge(
        "ch_piano",
        "2026-11-04T09:00:00-05:00",
        4500,
        status="failed",
        payment_method="pm_ben",
        outcome={"type": "issuer_declined", "advice_code": None},
        failure_code="card_declined",
        failure_message="Your card was declined.",
    ),
    last_payment_error={
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "message": "Your card has insufficient funds.",
        "payment_method": card("pm_ben"),
    },
)

BALANCE: list[Json] = [
    TAKEN | {"source": DISPUTE},
    PAYOUT,
    GIVEN | {"source": REFUND},
    SALE,
    CAPTURE | {"source": GUITAR},
]

READINGS = {
    "lesson-totals": LiteralReading(NOVEMBER, {"balance-transactions": BALANCE}),
    "failed-payments": LiteralReading(UP_TO_THE_5TH, {"payments": [REFUSED, OPEN_HOLD]}),
    "open-holds": LiteralReading(UP_TO_THE_5TH, {"payments": [REFUSED, OPEN_HOLD]}),
    "refunds-and-disputes": LiteralReading(
        NOVEMBER,
        {
            "refunds": [REFUND],
            "disputes": [DISPUTE],
            "balance-transactions-refund": [GIVEN | {"source": REFUND}],
            "balance-transactions-refund-failure": [],
            "balance-transactions-adjustment": [TAKEN | {"source": DISPUTE}],
        },
    ),
    "students": LiteralReading(UP_TO_THE_5TH, {"customers-with-cards": [ADA, BEN, CLEO]}),
    "reconciliation": LiteralReading(
        NOVEMBER,
        {
            "balance-transactions": BALANCE,
            "charges": [TICKET, GUITAR | {"balance_transaction": CAPTURE}],
            "refunds": [REFUND],
            "disputes": [DISPUTE],
        },
    ),
}
"""By kind of report: what it reads. Open holds and whatever shows states are read on the 5th."""
