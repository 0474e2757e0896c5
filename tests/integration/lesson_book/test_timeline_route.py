"""A student's timeline, from the sandbox's own objects."""

from dataclasses import replace

import pytest

from shop.lesson_book.student_history import read_history
from shop.lesson_book.timeline import Kind
from shop.settings import Settings
from shop.storage import open_storage
from shop.stripe_gateway import open_gateway
from tests.integration.conftest import Caller
from tests.integration.lesson_book.conftest import NEW_YORK
from tests.integration.students import hold, new_email, sign_up, start_signup


async def timeline(shop: Caller, customer_id: str) -> dict:
    status, answer = await shop.get(f"/timeline/{customer_id}")
    assert status == 200, answer
    return answer


def told(answer: dict) -> list[tuple]:
    """Kind, amount and card of every event, oldest first; their moments never go back."""
    events = answer["events"][::-1]
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    return [
        (event["kind"], event["amount"], event["card"] and event["card"]["last4"])
        for event in events
    ]


async def test_a_students_story(shop: Caller, stripe: Caller):
    """Card saved, held, part captured, the rest released, part refunded, held again, released."""
    student = await sign_up(shop, stripe)
    first = await hold(shop, student["id"])
    body = {"payment_intent_id": first["id"], "amount": 4000}
    assert (await shop.post("/complete-lesson-payment", body))[0] == 200
    assert (await shop.post("/refund-lesson", body | {"amount": 1500}))[0] == 200
    second = await hold(shop, student["id"], 9000)
    answer = await timeline(shop, student["id"])
    assert answer["totals"] == {"held": 9000, "captured": 4000, "refunded": 1500, "currency": "usd"}
    assert (await shop.post("/refund-lesson", {"payment_intent_id": second["id"]}))[0] == 200

    answer = await timeline(shop, student["id"])
    assert told(answer) == [
        ("card_saved", None, "4242"),
        ("held", 6500, "4242"),
        ("captured", 4000, "4242"),
        ("released", 2500, "4242"),
        ("refunded", 1500, "4242"),
        ("held", 9000, "4242"),
        ("released", 9000, "4242"),
    ]
    assert (answer["zone"], answer["complete"]) == ("America/New_York", True)
    assert answer["student"]["id"] == student["id"]
    assert answer["totals"] == {"held": 0, "captured": 4000, "refunded": 1500, "currency": "usd"}
    assert [(p["id"], p["state"]) for p in answer["payments"]] == [
        (second["id"], "released"),
        (first["id"], "captured"),
    ]


async def test_a_hold_that_its_bank_wants_confirmed(shop: Caller, stripe: Caller):
    """The reason is in Stripe's words."""
    student = (await start_signup(shop, new_email()))["customer_id"]
    method = "/v1/payment_methods/pm_card_authenticationRequired/attach"
    assert (await stripe.form(method, customer=student))[0] == 200
    body = {"customer_id": student, "amount": 6500, "description": "Guitar lesson"}
    status, _ = await shop.post("/schedule-lesson", body)
    assert status == 402
    (event, *_) = (await timeline(shop, student))["events"]
    assert (event["kind"], event["reason"]) == (
        "needs_confirmation",
        "Your card was declined. This transaction requires authentication.",
    )


async def test_a_dispute_that_was_lost(shop: Caller, stripe: Caller):
    """The card's holder contests it, and nobody answers."""
    student = await sign_up(shop, stripe, card="pm_card_createDispute")
    held = await hold(shop, student["id"])
    await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    kinds = [kind for kind, _, _ in told(await timeline(shop, student["id"]))]
    assert kinds == ["card_saved", "held", "captured", "disputed"]

    _, disputes = await stripe.get(f"/v1/disputes?payment_intent={held['id']}")
    assert (await stripe.form(f"/v1/disputes/{disputes['data'][0]['id']}/close"))[0] == 200
    answer = await timeline(shop, student["id"])
    assert [kind for kind, _, _ in told(answer)] == [*kinds, "dispute_lost"]
    assert answer["payments"][0]["dispute"]["status"] == "lost"


@pytest.mark.parametrize("unknown", ["cus_unknown", "ci_invalid", "%252E%252E", "cus_1%2Fcards"])
async def test_an_unknown_student(shop: Caller, unknown: str):
    """The contract's message, also for ids that lead elsewhere."""
    status, answer = await shop.get(f"/timeline/{unknown}")
    assert (status, answer["error"]["code"]) == (404, "resource_missing")


async def test_a_deleted_student_is_unknown(shop: Caller, stripe: Caller):
    """As everywhere."""
    student = await sign_up(shop, stripe)
    await shop.post(f"/delete-account/{student['id']}")
    assert await shop.get(f"/timeline/{student['id']}") == (
        404,
        {"error": {"code": "resource_missing", "message": f"No such customer: '{student['id']}'"}},
    )


async def test_it_is_read_without_redis(shop: Caller, stripe: Caller, settings: Settings):
    """Only what is counted in Redis goes uncounted."""
    student = await sign_up(shop, stripe)
    away = replace(settings, redis_url="redis://127.0.0.1:1")
    async with open_storage(away) as nowhere, open_gateway(away, nowhere) as gateway:
        history = await read_history(gateway, student["id"], NEW_YORK)
    assert [event.kind for event in history.events] == [Kind.CARD_SAVED]
