"""GET /payment-confirmation: what a student's page may know of a payment, and when."""

import pytest

from tests.integration.conftest import Caller
from tests.integration.students import answer_challenge, confirm_card, hold, sign_up
from tests.stack import Stack

ALWAYS_ASKS = "pm_card_authenticationRequired"


@pytest.fixture
async def student(shop: Caller, stripe: Caller) -> dict:
    """A student whose bank lets nobody place a hold while they are away."""
    return await sign_up(shop, stripe, card=ALWAYS_ASKS)


async def declined_hold(shop: Caller, customer_id: str) -> str:
    """The id of a payment that the bank wants its student to confirm."""
    status, answer = await shop.post(
        "/schedule-lesson",
        {"customer_id": customer_id, "amount": 6500, "description": "Guitar lesson"},
    )
    assert (status, answer["error"]["code"]) == (402, "authentication_required")
    return str(answer["payment_intent_id"])


async def told(shop: Caller, payment_intent_id: str) -> dict:
    status, answer = await shop.get(f"/payment-confirmation/{payment_intent_id}")
    assert status == 200, answer
    return answer


async def confirm(stripe: Caller, told: dict) -> str:
    """What Stripe.js asks for on the page; answers with the client secret."""
    status, confirmed = await stripe.form(
        f"/v1/payment_intents/{told['payment']['id']}/confirm",
        payment_method=told["payment_method"],
    )
    assert (status, confirmed["status"]) == (200, "requires_action")
    return str(told["client_secret"])


async def test_a_payment_that_waits_for_its_student(
    shop: Caller, stripe: Caller, stack: Stack, student: dict
):
    """What it is for, the card, and with what Stripe.js confirms it; no cache may keep that."""
    payment_id = await declined_hold(shop, student["id"])
    _, payment = await stripe.get(f"/v1/payment_intents/{payment_id}")
    answer = await shop.raw("GET", f"/payment-confirmation/{payment_id}")
    assert answer.headers["Cache-Control"] == "no-store"
    assert await answer.json() == {
        "payment": {
            "id": payment_id,
            "amount": 6500,
            "currency": "usd",
            "description": "Guitar lesson",
            "state": "needs_confirmation",
        },
        "account_url": f"{stack.url}/account-update/{student['id']}",
        "card_replaced": False,
        "card": student["card"],
        "client_secret": payment["client_secret"],
        "payment_method": payment["last_payment_error"]["payment_method"]["id"],
    }


async def test_a_confirmed_payment_is_held_and_its_secret_no_longer_told(
    shop: Caller, stripe: Caller, student: dict
):
    """While the bank asks it still waits; once the student has said yes, it is an ordinary hold."""
    payment_id = await declined_hold(shop, student["id"])
    first = await told(shop, payment_id)
    secret = await confirm(stripe, first)
    assert await told(shop, payment_id) == first
    assert await answer_challenge(stripe, secret, "complete") == {"status": "requires_capture"}
    held = first | {"card": None, "client_secret": None, "payment_method": None}
    held["payment"] = first["payment"] | {"state": "held"}
    assert await told(shop, payment_id) == held
    await shop.post("/complete-lesson-payment", {"payment_intent_id": payment_id})
    assert (await told(shop, payment_id))["payment"]["state"] == "captured"


async def test_a_failed_challenge_leaves_it_waiting(shop: Caller, stripe: Caller, student: dict):
    """The same page works again, with the same card."""
    payment_id = await declined_hold(shop, student["id"])
    first = await told(shop, payment_id)
    for _ in range(2):
        await answer_challenge(stripe, await confirm(stripe, first), "fail")
        assert await told(shop, payment_id) == first


async def test_a_card_replaced_since_confirms_nothing(shop: Caller, stripe: Caller, student: dict):
    """The payment was tried on a card that is taken off the student: neither secret nor card."""
    payment_id = await declined_hold(shop, student["id"])
    first = await told(shop, payment_id)
    _, update = await shop.post("/account-update", {"customer_id": student["id"]})
    setup = await confirm_card(stripe, update["client_secret"], "pm_card_visa")
    await shop.post(f"/update-payment-details/{student['id']}", {"setup_intent_id": setup})
    nothing = {"card": None, "client_secret": None, "payment_method": None}
    assert await told(shop, payment_id) == first | nothing | {"card_replaced": True}


async def test_a_payment_called_off_has_no_secret(shop: Caller, stripe: Caller, student: dict):
    """Staff gave it up at Stripe before the student came."""
    payment_id = await declined_hold(shop, student["id"])
    await stripe.form(f"/v1/payment_intents/{payment_id}/cancel")
    answer = await told(shop, payment_id)
    assert answer["payment"]["state"] == "released"
    assert (answer["client_secret"], answer["payment_method"]) == (None, None)


async def test_other_states_need_no_confirmation(shop: Caller, stripe: Caller):
    """A hold that went well, and one that was declined for another reason."""
    student = await sign_up(shop, stripe)
    held = await told(shop, (await hold(shop, student["id"]))["id"])
    assert (held["payment"]["state"], held["client_secret"]) == ("held", None)
    poor = await sign_up(shop, stripe, card="pm_card_chargeCustomerFail")
    _, answer = await shop.post(
        "/schedule-lesson", {"customer_id": poor["id"], "amount": 500, "description": "x"}
    )
    failed = await told(shop, answer["payment_intent_id"])
    assert (failed["payment"]["state"], failed["client_secret"]) == ("failed", None)


@pytest.mark.parametrize("metadata", [{}, {"metadata[type]": "tickets"}])
async def test_other_money_is_unknown_here(shop: Caller, stripe: Caller, metadata: dict):
    """Tickets and videos share the account; the page of a lesson tells nothing about them."""
    student = await sign_up(shop, stripe, card=ALWAYS_ASKS)
    _, payment = await stripe.form(
        "/v1/payment_intents",
        amount="2500",
        currency="usd",
        customer=student["id"],
        payment_method=ALWAYS_ASKS,
        confirm="true",
        **{"payment_method_types[]": "card"},
        **metadata,
    )
    assert payment["status"] == "requires_action"
    assert await shop.get(f"/payment-confirmation/{payment['id']}") == unknown(payment["id"])


@pytest.mark.parametrize("payment_id", ["pi_unknown", "nonsense", "ci_invalid"])
async def test_an_unknown_payment(shop: Caller, payment_id: str):
    """Stripe's own code and message."""
    assert await shop.get(f"/payment-confirmation/{payment_id}") == unknown(payment_id)


async def test_a_deleted_students_payment_is_not_shown(shop: Caller, student: dict):
    """A deleted student is an unknown one everywhere."""
    payment_id = await declined_hold(shop, student["id"])
    await shop.post(f"/delete-account/{student['id']}")
    status, answer = await shop.get(f"/payment-confirmation/{payment_id}")
    assert (status, answer["error"]["code"]) == (404, "resource_missing")


def unknown(payment_id: str) -> tuple[int, dict]:
    message = f"No such payment_intent: '{payment_id}'"
    return 404, {"error": {"code": "resource_missing", "message": message}}
