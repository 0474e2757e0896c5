"""Who did what, through a running shop with staff accounts."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator

import aiohttp
import pytest
from redis.asyncio import Redis

from shop.audit.entry import Entry, Result
from shop.student_links import StudentLinks
from tests.integration.access.conftest import Shop, sign_in
from tests.integration.access.conftest import guarded as guarded
from tests.integration.audit.kept import kept, shown
from tests.integration.conftest import Caller
from tests.integration.reports import ready
from tests.integration.students import confirm_card, hold, new_email, sign_up, start_signup

BY_INA = {"who": "ina/tests", "via": "token", "client": "127.0.0.1"}
SLOW = {"base_ms": 8000, "jitter": 0, "per_object_ms": 0}


@pytest.fixture
async def ina(guarded: Shop) -> AsyncIterator[Caller]:
    """An instructor's program."""
    async with guarded.program("ina") as session:
        yield Caller(session)


@pytest.fixture
async def stripe(guarded: Shop) -> AsyncIterator[Caller]:
    headers = {"Authorization": f"Bearer {guarded.stack.settings.secret_key}"}
    async with aiohttp.ClientSession(guarded.stack.sandbox_url, headers=headers) as session:
        caller = Caller(session)
        yield caller
        await caller.post("/_sandbox/latency", {"profile": "none"})


@pytest.fixture
async def student(ina: Caller, stripe: Caller) -> str:
    return (await sign_up(ina, stripe))["id"]


async def test_every_step_of_a_payment(guarded: Shop, ina: Caller, student: str):
    """Who, what, from where, how much, and how it ended."""
    held = await hold(ina, student, 6500)
    payment = {"payment_intent_id": held["id"]}
    _, again = await ina.post("/hold-lesson-again", payment)
    newer = again["payment"]["id"]
    await ina.post("/complete-lesson-payment", {"payment_intent_id": newer, "amount": 5000})
    _, part = await ina.post("/refund-lesson", {"payment_intent_id": newer, "amount": 1000})
    _, rest = await ina.post("/refund-lesson", {"payment_intent_id": newer})
    await ina.post("/release-lesson", payment)
    usd = {"currency": "usd", **BY_INA, "customer": student}
    ok = {"result": "ok", "status": 200}
    assert [shown(each) for each in kept(guarded.stack, customer=student)[2:]] == [
        {"action": "hold", "payment": held["id"], "amount": 6500, **usd, **ok},
        {
            "action": "hold again",
            **{"payment": held["id"], "new_payment": newer, "amount": 6500},
            **usd,
            **ok,
        },
        {"action": "capture", "payment": newer, "amount": 5000, **usd, **ok},
        {"action": "refund", "payment": newer, "amount": 1000, "refund": part["refund"]} | usd | ok,
        {"action": "refund", "payment": newer, "amount": 4000, "refund": rest["refund"]} | usd | ok,
    ]
    (refused,) = kept(guarded.stack, action="release")
    assert shown(refused) == {
        **{"action": "release", **BY_INA, "payment": held["id"]},
        **{"result": "refused", "status": 400, "code": "payment_intent_unexpected_state"},
    }


async def test_a_declined_card(guarded: Shop, ina: Caller, stripe: Caller):
    """Refused with its code, and the payment that was made all the same."""
    unlucky = await sign_up(ina, stripe, card="pm_card_chargeCustomerFail")
    body = {"customer_id": unlucky["id"], "amount": 700, "description": "Guitar lesson"}
    status, answer = await ina.post("/schedule-lesson", body)
    (entry,) = kept(guarded.stack, action="hold", customer=unlucky["id"])
    assert (entry.result, entry.status, entry.code) == (Result.REFUSED, status, "card_declined")
    assert (entry.payment, entry.amount) == (answer["payment_intent_id"], 700)


async def test_a_repeated_answer_is_marked(guarded: Shop, ina: Caller, student: str):
    """Money moved once, and the trail tells which was which."""
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = {"customer_id": student, "amount": 900, "description": "Guitar lesson"}
    for _ in range(2):
        await ina.post("/schedule-lesson", body, headers=key)
    entries = kept(guarded.stack, action="hold", customer=student)
    assert [(each.repeated, each.amount, each.result) for each in entries] == [
        (False, 900, Result.OK),
        (True, 900, Result.OK),
    ]
    assert entries[0].payment == entries[1].payment
    other = {**body, "amount": 901}
    await ina.post("/schedule-lesson", other, headers=key)
    last = kept(guarded.stack, action="hold", customer=student)[-1]
    assert (last.result, last.code) == (Result.REFUSED, "idempotency_key_reused")


