"""Many at once, through two web processes: everything is done once, or exactly one of the two."""

import asyncio
import uuid
from collections.abc import Iterable

import aiohttp
import pytest

from tests.integration.conftest import Caller
from tests.integration.reliability import truth
from tests.integration.reliability.tally import Tally
from tests.integration.students import confirm_card, hold, new_email, sign_up, start_signup
from tests.stack import Stack

MANY = 100
ROUNDS = 20
"""How often two actions race each other, each time over another student or payment."""

Answer = tuple[int, dict]


async def at_once(webs: list[Caller], requests: Iterable[tuple[str, dict]]) -> list[Answer]:
    """Send all of them at once, each with a key of its own, to one web process and the other."""
    return await asyncio.gather(
        *(
            webs[place % 2].post(path, body, headers=new_key())
            for place, (path, body) in enumerate(requests)
        )
    )


def new_key() -> dict[str, str]:
    """The header of a new attempt."""
    return {"Idempotency-Key": uuid.uuid4().hex}


def done(answers: Iterable[Answer]) -> list[dict]:
    """The answers of those who were told that it is done."""
    return [answer for status, answer in answers if status == 200]


async def holds(webs: list[Caller], stripe: Caller, count: int) -> list[dict]:
    """Holds of as many students."""

    async def one() -> dict:
        return await hold(webs[0], (await sign_up(webs[0], stripe))["id"])

    return await asyncio.gather(*(one() for _ in range(count)))


@pytest.mark.parametrize("latency", ["none", "realistic"])
async def test_sign_ups_of_one_address(
    webs: list[Caller], stripe: Caller, tally: Tally, latency: str
):
    """In different letter case too, they are one customer."""
    email = new_email()
    spellings = [email, email.upper(), email.title(), email.swapcase()]
    await stripe.post("/_sandbox/latency", {"profile": latency})
    answers = await asyncio.gather(
        *(start_signup(webs[place % 2], spellings[place % 4]) for place in range(MANY))
    )
    tally.counts(
        f"sign-ups of one e-mail address in four spellings at once, latency {latency}",
        attempts=MANY,
        wanted=1,
        told=len({answer["customer_id"] for answer in answers}),
        found=len(await truth.customers_with(stripe, email)),
    )


@pytest.mark.parametrize(("latency", "many"), [("none", MANY), ("realistic", 25)])
async def test_captures(webs: list[Caller], stripe: Caller, tally: Tally, latency: str, many: int):
    """One of them captures; the others get Stripe's own error, or are told to try again."""
    (held,) = await holds(webs, stripe, 1)
    await stripe.post("/_sandbox/latency", {"profile": latency})
    answers = await at_once(
        webs, [("/complete-lesson-payment", {"payment_intent_id": held["id"]})] * many
    )
    refused = {answer["error"]["code"] for status, answer in answers if status != 200}
    assert refused <= {"payment_intent_unexpected_state", "busy"}
    tally.counts(
        f"captures of one hold at once, latency {latency}",
        attempts=many,
        wanted=1,
        told=len(done(answers)),
        found=len(await truth.captures_of(stripe, held)),
    )


async def test_one_press_sent_many_times(webs: list[Caller], stripe: Caller, tally: Tally):
    """The same key at once at both processes is one hold."""
    student, key = await sign_up(webs[0], stripe), new_key()
    body = {"customer_id": student["id"], "amount": 6500, "description": "Guitar lesson"}
    answers = await asyncio.gather(
        *(webs[place % 2].post("/schedule-lesson", body, headers=key) for place in range(MANY))
    )
    waiting = {answer["error"]["code"] for status, answer in answers if status != 200}
    assert waiting <= {"idempotency_key_in_use"}
    tally.counts(
        "holds with one Idempotency-Key at once",
        attempts=MANY,
        wanted=1,
        told=len({answer["payment"]["id"] for answer in done(answers)}),
        found=len(await truth.payments_of(stripe, student["id"])),
    )


async def test_capture_against_release(webs: list[Caller], stripe: Caller, tally: Tally):
    """Exactly one of the two is done, and who was told so is right."""
    payments = await holds(webs, stripe, ROUNDS)
    answers = await at_once(
        webs,
        [
            (path, {"payment_intent_id": payment["id"]})
            for payment in payments
            for path in ("/complete-lesson-payment", "/release-lesson")
        ],
    )
    told = {answer["payment"]["id"]: answer["payment"]["status"] for answer in done(answers)}
    now = {each["id"]: await truth.status_of(stripe, each["id"]) for each in payments}
    assert now == told
    assert set(now.values()) <= {"succeeded", "canceled"}
    tally.counts(
        "a capture against a release of the same hold",
        attempts=len(answers),
        wanted=ROUNDS,
        told=len(done(answers)),
        found=sum(status in ("succeeded", "canceled") for status in now.values()),
    )


