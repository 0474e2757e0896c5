"""Holding again after other tries at the same: however they end, one hold stands at most."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from shop.attempts import digest_of
from shop.rules.retry import MOST_TRIES
from tests.integration.conftest import Caller
from tests.integration.reliability.truth import open_holds_of, status_of
from tests.integration.students import answer_challenge, change_card, hold, sign_up

ALWAYS_ASKS = "pm_card_authenticationRequired"


@pytest.fixture
async def student(shop: Caller, stripe: Caller) -> AsyncIterator[dict]:
    """A student with a card; whatever faults a test asks for end with it."""
    yield await sign_up(shop, stripe)
    await stripe.post("/_sandbox/faults", {"rules": []})


async def again(shop: Caller, payment_intent_id: str, key: str = "") -> tuple[int, dict]:
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return await shop.post(
        "/hold-lesson-again", {"payment_intent_id": payment_intent_id}, headers=headers
    )


async def one_that_waits(shop: Caller, stripe: Caller, student: dict, old: str) -> str:
    """A hold in place of the old one that the bank wants the student to confirm."""
    await change_card(shop, stripe, student, ALWAYS_ASKS)
    status, answer = await again(shop, old)
    assert (status, answer["error"]["code"]) == (402, "authentication_required")
    return str(answer["payment_intent_id"])


async def confirmation_of(shop: Caller, payment_intent_id: str) -> dict:
    status, answer = await shop.get(f"/payment-confirmation/{payment_intent_id}")
    assert status == 200, answer
    return answer


async def confirm(stripe: Caller, told: dict) -> dict:
    """What the student's page does; answers with the payment's new status."""
    await stripe.form(
        f"/v1/payment_intents/{told['payment']['id']}/confirm",
        payment_method=told["payment_method"],
    )
    return await answer_challenge(stripe, told["client_secret"], "complete")


async def test_one_that_waits_is_called_off_by_a_later_one(
    shop: Caller, stripe: Caller, student: dict
):
    """Confirmed after that, it would be a second hold."""
    old = (await hold(shop, student["id"]))["id"]
    waiting = await one_that_waits(shop, stripe, student, old)
    await change_card(shop, stripe, student, "pm_card_visa")
    status, answer = await again(shop, old)
    assert (status, answer["released"]["id"]) == (200, old)
    assert await status_of(stripe, waiting) == "canceled"
    assert await open_holds_of(stripe, student["id"]) == [answer["payment"]["id"]]


async def test_the_hold_goes_when_the_one_that_waits_is_held_again(
    shop: Caller, stripe: Caller, student: dict
):
    """Staff may pick either; both are of one line. The page then has nothing to confirm."""
    old = (await hold(shop, student["id"]))["id"]
    waiting = await one_that_waits(shop, stripe, student, old)
    await change_card(shop, stripe, student, "pm_card_visa")
    status, answer = await again(shop, waiting)
    assert (status, answer["released"]["id"]) == (200, waiting)
    new = answer["payment"]
    assert new["metadata"]["hold_again_of"] == old
    assert await open_holds_of(stripe, student["id"]) == [new["id"]]
    for gone in (old, waiting):
        status, answer = await again(shop, gone)
        assert (status, answer["error"]["code"]) == (409, "already_held_again")
        assert new["id"] in answer["error"]["message"]
    assert (await again(shop, new["id"]))[0] == 200


async def test_nothing_is_confirmed_beside_the_captured_hold(
    shop: Caller, stripe: Caller, student: dict
):
    """The lesson was paid with the old hold meanwhile, so neither page nor staff may hold again."""
    old = (await hold(shop, student["id"]))["id"]
    waiting = await one_that_waits(shop, stripe, student, old)
    told = await confirmation_of(shop, waiting)
    assert (told["payment"]["state"], told["client_secret"] is None) == (
        "needs_confirmation",
        False,
    )
    await shop.post("/complete-lesson-payment", {"payment_intent_id": old})
    told = await confirmation_of(shop, waiting)
    assert (told["payment"]["state"], told["client_secret"]) == ("released", None)
    status, answer = await again(shop, waiting)
    assert (status, answer["error"]["code"]) == (409, "already_held_again")


async def test_a_retry_after_somebody_else_held_again_holds_nothing(
    shop: Caller, stripe: Caller, student: dict
):
    """The first try never reached Stripe; a second person's did."""
    old, key = (await hold(shop, student["id"]))["id"], uuid.uuid4().hex
    rule = {"kind": "reset_before", "method": "POST", "path": "/v1/payment_intents"}
    await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    assert (await again(shop, old, key))[0] == 503
    await stripe.post("/_sandbox/faults", {"rules": []})
    _, answer = await again(shop, old)
    status, refused = await again(shop, old, key)
    assert (status, refused["error"]["code"]) == (409, "already_held_again")
    assert await open_holds_of(stripe, student["id"]) == [answer["payment"]["id"]]


