"""Students, on a shop with staff accounts: their links, and their sign-ups."""

import json
import time
from http import HTTPStatus

import aiohttp

from shop.mail.postbox import mail_folder
from shop.student_links import LINK_LASTS, Opened, StudentLinks
from tests.integration.access.conftest import Shop
from tests.integration.conftest import Caller
from tests.integration.copies import wait_until
from tests.integration.students import sign_up


async def test_a_link_opens_one_students_page_and_goes_out_of_the_address(
    guarded: Shop, student: str
):
    """The signature is in no history; another student's page stays closed."""
    links = StudentLinks(guarded.stack.settings.domain, guarded.staff.key)
    async with guarded.visitor() as visitor:
        followed = await visitor.get(links.account(student), allow_redirects=False)
        assert (followed.status, followed.headers["Location"]) == (
            303,
            f"/account-update/{student}",
        )
        assert (await visitor.get(f"/account-update/{student}")).status == HTTPStatus.OK
        assert (await visitor.get(f"/payment-method/{student}")).status == HTTPStatus.OK
        assert (await visitor.get(f"/timeline/{student}")).status == HTTPStatus.OK
        assert (await visitor.get("/payment-method/cus_other")).status == HTTPStatus.FORBIDDEN
        by_body = await visitor.post("/account-update", data={"customer_id": "cus_other"})
        assert by_body.status == HTTPStatus.FORBIDDEN
        assert (await visitor.get("/lesson-book")).status == HTTPStatus.UNAUTHORIZED


async def test_a_link_for_somebody_else_or_forged_opens_nothing(guarded: Shop, student: str):
    """A signature is good for its own page only, and from our key only."""
    mine = StudentLinks(guarded.stack.settings.domain, guarded.staff.key)
    forged = StudentLinks(guarded.stack.settings.domain, "another key")
    signature = mine.account("cus_other").partition("link=")[2]
    for address in (forged.account(student), f"/account-update/{student}?link={signature}"):
        async with guarded.visitor() as visitor:
            page = await visitor.get(address)
            assert (page.status, str(page.url.path)) == (403, f"/account-update/{student}")
            assert "Send me a link" in await page.text()


async def test_a_link_is_followed_on_pages_only(guarded: Shop, student: str):
    """A program that puts it on a route gets that route's answer, not a page."""
    signed = StudentLinks(guarded.stack.settings.domain, guarded.staff.key).account(student)
    async with guarded.visitor() as visitor:
        answer = await visitor.post(signed, data={}, allow_redirects=False)
        assert (answer.status, answer.content_type) == (403, "application/json")


async def test_links_on_a_students_pages_end_with_the_one_that_let_them_in(guarded: Shop):
    """They would renew each other otherwise; those that staff are told last their full time."""
    stack, key, began = guarded.stack, guarded.staff.key, int(time.time())
    soon = began + 3600
    stripe_key = {"Authorization": f"Bearer {stack.settings.secret_key}"}
    async with (
        guarded.program("ina") as ina,
        aiohttp.ClientSession(stack.sandbox_url, headers=stripe_key) as stripe,
        guarded.visitor() as visitor,
    ):
        card = "pm_card_authenticationRequired"
        student = (await sign_up(Caller(ina), Caller(stripe), card=card))["id"]
        lesson = {"customer_id": student, "amount": 6500, "description": "Guitar lesson"}
        _, declined = await Caller(ina).post("/schedule-lesson", lesson)
        payment = declined["payment_intent_id"]
        await visitor.get(StudentLinks(stack.url, key, ends=soon).confirmation(payment))
        _, told = await Caller(visitor).get(f"/payment-confirmation/{payment}")
        assert (await visitor.get(told["account_url"])).status == HTTPStatus.OK
        _, history = await Caller(visitor).get(f"/timeline/{student}")
    opened = [
        StudentLinks("", key).opens(link.partition("?link=")[2])
        for link in (
            told["account_url"],
            history["payments"][0]["confirmation_url"],
            declined["confirmation_url"],
        )
    ]
    assert opened[:2] == [Opened(student, soon), Opened(payment, soon)]
    assert opened[2] is not None
    assert opened[2].ends >= began + LINK_LASTS


async def test_a_link_is_mailed_to_the_student_and_to_nobody_else(guarded: Shop, student: str):
    """Whoever asks learns nothing; the letter's link opens the page."""
    async with guarded.visitor() as visitor:
        answers = [
            await visitor.post("/account-link", json={"customer_id": customer_id})
            for customer_id in (student, "cus_nobody")
        ]
        assert [(a.status, await a.json()) for a in answers] == [(202, {"sent": True})] * 2
        folder = mail_folder(guarded.stack.settings)
        wait_until(lambda: any(k.name.startswith("account-link") for k in folder.newest(50)))
        letters = [k for k in folder.newest(50) if "account page" in str(k.message["Subject"])]
        assert len(letters) == 1
        text = str(letters[0].message.get_body(("plain",)).get_content())
        link = next(word for word in text.split() if "?link=" in word)
        page = await visitor.get(link)
        assert (page.status, page.url.path) == (200, f"/account-update/{student}")


async def test_a_sign_up_may_enter_its_card_and_see_no_account(guarded: Shop):
    """Also where its first answer was lost and is repeated."""
    async with guarded.visitor() as visitor, guarded.visitor() as again:
        fields = {"name": "New Student", "email": "new@lessons.example", "first_lesson": "01 Dec"}
        keyed = {"Idempotency-Key": "sign-up-of-new"}
        started = await (await visitor.post("/lessons", json=fields, headers=keyed)).json()
        repeated = await again.post("/lessons", json=fields, headers=keyed)
        assert (await repeated.json(), repeated.headers["Idempotent-Replayed"]) == (started, "true")
        for session in (visitor, again):
            await may_enter_card(session, started)
    async with guarded.visitor() as stranger:
        path = f"/update-payment-details/{started['customer_id']}"
        refused = await stranger.post(path, json={"setup_intent_id": "seti_x"})
        assert refused.status == HTTPStatus.FORBIDDEN


async def may_enter_card(session: aiohttp.ClientSession, started: dict[str, str]) -> None:
    path = f"/update-payment-details/{started['customer_id']}"
    answer = await session.post(path, json={"setup_intent_id": "seti_unknown"})
    assert json.loads(await answer.text())["error"]["code"] == "resource_missing"
    account = await session.get(f"/payment-method/{started['customer_id']}")
    assert account.status == HTTPStatus.FORBIDDEN
