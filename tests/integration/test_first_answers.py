"""The first answer to an Idempotency-Key is the answer, however often the request is sent."""

import asyncio
import socket
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from shop.storage import open_storage
from tests.integration.conftest import Caller
from tests.integration.promptness import promptly
from tests.integration.students import hold, new_email, sign_up
from tests.stack import Stack

REPLAYED = "Idempotent-Replayed"


def new_key() -> dict[str, str]:
    """The header of a new attempt."""
    return {"Idempotency-Key": uuid.uuid4().hex}


@pytest.fixture
async def student(shop: Caller, stripe: Caller) -> AsyncIterator[dict]:
    """A student with a card; faults that a test asks for end with it."""
    yield await sign_up(shop, stripe)
    await stripe.post("/_sandbox/faults", {"rules": []})


def lesson(student: dict, amount: int = 6500) -> dict:
    return {"customer_id": student["id"], "amount": amount, "description": "Guitar lesson"}


async def payments_of(stripe: Caller, student: dict) -> list[dict]:
    _, payments = await stripe.get(f"/v1/payment_intents?customer={student['id']}")
    return payments["data"]


async def test_a_repeat_is_the_same_bytes(shop: Caller, stripe: Caller, student: dict):
    """Status, content type and body of the first answer; a header tells them apart."""
    key = new_key()
    first, again = [
        await shop.raw("POST", "/schedule-lesson", json=lesson(student), headers=key)
        for _ in range(2)
    ]
    assert (first.status, again.status) == (200, 200)
    assert await again.read() == await first.read()
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert (first.headers.get(REPLAYED), again.headers.get(REPLAYED)) == (None, "true")
    assert len(await payments_of(stripe, student)) == 1


async def test_an_error_about_the_request_is_an_answer_too(shop: Caller, student: dict):
    """It stays what it was, also where the same request would succeed by now."""
    key, body = new_key(), {"name": "A", "email": student["email"], "first_lesson": "x"}
    first = await shop.raw("POST", "/lessons", json=body, headers=key)
    assert first.status == 409
    await shop.post(f"/account-update/{student['id']}", {"email": new_email()})
    again = await shop.raw("POST", "/lessons", json=body, headers=key)
    assert (again.status, await again.read()) == (409, await first.read())
    assert again.headers[REPLAYED] == "true"


async def test_a_repeat_meanwhile_is_told_to_ask_again(
    stack: Stack, shop: Caller, stripe: Caller, student: dict
):
    """Nothing waits, nothing is done twice, and later the answer can be had."""
    key, body = new_key(), lesson(student)
    with stack.frozen("sandbox"):
        both = [
            asyncio.create_task(shop.post("/schedule-lesson", body, headers=key)) for _ in range(2)
        ]
        (told,), (first,) = await asyncio.wait(
            both, timeout=20, return_when=asyncio.FIRST_COMPLETED
        )
    status, meanwhile = told.result()
    assert (status, meanwhile["error"]["code"]) == (409, "idempotency_key_in_use")
    held = await first
    assert held[0] == 200
    assert await shop.post("/schedule-lesson", body, headers=key) == held
    assert len(await payments_of(stripe, student)) == 1


async def test_a_key_names_one_request(shop: Caller, stripe: Caller, student: dict):
    """Another body or another path under the same key is refused, and nothing is done."""
    key = new_key()
    _, held = await shop.post("/schedule-lesson", lesson(student), headers=key)
    payment = {"payment_intent_id": held["payment"]["id"]}
    for path, body in (
        ("/schedule-lesson", lesson(student, amount=1)),
        ("/complete-lesson-payment", payment),
    ):
        status, answer = await shop.post(path, body, headers=key)
        assert (status, answer["error"]["code"]) == (422, "idempotency_key_reused")
    assert await payments_of(stripe, student) == [held["payment"]]


async def test_what_was_left_open_is_not_kept(shop: Caller, stripe: Caller, student: dict):
    """After a 5xx the same key tries again, and may succeed."""
    key = new_key()
    rule = {"kind": "502", "method": "POST", "path": "/v1/payment_intents", "times": 5}
    await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    status, _ = await shop.post("/schedule-lesson", lesson(student), headers=key)
    assert status == 503
    again = await shop.raw("POST", "/schedule-lesson", json=lesson(student), headers=key)
    assert (again.status, again.headers.get(REPLAYED)) == (200, None)
    assert len(await payments_of(stripe, student)) == 1


async def test_without_a_key_every_request_is_a_new_one(shop: Caller, stripe, student: dict):
    """Two lessons on one day are two holds."""
    held = [await hold(shop, student["id"], 500) for _ in range(2)]
    assert {payment["id"] for payment in held} == {
        payment["id"] for payment in await payments_of(stripe, student)
    }


@pytest.mark.parametrize("key", ["", "x" * 201, "with space", "é"])
async def test_a_key_that_is_none(shop: Caller, key: str):
    """Refused before anything is done."""
    status, answer = await shop.post("/lessons", {}, headers={"Idempotency-Key": key})
    assert (status, answer["error"]["code"]) == (400, "parameter_invalid")


@pytest.mark.parametrize("listens", [False, True])
async def test_without_redis_nothing_is_done(
    stack: Stack, stripe: Caller, student: dict, tmp_path: Path, listens: bool
):
    """Neither where nobody is there nor where it stays silent; said to all within two seconds."""
    path = tmp_path / "redis.sock"
    with socket.socket(socket.AF_UNIX) as listener:
        if listens:
            listener.bind(str(path))
            listener.listen()
        with stack.second_web(REDIS_URL=f"unix://{path}") as alone:
            async with aiohttp.ClientSession(alone.url) as session:

                async def ten_at_once() -> list[tuple[int, dict]]:
                    caller, body = Caller(session), lesson(student)
                    keys = [new_key(), *[{}] * 9]
                    return await asyncio.gather(
                        *(caller.post("/schedule-lesson", body, headers=key) for key in keys)
                    )

                answers = await promptly(ten_at_once, within=2)
    told = {(status, answer["error"]["code"]) for status, answer in answers}
    assert told == {(503, "unavailable")}
    assert await payments_of(stripe, student) == []


async def test_the_key_itself_is_not_kept(stack: Stack, shop: Caller, student: dict):
    """Only digests of it, for a day; keys of people may say more than they should."""
    key = new_key()
    assert (await shop.post("/schedule-lesson", lesson(student), headers=key))[0] == 200
    async with open_storage(stack.settings) as storage:
        names = [name async for name in storage.redis.scan_iter(storage.key("*"))]
        assert not any(key["Idempotency-Key"] in name for name in names)
        kept = [name for name in names if ":answer:" in name]
        lives = [await storage.redis.ttl(name) for name in kept]
    assert kept
    assert all(0 < life <= 24 * 3600 for life in lives)
