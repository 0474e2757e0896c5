"""The reconciliation: every movement in a group, and objects that agree with the balance."""

from typing import Any

from shop.rules.window import Window
from tests.unit.reports.objects import Json, at, charge, dispute, movement, refund
from tests.unit.reports.reading import LiteralReading, expected, made

WINDOW = Window(at("2026-11-01T00:00:00-04:00"), at("2026-11-30T23:59:59-05:00"))

TAKEN = movement("txn_taken", "2026-11-20T10:00:00Z", 6500, 219, "charge")
IN_PART = movement("txn_whole", "2026-11-19T10:00:00Z", 6500, 175, "charge")
REST = movement("txn_rest", "2026-11-19T10:00:00Z", -1500, 0, "partial_capture_reversal")
IN_CAD = movement(
    "txn_cad", "2026-11-18T10:00:00Z", 8904, 288, "charge", currency="cad", exchange_rate=1.369863
)
BEFORE = movement("txn_before", "2026-10-31T10:00:00Z", 6500, 219, "charge")
GIVEN = movement("txn_given", "2026-11-17T10:00:00Z", -2000, 0, "refund")
BACK = movement("txn_back", "2026-11-22T10:00:00Z", 2000, 0, "refund_failure")
LOST = movement("txn_lost", "2026-10-20T10:00:00Z", -6500, 1500, "dispute")
WON = movement("txn_won", "2026-11-16T10:00:00Z", 6500, 0, "dispute_reversal")

GUITAR = charge("ch_guitar", "2026-11-15T14:00:00Z", 6500)
OLD_API = charge("ch_old_api", "2026-11-15T13:00:00Z", 6500, amount_captured=5000)
CANADIAN = charge("ch_cad", "2026-11-15T12:00:00Z", 6500)
EARLIER = charge("ch_earlier", "2026-10-30T12:00:00Z", 6500)
HELD = charge("ch_held", "2026-10-29T12:00:00Z", 6500, amount_captured=0)
TICKET = charge("ch_ticket", "2026-11-15T10:00:00Z", 1800, metadata={"type": "ticket"})
FAILED = refund("re_failed", "2026-11-17T10:00:00Z", 2000, GUITAR, status="failed")
REMAINDER = refund("re_rest", "2026-11-19T10:00:00Z", 1500, OLD_API)
DISPUTED = dispute("du_won", "2026-10-20T10:00:00Z", 6500, EARLIER, "won", [LOST, WON])
ANCIENT = refund("re_ancient", "2026-03-01T10:00:00Z", 700, GUITAR)

BALANCE = [
    BACK | {"source": FAILED},
    movement("txn_adjusted", "2026-11-21T10:00:00Z", -5, 0, "other_adjustment"),
    TAKEN | {"source": GUITAR},
    REST | {"source": REMAINDER},
    IN_PART | {"source": OLD_API},
    IN_CAD | {"source": CANADIAN},
    GIVEN | {"source": FAILED},
    WON | {"source": DISPUTED},
    movement("txn_ticket", "2026-11-15T10:00:00Z", 1800, 82, "charge", source=TICKET),
    movement(
        "txn_payout",
        "2026-11-14T00:00:00Z",
        -9000,
        0,
        "payout",
        source={"id": "po_1", "object": "payout", "created": at("2026-11-14T00:00:00Z")},
    ),
    movement("txn_fee", "2026-11-13T00:00:00Z", -2500, 0, "fee", description="Billing"),
    movement("txn_late", "2026-11-12T00:00:00Z", 700, 0, "refund_failure", source=ANCIENT),
]


def known(balance: list[Json] | None = None, **changed: list[Json]) -> LiteralReading:
    lists: dict[str, Any] = {
        "balance-transactions": BALANCE if balance is None else balance,
        "charges": [
            GUITAR | {"balance_transaction": TAKEN},
            OLD_API | {"balance_transaction": IN_PART},
            CANADIAN | {"balance_transaction": IN_CAD},
            TICKET | {"balance_transaction": "txn_ticket"},
            EARLIER | {"balance_transaction": BEFORE},
            HELD,
        ],
        "refunds": [
            REMAINDER | {"balance_transaction": REST},
            FAILED | {"balance_transaction": GIVEN, "failure_balance_transaction": BACK},
        ],
        "disputes": [DISPUTED],
    }
    return LiteralReading(WINDOW, lists | changed)