@pytest.mark.usefixtures("no_events")
async def test_what_was_captured_meanwhile_is_not_held_as_well(
    shop: Caller, stripe: Caller, student: dict
):
    """Stripe held again, nobody heard of it, and the lesson was paid with the old hold."""
    old, key = (await hold(shop, student["id"]))["id"], uuid.uuid4().hex
    rule = {
        "kind": "reset_after",
        "method": "POST",
        "path": "/v1/payment_intents",
        "times": MOST_TRIES,
    }
    await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    assert (await again(shop, old, key))[0] == 503
    [new] = set(await open_holds_of(stripe, student["id"])) - {old}
    status, _ = await shop.post("/complete-lesson-payment", {"payment_intent_id": old})
    assert status == 200
    status, refused = await again(shop, old, key)
    assert (status, refused["error"]["code"]) == (400, "payment_intent_unexpected_state")
    assert refused["error"]["message"] == "This payment was captured already."
    assert await status_of(stripe, new) == "canceled"


async def test_what_is_confirmed_after_the_old_hold_was_captured_is_called_off(
    shop: Caller, stripe: Caller, student: dict
):
    """The student stood in the bank's challenge meanwhile; the lesson is paid once."""
    old = (await hold(shop, student["id"]))["id"]
    waiting = await one_that_waits(shop, stripe, student, old)
    told = await confirmation_of(shop, waiting)
    await shop.post("/complete-lesson-payment", {"payment_intent_id": old})
    assert (await confirm(stripe, told))["status"] == "requires_capture"
    for _ in range(400):
        if await status_of(stripe, waiting) == "canceled":
            break
        await asyncio.sleep(0.05)
    assert (await status_of(stripe, waiting), await status_of(stripe, old)) == (
        "canceled",
        "succeeded",
    )


async def test_a_key_of_days_ago_names_a_new_attempt(shop: Caller, stripe: Caller, student: dict):
    """Its card was declined then. Stripe knows the key no more, and the card is another one."""
    old, key = (await hold(shop, student["id"]))["id"], uuid.uuid4().hex
    status, declined = await stripe.form(
        "/v1/payment_intents",
        amount=6500,
        currency="usd",
        customer=student["id"],
        payment_method="pm_card_chargeCustomerFail",
        confirm="true",
        capture_method="manual",
        **{
            "allowed_payment_method_types[]": "card",
            "metadata[type]": "lessons-payment",
            "metadata[hold_again_of]": old,
            "metadata[attempt]": digest_of(f"{key}-hold-again"),
        },
    )
    assert status == 402, declined
    status, answer = await again(shop, old, key)
    assert (status, answer["released"]["id"]) == (200, old)
    assert await open_holds_of(stripe, student["id"]) == [answer["payment"]["id"]]


async def test_an_amount_in_another_currency_is_not_held_again(
    shop: Caller, stripe: Caller, student: dict
):
    """Somebody made the payment at Stripe by hand: 50 euros are not 50 dollars."""
    _, customer = await stripe.get(f"/v1/customers/{student['id']}")
    _, old = await stripe.form(
        "/v1/payment_intents",
        **{"customer": student["id"], "amount": "5000", "currency": "eur"},
        **{"payment_method": customer["invoice_settings"]["default_payment_method"]},
        **{"confirm": "true", "off_session": "true", "capture_method": "manual"},
        **{"allowed_payment_method_types[]": "card", "metadata[type]": "lessons-payment"},
    )
    assert old["status"] == "requires_capture"
    status, answer = await again(shop, old["id"])
    message = "This payment is in eur, and holds are in usd."
    assert (status, answer["error"]["message"]) == (400, message)
    assert await open_holds_of(stripe, student["id"]) == [old["id"]]
    assert (await shop.post("/release-lesson", {"payment_intent_id": old["id"]}))[0] == 200
