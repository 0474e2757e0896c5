"""The answer to a hold is lost, the student's card changes, and the same request comes again.

Stripe remembers who made what, so Redis is not asked: nothing of a lost answer is kept in it.
"""

import hashlib
import uuid
from collections.abc import AsyncIterator

import pytest

from shop.attempts import NOT_KNOWN_YET, digest_of
from shop.rules.retry import MOST_TRIES
from shop.storage import open_storage
from tests.integration.conftest import Caller
from tests.integration.reliability.truth import cards_of, payments_of
from tests.integration.students import change_card, hold, sign_up
from tests.stack import Stack

HOLDS = "/v1/payment_intents"


@pytest.fixture
async def student(shop: Caller, stripe: Caller) -> AsyncIterator[dict]:
    """A student with a card; whatever faults a test asks for end with it."""
    yield await sign_up(shop, stripe)
    await stripe.post("/_sandbox/faults", {"rules": []})


@pytest.fixture
def key() -> dict[str, str]:
    """The header that names the attempt."""
    return {"Idempotency-Key": uuid.uuid4().hex}


def lesson(student: dict) -> tuple[str, dict]:
    body = {"customer_id": student["id"], "amount": 6500, "description": "Guitar lesson"}
    return "/schedule-lesson", body


async def lose_answers(
    shop: Caller, stripe: Caller, asked: tuple[str, dict], key: dict[str, str]
) -> None:
    """Stripe does it, and none of its answers comes through."""
    rule = {"kind": "reset_after", "method": "POST", "path": HOLDS, "times": MOST_TRIES}
    await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    assert (await shop.post(*asked, headers=key))[0] == 503
    await stripe.post("/_sandbox/faults", {"rules": []})


async def test_what_was_held_is_found_at_stripe(
    shop: Caller, stripe: Caller, student: dict, key: dict[str, str]
):
    """On the first card, with the digest of its attempt; no second hold is placed."""
    await lose_answers(shop, stripe, lesson(student), key)
    await change_card(shop, stripe, student, "pm_card_mastercard")
    status, answer = await shop.post(*lesson(student), headers=key)
    [held] = await payments_of(stripe, student["id"])
    assert (status, answer["payment"]) == (200, held)
    assert held["status"] == "requires_capture"
    assert held["metadata"].keys() == {"type", "attempt"}


async def test_what_was_held_is_found_without_any_card(
    shop: Caller, stripe: Caller, student: dict, key: dict[str, str]
):
    """Somebody took the card off in the Dashboard; a new request is told that there is none."""
    await lose_answers(shop, stripe, lesson(student), key)
    for card in await cards_of(stripe, student["id"]):
        await stripe.post(f"/v1/payment_methods/{card}/detach")
    status, answer = await shop.post(*lesson(student), headers=key)
    [held] = await payments_of(stripe, student["id"])
    assert (status, answer["payment"]["id"]) == (200, held["id"])
    status, answer = await shop.post(*lesson(student))
    message = f"no payment methods found for {student['id']}"
    assert (status, answer["error"]["message"]) == (400, message)


async def test_who_gave_no_key_is_not_looked_for(shop: Caller, stripe: Caller, student: dict):
    """A student without a card is said so, though their payments cannot be read just now."""
    for card in await cards_of(stripe, student["id"]):
        await stripe.post(f"/v1/payment_methods/{card}/detach")
    rule = {"kind": "502", "method": "GET", "path": HOLDS}
    await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    status, answer = await shop.post(*lesson(student))
    message = f"no payment methods found for {student['id']}"
    assert (status, answer["error"]["message"]) == (400, message)


async def test_a_declined_card_stays_declined(
    shop: Caller, stripe: Caller, student: dict, key: dict[str, str]
):
    """The bank's answer to the first try is told, with its payment; the new card is not tried."""
    await change_card(shop, stripe, student, "pm_card_chargeCustomerFail")
    await lose_answers(shop, stripe, lesson(student), key)
    await change_card(shop, stripe, student, "pm_card_visa")
    status, answer = await shop.post(*lesson(student), headers=key)
    [declined] = await payments_of(stripe, student["id"])
    assert (status, answer) == (
        402,
        {
            "error": {"code": "card_declined", "message": "Your card was declined."},
            "payment_intent_id": declined["id"],
        },
    )
    assert declined["status"] == "requires_payment_method"


async def test_a_payment_that_waits_for_its_student_says_so_again(
    shop: Caller, stripe: Caller, student: dict, key: dict[str, str]
):
    """With the address of the page on which they read that it was tried on a card of before."""
    await change_card(shop, stripe, student, "pm_card_authenticationRequired")
    await lose_answers(shop, stripe, lesson(student), key)
    await change_card(shop, stripe, student, "pm_card_visa")
    status, answer = await shop.post(*lesson(student), headers=key)
    [waiting] = await payments_of(stripe, student["id"])
    assert (status, answer["error"]["code"]) == (402, "authentication_required")
    assert answer["payment_intent_id"] == waiting["id"]
    assert waiting["id"] in answer["confirmation_url"]