async def test_what_nobody_may_do(guarded: Shop):
    """Staff who were turned away are named; strangers are only turned away."""
    before = len(kept(guarded.stack))
    async with guarded.program("ada") as ada, guarded.visitor() as stranger:
        for caller in (ada, stranger):
            await caller.post("/refund-lesson", data={"payment_intent_id": "pi_1", "amount": 5})
        await ada.get("/lesson-book")
    (entry,) = kept(guarded.stack)[before:]
    assert shown(entry) == {
        **{"action": "refund", "who": "ada/tests", "via": "token", "client": "127.0.0.1"},
        **{"payment": "pi_1", "amount": 5, "currency": "usd"},
        **{"result": "refused", "code": "not_allowed", "status": 403},
    }


async def test_signing_in(guarded: Shop):
    """With the name that was tried, if it is an account's; never a password typed as a name."""
    before = len(kept(guarded.stack))
    async with guarded.visitor() as visitor:
        await sign_in(visitor, "my secret passphrase", "x" * 20)
        await sign_in(visitor, "Ina", "wrong password")
        await sign_in(visitor, "Ina")
        await visitor.post("/sign-out")
    entries = kept(guarded.stack)[before:]
    assert [(each.action, each.who, each.via, each.result, each.status) for each in entries] == [
        ("sign in", "", "nobody", Result.REFUSED, 401),
        ("sign in", "ina", "nobody", Result.REFUSED, 401),
        ("sign in", "ina", "nobody", Result.OK, 303),
        ("sign out", "ina", "session", Result.OK, 303),
    ]


async def test_strangers_who_are_told_to_slow_down_leave_nothing(guarded: Shop):
    """Otherwise they could fill the disk."""
    async with guarded.visitor() as visitor:
        statuses = []
        while 429 not in statuses:
            answer = await visitor.post("/account-link", json={"customer_id": "cus_flood"})
            statuses.append(answer.status)
            assert len(statuses) < 100
    entries = kept(guarded.stack, customer="cus_flood")
    assert [each.status for each in entries] == statuses[:-1]


async def test_strangers_who_try_nothing_leave_nothing(guarded: Shop):
    """What is not counted has no limit: half a sign-in, signing out of nothing, repeats."""
    fields = {"name": "A Stranger", "email": new_email(), "first_lesson": "01 Dec 3:00 p.m."}
    key = {"Idempotency-Key": uuid.uuid4().hex}
    before = len(kept(guarded.stack))
    async with guarded.visitor() as visitor:
        statuses = []
        for _ in range(2):  # the second time with the session of a sign-up
            for path, sent in (
                ("/sign-in", {"data": {"name": "ina"}}),
                ("/sign-out", {"allow_redirects": False}),
                ("/lessons", {"json": fields, "headers": key}),
            ):
                statuses.append((await visitor.post(path, **sent)).status)
    assert statuses == [400, 303, 200] * 2
    assert [(each.action, each.repeated) for each in kept(guarded.stack)[before:]] == [
        ("sign up", False)
    ]


async def test_a_student_is_an_id(guarded: Shop, stripe: Caller):
    """Whoever signs up and follows a link leaves neither name nor address in the trail."""
    email = new_email()
    async with guarded.visitor() as visitor:
        caller = Caller(visitor)
        started = await start_signup(caller, email)
        student = started["customer_id"]
        setup_intent = await confirm_card(stripe, started["client_secret"])
        await caller.post(f"/update-payment-details/{student}", {"setup_intent_id": setup_intent})
        links = StudentLinks(guarded.stack.settings.domain, guarded.staff.key)
        await visitor.get(links.account(student))
        await caller.post(f"/account-update/{student}", {"name": "Somebody New"})
    entries = kept(guarded.stack, customer=student)
    assert [(each.action, each.who, each.via, each.result) for each in entries] == [
        ("sign up", "", "nobody", Result.OK),
        ("save card", student, "link", Result.OK),
        ("change details", student, "link", Result.OK),
    ]
    text = repr(kept(guarded.stack))
    assert [word for word in (email, "Jenny", "Somebody") if word in text] == []


async def test_reports_and_their_files(guarded: Shop):
    """Asked for, downloaded, deleted; looking whether there is a newer one hands nothing out."""
    async with guarded.program("ada") as session:
        ada = Caller(session)
        report = await ready(ada, kind="students")
        for method in ("HEAD", "GET"):
            await ada.raw(method, report["files"][0]["url"])
        await ada.raw("DELETE", f"/reports/{report['id']}")
        await ada.raw("GET", report["files"][0]["url"])
    entries = kept(guarded.stack, report=report["id"])
    assert [(each.action, each.detail, each.status, each.code) for each in entries] == [
        ("ask for report", "students", 202, ""),
        ("download", "csv", 200, ""),
        ("delete report", "", 204, ""),
        ("download", "csv", 404, "no_such_report"),
    ]


