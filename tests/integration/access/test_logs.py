"""Logs name things by id: no person, no card, no key, whatever goes right or wrong."""

import re
from collections.abc import AsyncIterator

import aiohttp
import pytest

from shop.mail.postbox import mail_folder
from shop.storage import open_storage
from tests.integration.access.conftest import PASSWORD, Shop, sign_in
from tests.integration.conftest import Caller
from tests.integration.copies import wait_until
from tests.integration.students import confirm_card, new_email

NAME = "Zenobia Quillfeather"
LAST4 = "0005"  # of pm_card_amex
GUESS = "not-her-password"


@pytest.fixture
def email() -> str:
    return new_email()


@pytest.fixture
async def stripe(guarded: Shop) -> AsyncIterator[Caller]:
    """The local Stripe, spoken to with the secret key."""
    headers = {"Authorization": f"Bearer {guarded.stack.settings.secret_key}"}
    async with aiohttp.ClientSession(guarded.stack.sandbox_url, headers=headers) as session:
        yield Caller(session)


async def test_the_main_flows_log_ids_only(guarded: Shop, stripe: Caller, email: str):
    """Signing up and in, payments, refusals, bad input, a link, a report, and our own mistake."""
    secrets: list[str] = []
    async with guarded.visitor() as visitor, guarded.program("olga") as olga:
        student = await signs_up(visitor, stripe, email, secrets)
        await pays(olga, student)
        await is_refused(olga, visitor, stripe, secrets)
        await types_nonsense(visitor, olga, email)
        await follows_a_link(guarded, visitor, email, secrets)
        await wants_a_report(olga)
        await meets_a_mistake_of_ours(guarded, olga, student, email)
        secrets += [cookie.value for cookie in visitor.cookie_jar]
    secrets += guarded.tokens.values()
    settings = guarded.stack.settings
    secrets += [settings.secret_key, *settings.webhook_secrets, PASSWORD, GUESS, guarded.staff.key]

    logs = guarded.stack.log("web") + guarded.stack.log("worker")
    assert "ValidationError" in logs  # the mistake of ours, with its traceback
    assert student in logs
    person = re.compile(rf"Zenobia|Quillfeather|{re.escape(email)}|\b{LAST4}\b", re.IGNORECASE)
    assert [line for line in logs.splitlines() if person.search(line)] == []
    assert [line for line in logs.splitlines() if any(secret in line for secret in secrets)] == []


async def signs_up(
    visitor: aiohttp.ClientSession, stripe: Caller, email: str, secrets: list[str], card: str = ""
) -> str:
    """The id of a student whose card was saved."""
    body = {"name": NAME, "email": email, "first_lesson": "01 Dec 3:00 p.m."}
    started = await (await visitor.post("/lessons", json=body)).json()
    secrets.append(started["client_secret"])
    setup_intent = await confirm_card(stripe, started["client_secret"], card or "pm_card_amex")
    path = f"/update-payment-details/{started['customer_id']}"
    saved = await visitor.post(path, json={"setup_intent_id": setup_intent})
    assert saved.status == 200
    return str(started["customer_id"])


async def pays(olga: aiohttp.ClientSession, student: str) -> None:
    """Held, captured, refunded; and more than there is."""
    body = {"customer_id": student, "amount": 6500, "description": f"Lesson of {NAME}"}
    held = (await (await olga.post("/schedule-lesson", json=body)).json())["payment"]["id"]
    wanted = {"payment_intent_id": held}
    assert (await olga.post("/complete-lesson-payment", json=wanted)).status == 200
    assert (await olga.post("/refund-lesson", json={**wanted, "amount": 1000})).status == 200
    assert (await olga.post("/refund-lesson", json={**wanted, "amount": 99_999})).status == 400


async def is_refused(
    olga: aiohttp.ClientSession, visitor: aiohttp.ClientSession, stripe: Caller, secrets: list[str]
) -> None:
    """A card that is saved and then declined."""
    student = await signs_up(visitor, stripe, new_email(), secrets, "pm_card_chargeCustomerFail")
    body = {"customer_id": student, "amount": 6500, "description": f"Lesson of {NAME}"}
    assert (await olga.post("/schedule-lesson", json=body)).status == 402


async def types_nonsense(
    visitor: aiohttp.ClientSession, olga: aiohttp.ClientSession, email: str
) -> None:
    """What people type into the wrong field, and what scripts send."""
    assert (await sign_in(visitor, email, GUESS)).status == 401
    broken = {"name": NAME, "email": f"{email}@", "first_lesson": "x"}
    assert (await visitor.post("/lessons", json=broken)).status == 400
    assert (await visitor.post("/lessons", data=f'{{"name": "{NAME}"')).status in (400, 415)
    assert (await visitor.get(f"/no/such/{email}")).status == 404
    assert (await olga.get(f"/lesson-book/students?q={NAME.split()[0]}")).status == 200
    unsigned = await visitor.post(
        "/webhook", json={"data": email}, headers={"Stripe-Signature": "x"}
    )
    assert unsigned.status == 400
    exists = {"name": NAME, "email": email.upper(), "first_lesson": "x"}
    assert (await visitor.post("/lessons", json=exists)).status == 409


async def follows_a_link(
    guarded: Shop, visitor: aiohttp.ClientSession, email: str, secrets: list[str]
) -> None:
    """The one in the welcome letter, and a broken copy of it."""
    folder = mail_folder(guarded.stack.settings)

    def welcome() -> list[str]:
        letters = [kept.message for kept in folder.newest(100) if email in str(kept.message["To"])]
        text = "".join(str(m.get_body(("plain",)).get_content()) for m in letters)
        return [word for word in text.split() if "?link=" in word]

    wait_until(lambda: bool(welcome()))
    link = welcome()[0]
    secrets.append(link.partition("?link=")[2])
    assert (await visitor.get(link)).status == 200
    assert (await visitor.get(link[:-3])).status == 200  # the session knows the student by now
    async with guarded.visitor() as stranger:
        assert (await stranger.get(link[:-3])).status == 403


async def wants_a_report(olga: aiohttp.ClientSession) -> None:
    """Of failed payments, which names people."""
    assert (await olga.get("/find-customers-with-failed-payments")).status == 200


async def meets_a_mistake_of_ours(
    guarded: Shop, olga: aiohttp.ClientSession, student: str, email: str
) -> None:
    """An entry of the lesson book that cannot be read."""
    async with open_storage(guarded.stack.settings) as storage:
        book = storage.key("lesson-book", "students")
        kept = await storage.redis.hget(book, student)
        await storage.redis.hset(
            book, student, f'{{"id": 7, "name": "{NAME}", "email": "{email}"}}'
        )
        answer = await olga.get("/lesson-book/students", params={"q": student})
        await storage.redis.hset(book, student, kept)
    assert (answer.status, (await answer.json())["error"]["code"]) == (500, "internal_error")