def test_a_known_account_gives_exactly_these_rows_and_figures():
    """What is not lesson money is listed with its reason; nothing differs."""
    rows, outcome = made("reconciliation", known())
    assert {"rows": rows, "summary": outcome.summary} == expected("reconciliation")


def test_nothing_differs_whichever_way_stripe_booked_it():
    """A partial capture in two rows, a conversion, a refund that failed, a dispute won late."""
    _, outcome = made("reconciliation", known())
    summary = outcome.summary
    assert (summary["matched"], summary["differences"], summary["not_compared"]) == (5, 0, 1)
    assert all(check["holds"] for check in summary["checks"])


def test_a_dispute_of_a_converted_payment_is_converted_once():
    """The movements inside a dispute are in the settlement currency already."""
    disputed_at = "2026-11-23T12:00:00Z"
    taken = movement(
        "txn_contested", disputed_at, -8904, 2055, "dispute", currency="cad", exchange_rate=1.369863
    )
    contested = dispute("du_cad", disputed_at, 6500, CANADIAN, "lost", [taken])
    _, outcome = made(
        "reconciliation",
        known([taken | {"source": contested}, *BALANCE], disputes=[contested, DISPUTED]),
    )
    assert (outcome.summary["matched"], outcome.summary["differences"]) == (6, 0)


def differing(reading: LiteralReading) -> list[tuple[Any, ...]]:
    """What a report finds: the object, both figures, and why."""
    rows, outcome = made("reconciliation", reading)
    found = [row for row in rows if row["finding"] == "difference"]
    failing = {check["label"] for check in outcome.summary["checks"] if not check["holds"]}
    assert outcome.summary["differences"] == len(found)
    assert failing == {"Charges, refunds and disputes say what the balance says"}
    return [(r["source_id"], r["by_balance"], r["by_objects"], r["why"]) for r in found]


def test_a_movement_that_no_list_knows_is_named():
    """As if a charge had been left out of Stripe's list."""
    assert differing(known(charges=known().rows["charges"][1:])) == [
        (
            "ch_guitar",
            6500,
            None,
            "It moved the balance, but is on no list of charges, refunds or disputes.",
        )
    ]


def test_an_object_whose_movement_is_missing_is_named():
    """As if the balance's list had lost a row."""
    rest = [row for row in BALANCE if row["id"] != "txn_taken"]
    assert differing(known(rest)) == [
        (
            "ch_guitar",
            None,
            6500,
            "It says that it moved money in the window, but no balance transaction shows it.",
        )
    ]


def test_an_amount_that_differs_is_shown_with_both_figures():
    """A cent is enough."""
    changed = [
        row | {"amount": 6501, "net": 6282} if row["id"] == "txn_taken" else row for row in BALANCE
    ]
    assert differing(known(changed)) == [
        ("ch_guitar", 6501, 6500, "It says another amount than the balance moved by.")
    ]


def test_a_movement_that_contradicts_itself_is_listed():
    """Its net is not its gross less its fee."""
    changed = [row | {"net": 6280} if row["id"] == "txn_taken" else row for row in BALANCE]
    rows, outcome = made("reconciliation", known(changed))
    assert [
        row["balance_transaction_id"] for row in rows if row["finding"] == "contradicts itself"
    ] == ["txn_taken"]
    assert outcome.summary["checks"][-1] == {
        "label": "The net of every balance transaction is its gross less its fee",
        "holds": False,
        "detail": "11 of 12",
    }


def test_an_empty_window_reconciles_to_nothing():
    """And holds that were never captured move no money."""
    _, outcome = made("reconciliation", known([], charges=[HELD], refunds=[], disputes=[]))
    assert outcome.summary["balance_change"] == 0
    assert all(check["holds"] for check in outcome.summary["checks"])