async def test_who_looked_at_many_students(guarded: Shop):
    """As if they had downloaded them: whose payments failed, and the letters to them.

    How far the letters are names nobody.
    """
    before = len(kept(guarded.stack))
    async with guarded.program("ada") as session, guarded.program("ina") as ina:
        report = await ready(Caller(session), kind="failed-payments")
        letters = f"/reports/{report['id']}/letters"
        for path in ("/find-customers-with-failed-payments", letters):
            assert (await session.get(path)).status == 200
            assert (await session.head(path)).status == 200
            assert (await ina.get(path)).status == 403
        assert (await session.get(f"{letters}/progress")).status == 200
    ada = {"who": "ada/tests", "via": "token", "client": "127.0.0.1"}
    ok, refused = (
        {"result": "ok", "status": 200},
        {"result": "refused", "status": 403, "code": "not_allowed"},
    )
    assert [shown(each) for each in kept(guarded.stack)[before + 1 :]] == [
        {"action": "see failed payments", **ada, **ok},
        {"action": "see failed payments", **BY_INA, **refused},
        {"action": "read letters", **ada, "report": report["id"], **ok},
        {"action": "read letters", **BY_INA, "report": report["id"], **refused},
    ]
    assert "an answer cannot be read for the audit trail" not in guarded.stack.log("web")


async def test_only_ids_get_in(guarded: Shop, ina: Caller):
    """Whatever is sent where an id belongs."""
    before = len(kept(guarded.stack))
    for wrong in ("Jenny Rosen", "jenny@example.com", "cus_1 jenny@example.com", "x" * 300):
        await ina.post("/schedule-lesson", {"customer_id": wrong, "amount": "a lot"})
    entries = kept(guarded.stack)[before:]
    assert [(each.customer, each.amount, each.status) for each in entries] == [("", None, 400)] * 4


async def until_begun(shop: Shop, student: str) -> Entry:
    """The hold of the student, once it has begun."""
    deadline = time.monotonic() + 20
    while not (found := kept(shop.stack, action="hold", customer=student)):
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)
    return found[0]


async def test_a_killed_process_leaves_an_unknown_end(
    guarded: Shop, ina: Caller, stripe: Caller, student: str
):
    """Its hold is at Stripe, or not; the trail says that nobody knows, and goes on."""
    await stripe.post("/_sandbox/latency", SLOW)
    body = {"customer_id": student, "amount": 4200, "description": "Guitar lesson"}
    asking = asyncio.create_task(ina.post("/schedule-lesson", body))
    begun = await until_begun(guarded, student)
    guarded.stack.kill("web")
    with pytest.raises(aiohttp.ClientError):
        await asking
    guarded.stack.start("web")
    (entry,) = kept(guarded.stack, action="hold", customer=student)
    assert entry == begun
    assert shown(entry) == {
        **{"action": "hold", **BY_INA, "customer": student, "amount": 4200, "currency": "usd"},
    }


async def test_an_action_that_fails_on_our_side_has_an_unknown_end(
    guarded: Shop, ina: Caller, stripe: Caller, student: str
):
    """Stripe may have done it, though it did not say so."""
    rules = [{"method": "POST", "path": "/v1/payment_intents", "kind": "500"}]
    await stripe.post("/_sandbox/faults", {"rules": rules})
    body = {"customer_id": student, "amount": 800, "description": "Guitar lesson"}
    status, answer = await ina.post("/schedule-lesson", body)
    await stripe.post("/_sandbox/faults", {"rules": []})
    (entry,) = kept(guarded.stack, action="hold", customer=student)
    assert status >= 500, answer
    assert (entry.result, entry.status, entry.code) == (
        Result.UNKNOWN,
        status,
        answer["error"]["code"],
    )


async def test_a_flushed_redis_takes_nothing_with_it(guarded: Shop, ina: Caller, student: str):
    """The trail is not in there."""
    before = kept(guarded.stack, customer=student)
    async with Redis.from_url(guarded.stack.settings.redis_url) as redis:
        await redis.flushall()
    assert kept(guarded.stack, customer=student) == before
    await hold(ina, student, 100)
    assert len(kept(guarded.stack, customer=student)) == len(before) + 1


async def test_two_web_processes_write_one_trail(guarded: Shop, ina: Caller, student: str):
    """Each in files of its own, which the result store has soon after the first has stopped."""
    before = len(kept(guarded.stack, customer=student))
    headers = {"Authorization": f"Bearer {guarded.tokens['ina']}"}
    with guarded.stack.second_web() as other:
        async with aiohttp.ClientSession(other.url, headers=headers) as session:
            await hold(Caller(session), student, 100)
        await hold(ina, student, 200)
    entries = kept(guarded.stack, customer=student)[before:]
    assert [each.amount for each in entries] == [100, 200]
    shipped = (guarded.stack.settings.var_dir / "results" / "audit").rglob("*.jsonl")
    assert any(entries[0].id in file.read_text() for file in shipped)
