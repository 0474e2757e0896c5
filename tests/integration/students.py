"""What a student's browser does, spoken straight to the routes."""

import uuid

from tests.integration.conftest import Caller


def new_email() -> str:
    """An address nobody has used."""
    return f"student.{uuid.uuid4().hex[:12]}@example.com"


async def start_signup(shop: Caller, email: str, **fields: str) -> dict:
    """Checkout: the student exists and may enter a card."""
    body = {
        "name": "Jenny Rosen",
        "email": email,
        "first_lesson": "01 Dec 3:00 p.m.",
        "first_lesson_at": "2026-12-01T15:00:00-05:00",
        **fields,
    }
    status, started = await shop.post("/lessons", body)
    assert status == 200, started
    return started


async def confirm_card(stripe: Caller, client_secret: str, card: str = "pm_card_visa") -> str:
    """What Stripe.js does with the card, any challenge passed; the SetupIntent's id."""
    setup_intent = client_secret.split("_secret_")[0]
    status, confirmed = await stripe.form(
        f"/v1/setup_intents/{setup_intent}/confirm", payment_method=card
    )
    assert status == 200, confirmed
    if confirmed["status"] == "requires_action":
        confirmed = await answer_challenge(stripe, client_secret, "complete")
    assert confirmed["status"] == "succeeded"
    return setup_intent


async def answer_challenge(stripe: Caller, client_secret: str, outcome: str) -> dict:
    """What the bank's page does: "complete" or "fail"; answers with the intent's new status."""
    intent = client_secret.split("_secret_")[0]
    status, answer = await stripe.post(
        f"/_sandbox/challenges/{intent}", {"client_secret": client_secret, "outcome": outcome}
    )
    assert status == 200, answer
    return answer


async def sign_up(shop: Caller, stripe: Caller, card: str = "pm_card_visa", **fields: str) -> dict:
    """A complete sign-up; answers with id, e-mail and the finishing step's answer."""
    email = fields.pop("email", new_email())
    started = await start_signup(shop, email, **fields)
    setup_intent = await confirm_card(stripe, started["client_secret"], card)
    status, done = await shop.post(
        f"/update-payment-details/{started['customer_id']}", {"setup_intent_id": setup_intent}
    )
    assert status == 200, done
    return {"id": started["customer_id"], "email": email, **done}


async def change_card(shop: Caller, stripe: Caller, student: dict, card: str) -> None:
    """Another card in place of the student's, as on the account page."""
    _, update = await shop.post(f"/account-update/{student['id']}", {})
    setup_intent = await confirm_card(stripe, update["client_secret"], card)
    status, done = await shop.post(
        f"/update-payment-details/{student['id']}", {"setup_intent_id": setup_intent}
    )
    assert status == 200, done


async def hold(shop: Caller, customer_id: str, amount: int = 6500) -> dict:
    """A hold on the student's card; answers with the PaymentIntent."""
    status, answer = await shop.post(
        "/schedule-lesson",
        {"customer_id": customer_id, "amount": amount, "description": "Guitar lesson"},
    )
    assert status == 200, answer
    return answer["payment"]
