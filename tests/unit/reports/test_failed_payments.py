"""The failed payments: who is listed, what the client is answered, and what helps."""

import pytest

from shop.rules.window import Window
from tests.unit.reports.objects import Json, at, card, charge, payment, student
from tests.unit.reports.reading import LiteralReading, made

WINDOW = Window(at("2026-11-21T00:00:00-05:00"), at("2026-11-22T12:00:00-05:00"))
REFUSED = "requires_payment_method"


def refusal(saved: Json, decline_code: str = "insufficient_funds") -> Json:
    """What a PaymentIntent says of a try that the card's bank declined, with its failed charge."""
    return {
        "last_payment_error": {
            "code": "card_declined",
            "decline_code": decline_code,
            "message": "Your card was declined.",
            "payment_method": saved,
        },
        "latest_charge": charge(
            "ch_failed",
            "2026-11-21T22:00:00Z",
            6500,
            status="failed",
            payment_method=saved["id"],
            failure_code="card_declined",
            failure_message="Your card has insufficient funds.",
            outcome={"type": "issuer_declined", "advice_code": "try_again_later"},
        ),
    }


def listed(*payments: Json, cards: dict[str, Json] | None = None) -> tuple[list[str], object]:
    """The names on the list, and the client's answer."""
    rows, outcome = made(
        "failed-payments", LiteralReading(WINDOW, {"payments": payments}, cards=cards or {})
    )
    return [row["customer_name"] for row in rows], outcome.answer


def test_a_refused_card_that_is_still_on_file_is_written_out_in_full():
    """The answer is the client's; the file adds what helps, since when, and the account's page."""
    ada = student("cus_ada", default=card("pm_ada"))
    failed = payment("pi_1", "2026-11-21T22:00:00Z", REFUSED, ada, **refusal(card("pm_ada")))
    rows, outcome = made("failed-payments", LiteralReading(WINDOW, {"payments": [failed]}))
    assert rows == [
        {
            "customer_id": "cus_ada",
            "customer_email": "ada@example.com",
            "customer_name": "Ada",
            "what_helps": "try again later",
            "days_since": 1,
            "account_link": "https://shop.example/account-update/cus_ada",
            "payment_intent_id": "pi_1",
            "created_utc": "2026-11-21 22:00:00",
            "created": "2026-11-21 17:00:00",
            "amount": 6500,
            "currency": "usd",
            "description": "Guitar lesson",
            "status": "failed",
            "error": "issuer_declined",
            "decline_code": "insufficient_funds",
            "failure_message": "Your card has insufficient funds.",
            "card_brand": "visa",
            "card_last4": "4242",
        }
    ]
    assert outcome.answer == [
        {
            "customer": {"id": "cus_ada", "email": "ada@example.com", "name": "Ada"},
            "payment_intent": {
                "id": "pi_1",
                "created": at("2026-11-21T22:00:00Z"),
                "description": "Guitar lesson",
                "status": "failed",
                "error": "issuer_declined",
            },
            "payment_method": {"last4": "4242", "brand": "visa"},
        }
    ]
    assert outcome.summary == {
        "students": 1,
        "try_again": 1,
        "new_card": 0,
        "authentication": 0,
        "figures": [
            {"name": "students", "label": "Students to reach", "count": 1},
            {"name": "try_again", "label": "Try again later", "count": 1},
            {"name": "new_card", "label": "Needs a new card", "count": 0},
            {"name": "authentication", "label": "Needs authentication", "count": 0},
        ],
        "checks": [],
        "tables": [],
        "notes": ["A student is listed while the card that was refused is still the one on file."],
    }


def test_without_a_charge_the_intents_own_words_are_taken():
    """Stripe makes none where the bank wants authentication."""
    ada = student("cus_ada", default=card("pm_ada"))
    error = {
        "code": "authentication_required",
        "decline_code": "authentication_required",
        "message": "Your card was declined. This transaction requires authentication.",
        "payment_method": card("pm_ada"),
    }
    failed = payment("pi_1", "2026-11-22T10:00:00Z", REFUSED, ada, last_payment_error=error)
    [row], outcome = made("failed-payments", LiteralReading(WINDOW, {"payments": [failed]}))
    assert (row["status"], row["error"]) == (REFUSED, "authentication_required")
    assert (row["what_helps"], row["days_since"]) == ("needs authentication", 0)
    assert row["failure_message"].endswith("requires authentication.")
    assert outcome.answer[0]["payment_intent"]["status"] == REFUSED


def test_a_later_success_takes_the_student_off_the_list():
    """And an earlier one does not."""
    ada = student("cus_ada", default=card("pm_ada"))
    eve = student("cus_eve", default=card("pm_eve"))
    assert listed(
        payment("pi_4", "2026-11-22T10:00:00Z", "requires_capture", ada),
        payment("pi_3", "2026-11-22T09:00:00Z", REFUSED, ada, **refusal(card("pm_ada"))),
        payment("pi_2", "2026-11-22T08:00:00Z", REFUSED, eve, **refusal(card("pm_eve"))),
        payment("pi_1", "2026-11-22T07:00:00Z", "succeeded", eve),
    )[0] == ["Eve"]


@pytest.mark.parametrize(
    ("default", "looked_up", "names"),
    [
        (card("pm_new"), {}, []),
        (None, {"cus_ada": card("pm_ada")}, ["Ada"]),
        (None, {"cus_ada": card("pm_new")}, []),
        (None, {}, []),
    ],
)
def test_the_card_on_file_must_still_be_the_refused_one(default, looked_up, names):
    """The default card if there is one; only without it is the student's card looked up."""
    ada = student("cus_ada", default=default)
    failed = payment("pi_1", "2026-11-22T09:00:00Z", REFUSED, ada, **refusal(card("pm_ada")))
    assert listed(failed, cards=looked_up)[0] == names


def test_tickets_deleted_students_and_strangers_are_left_out():
    """A payment without a student is nobody's to reach."""
    ada = student("cus_ada", default=card("pm_ada"))
    gone = {"id": "cus_gone", "object": "customer", "deleted": True}
    bad = refusal(card("pm_ada"))
    ticket = {"metadata": {"type": "ticket"}}
    assert listed(
        payment("pi_3", "2026-11-22T09:00:00Z", REFUSED, ada, **bad, **ticket),
        payment("pi_2", "2026-11-22T08:00:00Z", REFUSED, gone, **bad),
        payment("pi_1", "2026-11-22T07:00:00Z", REFUSED, {}, **bad) | {"customer": None},
        cards={"cus_gone": card("pm_ada")},
    ) == ([], [])