@pytest.mark.parametrize("has_another_card", [True, False])
async def test_a_hold_that_was_let_go_meanwhile_is_shown_as_it_is(
    shop: Caller, stripe: Caller, student: dict, key: dict[str, str], has_another_card: bool
):
    """Somebody released it; whoever sends again sees that, and nothing is held anew."""
    await lose_answers(shop, stripe, lesson(student), key)
    if has_another_card:
        await change_card(shop, stripe, student, "pm_card_mastercard")
    [held] = await payments_of(stripe, student["id"])
    await shop.post("/release-lesson", {"payment_intent_id": held["id"]})
    status, answer = await shop.post(*lesson(student), headers=key)
    assert (status, answer["payment"]["status"]) == (200, "canceled")
    assert len(await payments_of(stripe, student["id"])) == 1


@pytest.mark.parametrize(
    "other", [{"amount": 7000}, {"description": "Piano lesson"}, {"instructor": "Ruth Bell"}]
)
async def test_another_request_under_the_key_is_refused_by_stripe(
    stack: Stack, shop: Caller, stripe: Caller, student: dict, key: dict[str, str], other: dict
):
    """Where Redis has forgotten the first one: another lesson's hold is no answer to this."""
    assert (await shop.post(*lesson(student), headers=key))[0] == 200
    async with open_storage(stack.settings) as storage:
        digest = hashlib.sha256(key["Idempotency-Key"].encode()).hexdigest()
        assert await storage.redis.delete(storage.key("answer", digest)) == 1
    path, body = lesson(student)
    status, answer = await shop.post(path, body | other, headers=key)
    assert status == 400
    assert answer["error"]["message"].startswith("Keys for idempotent requests can only be used")
    assert [each["amount"] for each in await payments_of(stripe, student["id"])] == [6500]


async def test_what_stripe_has_made_nothing_of_is_not_held_on_another_card(
    shop: Caller, stripe: Caller, student: dict, key: dict[str, str]
):
    """Stripe may still be at work on the first try, so nothing is decided: ask again."""
    refused = await stripe.raw(
        "POST",
        HOLDS,
        data={"amount": "6500", "currency": "usd", "customer": "cus_unknown"},
        headers={"Idempotency-Key": f"{key['Idempotency-Key']}-hold"},
    )
    assert refused.status == 400
    for _ in range(2):
        status, answer = await shop.post(*lesson(student), headers=key)
        assert (status, answer["error"]) == (503, {"code": None, "message": NOT_KNOWN_YET})
    assert await payments_of(stripe, student["id"]) == []


async def test_a_payment_that_the_bank_has_not_answered_is_not_told_as_a_hold(
    shop: Caller, stripe: Caller, student: dict, key: dict[str, str]
):
    """Stripe is still at work on the first try; somebody who does not wait may release it."""
    first = f"{key['Idempotency-Key']}-hold"
    [card] = await cards_of(stripe, student["id"])
    made = await stripe.raw(
        "POST",
        HOLDS,
        data={
            "amount": "6500",
            "currency": "usd",
            "customer": student["id"],
            "payment_method": card,
            "description": "Guitar lesson",
            "metadata[type]": "lessons-payment",
            "metadata[attempt]": digest_of(first),
        },
        headers={"Idempotency-Key": first},
    )
    payment = await made.json()
    assert payment["status"] == "requires_confirmation"
    status, answer = await shop.post(*lesson(student), headers=key)
    assert (status, answer["error"]["message"]) == (503, NOT_KNOWN_YET)
    assert (await shop.post("/release-lesson", {"payment_intent_id": payment["id"]}))[0] == 200
    status, answer = await shop.post(*lesson(student), headers=key)
    assert (status, answer["payment"]["status"]) == (200, "canceled")


async def test_holding_again_does_not_release_the_old_hold_for_one_that_is_gone(
    shop: Caller, stripe: Caller, student: dict, key: dict[str, str]
):
    """Stripe held again, nobody heard of it, and somebody released the new one by hand."""
    old = await hold(shop, student["id"])
    asked = ("/hold-lesson-again", {"payment_intent_id": old["id"]})
    await lose_answers(shop, stripe, asked, key)
    new, _ = await payments_of(stripe, student["id"])
    await shop.post("/release-lesson", {"payment_intent_id": new["id"]})
    status, answer = await shop.post(*asked, headers=key)
    assert (status, answer["payment"]["id"], answer["released"]) == (200, new["id"], None)
    states = {each["id"]: each["status"] for each in await payments_of(stripe, student["id"])}
    assert states == {new["id"]: "canceled", old["id"]: "requires_capture"}