async def test_card_against_card(webs: list[Caller], stripe: Caller, tally: Tally):
    """One card is left, the default, and it is one whose sender was told so."""
    students = [await sign_up(webs[0], stripe) for _ in range(ROUNDS)]
    requests = []
    for student in students:
        for card in ("pm_card_mastercard", "pm_card_amex"):
            _, update = await webs[0].post(f"/account-update/{student['id']}", {})
            setup_intent = await confirm_card(stripe, update["client_secret"], card)
            path = f"/update-payment-details/{student['id']}"
            requests.append((path, {"setup_intent_id": setup_intent}))
    answers = await at_once(webs, requests)
    saved = [(answer["customer"]["id"], answer["card"]["brand"]) for answer in done(answers)]
    kept = []
    for student in students:
        cards = await truth.cards_of(stripe, student["id"])
        _, customer = await stripe.get(f"/v1/customers/{student['id']}")
        assert [customer["invoice_settings"]["default_payment_method"]] == cards
        _, card = await stripe.get(f"/v1/payment_methods/{cards[0]}")
        assert (student["id"], card["card"]["brand"]) in saved
        kept += cards
    tally.counts(
        "a new card against another new card of the same student",
        attempts=len(answers),
        wanted=ROUNDS,
        told=len({student for student, _ in saved}),
        found=len(kept),
    )


async def test_refunds_that_are_all_wanted(webs: list[Caller], stripe: Caller, tally: Tally):
    """Each key is a refund of its own, but never is more given back than was captured."""
    (held,) = await holds(webs, stripe, 1)
    payment = {"payment_intent_id": held["id"]}
    assert (await webs[0].post("/complete-lesson-payment", payment))[0] == 200
    answers = await at_once(webs, [("/refund-lesson", {**payment, "amount": 1000})] * 10)
    refunds = await truth.refunds_of(stripe, held["id"])
    assert sum(refund["amount"] for refund in refunds) == 6000
    assert {answer["refund"] for answer in done(answers)} == {refund["id"] for refund in refunds}
    tally.counts(
        "refunds of $10 each at once, of a payment of $65",
        attempts=len(answers),
        wanted=6,
        told=len(done(answers)),
        found=len(refunds),
    )


async def test_hold_against_deletion(webs: list[Caller], stripe: Caller, tally: Tally):
    """The student is gone without a hold, or stays with it."""
    students = [await sign_up(webs[0], stripe) for _ in range(ROUNDS)]
    lesson = {"amount": 500, "description": "Guitar lesson"}
    answers = await at_once(
        webs,
        [
            request
            for student in students
            for request in (
                ("/schedule-lesson", {"customer_id": student["id"], **lesson}),
                (f"/delete-account/{student['id']}", {}),
            )
        ],
    )
    held, gone = 0, 0
    for student in students:
        _, customer = await stripe.get(f"/v1/customers/{student['id']}")
        open_holds = await truth.open_holds_of(stripe, student["id"])
        assert ("deleted" in customer) == (open_holds == [])
        held, gone = held + len(open_holds), gone + ("deleted" in customer)
    tally.counts(
        "a hold against the deletion of its student",
        attempts=len(answers),
        wanted=ROUNDS,
        told=len(done(answers)),
        found=held + gone,
    )


async def test_hold_again_twice(webs: list[Caller], stripe: Caller, tally: Tally):
    """One new hold in the old one's place; the other request is told which."""
    payments = await holds(webs, stripe, ROUNDS)
    answers = await at_once(
        webs,
        [
            ("/hold-lesson-again", {"payment_intent_id": payment["id"]})
            for payment in payments
            for _ in range(2)
        ],
    )
    refused = {answer["error"]["code"] for status, answer in answers if status != 200}
    assert refused == {"already_held_again"}
    open_holds = [
        each
        for payment in payments
        for each in await truth.open_holds_of(stripe, payment["customer"])
    ]
    assert set(open_holds) == {answer["payment"]["id"] for answer in done(answers)}
    tally.counts(
        "holding again twice at once",
        attempts=len(answers),
        wanted=ROUNDS,
        told=len(done(answers)),
        found=len(open_holds),
    )


async def test_without_redis(stack: Stack, webs: list[Caller], stripe: Caller, tally: Tally):
    """Nothing is done, and everybody is told."""
    (held,) = await holds(webs, stripe, 1)
    captures = [("/complete-lesson-payment", {"payment_intent_id": held["id"]})] * MANY
    nobody = f"unix://{stack.settings.var_dir}/nobody.sock"
    with stack.second_web(REDIS_URL=nobody) as alone:
        async with aiohttp.ClientSession(alone.url) as session:
            answers = await at_once([Caller(session)] * 2, captures)
    assert {status for status, _ in answers} == {503}
    tally.counts(
        "captures while Redis is away",
        attempts=MANY,
        wanted=0,
        told=len(done(answers)),
        found=len(await truth.captures_of(stripe, held)),
    )
