"""The answer is lost, in many ways, and the same request is sent again: done once, as at first."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import aiohttp
import pytest

from shop.leases import LEASE
from shop.rules.retry import MOST_TRIES
from tests.integration.conftest import Caller
from tests.integration.reliability import truth
from tests.integration.reliability.tally import Tally
from tests.integration.students import change_card, hold, sign_up
from tests.stack import Stack

PATHS = {
    "hold": "/v1/payment_intents",
    "capture": "/v1/payment_intents/{intent}/capture",
    "release": "/v1/payment_intents/{intent}/cancel",
    "refund": "/v1/refunds",
}
"""Where each action writes at Stripe."""

LOST = ["reset_after", "truncate", "reset_before", "502", "429", "lock_timeout"]
"""The first two after it took effect, the others before."""

STUDENTS = 5
"""How many try each action at once."""


@dataclass(frozen=True)
class Action:
    """Something that staff ask for, under a key of its own.

    Attributes:
        count: how often it is done at Stripe.
    """

    name: str
    path: str
    body: dict
    headers: dict[str, str]
    count: Callable[[], Awaitable[int]]


async def actions(shop: Caller, stripe: Caller, student: dict) -> list[Action]:
    """One of each, with what it needs beforehand."""
    to_capture, to_release, to_refund = [
        await hold(shop, student["id"], amount) for amount in (6500, 3000, 2000)
    ]
    await shop.post("/complete-lesson-payment", {"payment_intent_id": to_refund["id"]})

    async def new_holds() -> int:
        payments = await truth.payments_of(stripe, student["id"])
        return sum(payment["description"] == "The new one" for payment in payments)

    async def captures() -> int:
        return len(await truth.captures_of(stripe, to_capture))

    async def releases() -> int:
        return int(await truth.status_of(stripe, to_release["id"]) == "canceled")

    async def refunds() -> int:
        return len(await truth.refunds_of(stripe, to_refund["id"]))

    lesson = {"customer_id": student["id"], "amount": 4000, "description": "The new one"}
    asked = [
        ("hold", "/schedule-lesson", lesson, new_holds),
        ("capture", "/complete-lesson-payment", of(to_capture), captures),
        ("release", "/release-lesson", of(to_release), releases),
        ("refund", "/refund-lesson", {**of(to_refund), "amount": 500}, refunds),
    ]
    return [
        Action(name, path, body, {"Idempotency-Key": uuid.uuid4().hex}, count)
        for name, path, body, count in asked
    ]


def of(payment: dict) -> dict:
    return {"payment_intent_id": payment["id"]}


async def send(shop: Caller, action: Action) -> tuple[int, dict]:
    """The request, the same each time."""
    return await shop.post(action.path, action.body, headers=action.headers)


async def strike(stripe: Caller, kind: str, times: int) -> None:
    """The next writes of each action go wrong in this way."""
    rules = [
        {"kind": kind, "method": "POST", "path": path, "times": times} for path in PATHS.values()
    ]
    status, answer = await stripe.post("/_sandbox/faults", {"seed": 1, "rules": rules})
    assert status == 200, answer


@pytest.mark.parametrize("kind", LOST)
async def test_an_answer_that_never_comes_through(
    webs: list[Caller], stripe: Caller, tally: Tally, kind: str
):
    """All tries of one request fail; the same request at the other process ends it."""
    students = [await sign_up(webs[0], stripe) for _ in range(STUDENTS)]
    asked = [each for student in students for each in await actions(webs[0], stripe, student)]
    await strike(stripe, kind, MOST_TRIES * STUDENTS)
    lost = await asyncio.gather(*(send(webs[0], action) for action in asked))
    assert {status for status, _ in lost} == {503}
    await stripe.post("/_sandbox/faults", {"rules": []})
    for student in students:
        await change_card(webs[0], stripe, student, "pm_card_visa")
    answers = await asyncio.gather(*(send(webs[1], action) for action in asked))
    again = await asyncio.gather(*(send(webs[0], action) for action in asked))
    assert again == answers
    for name in PATHS:
        of_name = [place for place, action in enumerate(asked) if action.name == name]
        tally.counts(
            f"{name}, all answers lost ({kind}), card changed, sent again twice",
            attempts=3 * STUDENTS,
            wanted=STUDENTS,
            told=sum(answers[place][0] == 200 for place in of_name),
            found=sum([await asked[place].count() for place in of_name]),
        )


@pytest.mark.parametrize("step", ["hold", "release"])
async def test_holding_again_when_a_step_is_lost(
    webs: list[Caller], stripe: Caller, tally: Tally, step: str
):
    """The same request at the other process goes on where the first one was cut short."""
    student = await sign_up(webs[0], stripe)
    old = await hold(webs[0], student["id"])
    asked = ("/hold-lesson-again", of(old))
    key = {"Idempotency-Key": uuid.uuid4().hex}
    rule = {"kind": "reset_after", "method": "POST", "path": PATHS[step], "times": MOST_TRIES}
    await stripe.post("/_sandbox/faults", {"seed": 1, "rules": [rule]})
    assert (await webs[0].post(*asked, headers=key))[0] == 503
    await change_card(webs[0], stripe, student, "pm_card_mastercard")
    status, answer = await webs[1].post(*asked, headers=key)
    open_holds = await truth.open_holds_of(stripe, student["id"])
    assert (status, answer["released"]["id"]) == (200, old["id"])
    assert open_holds == [answer["payment"]["id"]]
    tally.counts(
        f"holding again, all answers to its {step} lost (reset_after), card changed, sent again",
        attempts=2,
        wanted=1,
        told=1,
        found=len(open_holds),
    )


async def test_silence_after_it_took_effect(webs: list[Caller], stripe: Caller, tally: Tally):
    """The caller has left, the process still waits, and the same request comes elsewhere."""
    asked = await actions(webs[0], stripe, await sign_up(webs[0], stripe))
    await strike(stripe, "timeout_after", 1)

    async def impatient(action: Action) -> int:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await send(webs[0], action)
        sent = 1
        while (answer := await send(webs[1], action))[0] == 409:
            assert answer[1]["error"]["code"] == "idempotency_key_in_use"
            sent += 1
            await asyncio.sleep(1)
        assert answer[0] == 200
        return sent + 1

    sent = await asyncio.gather(*(impatient(action) for action in asked))
    for action, attempts in zip(asked, sent, strict=True):
        tally.counts(
            f"{action.name}, Stripe silent after it took effect, asked elsewhere meanwhile",
            attempts=attempts,
            wanted=1,
            told=1,
            found=await action.count(),
        )


async def test_a_killed_process(stack: Stack, webs: list[Caller], stripe: Caller, tally: Tally):
    """SIGKILL in the middle of a hold; the same request at another process is the same hold."""
    student = await sign_up(webs[0], stripe)
    action = (await actions(webs[0], stripe, student))[0]
    await strike(stripe, "timeout_after", 1)
    with stack.second_web() as doomed:
        async with aiohttp.ClientSession(doomed.url) as session:
            lost = asyncio.create_task(send(Caller(session), action))
            await until_done(action)
            doomed.kill("web")
            with pytest.raises(aiohttp.ClientError):
                await lost
    sent, began = 1, time.monotonic()
    while (answer := await send(webs[0], action))[0] == 409:
        sent += 1
        await asyncio.sleep(0.2)
    assert answer[0] == 200
    assert time.monotonic() - began < LEASE + 5
    tally.counts(
        "hold, its web process killed after it took effect, asked elsewhere until answered",
        attempts=sent + 1,
        wanted=1,
        told=1,
        found=await action.count(),
    )


async def until_done(action: Action) -> None:
    """Wait until it is done at Stripe."""
    for _ in range(500):
        if await action.count():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"the {action.name} was not done")
