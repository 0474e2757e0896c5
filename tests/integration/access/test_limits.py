"""How often somebody may try, on a shop with staff accounts behind a proxy that it trusts.

The proxy is the test, so each test comes from addresses of its own.
"""

import asyncio
import itertools
from collections.abc import Iterator
from http import HTTPStatus

import aiohttp
import pytest

from shop.storage import open_storage
from shop.student_links import StudentLinks
from tests.integration.access.conftest import PASSWORD, Shop, sign_in
from tests.integration.conftest import read_whole
from tests.stack import Stack

LIMITS = {
    "TRUSTED_PROXIES": "127.0.0.1",
    "LIMIT_SIGN_UPS": "3 per hour",
    "LIMIT_CARD_ENTRIES": "2 per hour",
    "LIMIT_ACCOUNT_LINKS": "2 per hour",
    "LIMIT_SIGN_INS": "2 per hour",
}

numbers = itertools.count(1)
networks = itertools.count(1)


@pytest.fixture(scope="module")
def limited(guarded: Shop) -> Iterator[Stack]:
    """A web process of the guarded shop with small limits."""
    with guarded.stack.second_web(**LIMITS) as web:
        yield web


@pytest.fixture
def address() -> str:
    """In a network of its own, so that further digits make further addresses there."""
    return f"198.51.{next(networks)}.1"


def caller(web: Stack, address: str, **headers: str) -> aiohttp.ClientSession:
    """Somebody at that address, as the proxy passes them on."""
    return aiohttp.ClientSession(
        web.url,
        headers={"X-Forwarded-For": address, **headers},
        cookie_jar=aiohttp.CookieJar(unsafe=True),
        middlewares=(read_whole,),
    )


def student(email: str = "") -> dict[str, str]:
    email = email or f"limited-{next(numbers)}@lessons.example"
    return {"name": "Limited Student", "email": email, "first_lesson": "01 Dec 3:00 p.m."}


async def sign_up(session: aiohttp.ClientSession, email: str = "", **headers: str) -> int:
    async with session.post("/lessons", json=student(email), headers=headers) as answer:
        return answer.status


async def test_one_address_signs_up_so_often_and_others_go_on(limited: Stack, address: str):
    """The answer says when to come back, for people and for programs."""
    async with caller(limited, address) as tester, caller(limited, f"{address}0") as other:
        assert [await sign_up(tester) for _ in range(3)] == [200] * 3
        refused = await tester.post("/lessons", json=student())
        assert await refused.json() == {
            "error": {
                "code": "too_many_requests",
                "message": "That was tried too often. Please come back in 60 minutes.",
            }
        }
        assert refused.status == HTTPStatus.TOO_MANY_REQUESTS
        assert 3500 <= int(refused.headers["Retry-After"]) <= 3600
        assert await sign_up(other) == HTTPStatus.OK
    assert "the limit of sign-ups by address is reached: 3 per 1 hour" in limited.log("web")
    assert address not in limited.log("web")


async def test_what_is_refused_is_counted_for_whoever_watches(
    guarded: Shop, limited: Stack, address: str
):
    """By what was tried and by whom it was counted; the name of nobody."""
    async with caller(limited, address) as guesser, guarded.program("probe") as probe:
        for _ in range(3):
            await sign_in(guesser, f"nobody-{next(numbers)}", "wrong password")
        sample = 'ipsum_tries_refused_total{by="address",tried="sign-ins"}'
        async with asyncio.timeout(20):
            while sample not in await (await probe.get("/metrics")).text():  # noqa: ASYNC110
                await asyncio.sleep(0.05)


async def test_a_made_up_address_is_no_way_around(limited: Stack, address: str):
    """What stands left of the address that the proxy saw was written by the caller."""
    statuses = []
    for made_up in range(4):
        async with caller(limited, f"192.0.2.{made_up}, {address}") as tester:
            statuses.append(await sign_up(tester))
    assert statuses == [200, 200, 200, 429]


async def test_many_at_once_through_two_processes_are_no_way_around(
    guarded: Shop, limited: Stack, address: str
):
    """Exactly as many pass as may."""
    with guarded.stack.second_web(**LIMITS) as second:
        async with caller(limited, address) as one, caller(second, address) as two:
            statuses = await asyncio.gather(*(sign_up(s) for s in (one, two) for _ in range(6)))
    assert sorted(statuses) == [200] * 3 + [429] * 9


async def test_one_email_is_signed_up_so_often_from_wherever(limited: Stack, address: str):
    """In any letter case."""
    email = f"often-{next(numbers)}@lessons.example"
    statuses = []
    for number, spelled in enumerate((email, email.upper(), email.title(), email)):
        async with caller(limited, f"{address}{number}") as tester:
            statuses.append(await sign_up(tester, spelled))
    assert statuses == [200, 200, 200, 429]


async def test_the_whole_shop_has_a_limit_ten_times_as_large(guarded: Shop):
    """Card testers come from many addresses with many e-mails."""
    with guarded.stack.second_web(**{**LIMITS, "LIMIT_SIGN_UPS": "1 per minute"}) as web:
        statuses = []
        for number in range(11):
            async with caller(web, f"203.0.113.{number}") as tester:
                statuses.append(await sign_up(tester))
    assert statuses == [200] * 10 + [429]


async def test_a_repeated_request_counts_once(limited: Stack, address: str):
    """Whoever repeats it gets the first answer and has made no new try."""
    async with caller(limited, address) as tester:
        email = f"repeated-{next(numbers)}@lessons.example"
        repeated = [
            await sign_up(
                tester, email, **{"Idempotency-Key": f"limited {address}".replace(" ", "-")}
            )
            for _ in range(5)
        ]
        assert repeated == [200] * 5
        assert [await sign_up(tester) for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("body", ["{", "[]", '{"email": 5}', '{"email": "%s"}' % ("x" * 300)])
async def test_what_cannot_be_read_counts_too(limited: Stack, address: str, body: str):
    """Its answer is kept for a day under its key: without a limit they could fill Redis."""
    statuses = []
    async with caller(limited, address, **{"Content-Type": "application/json"}) as tester:
        for number in range(4):
            key = {"Idempotency-Key": f"unreadable-{address}-{len(body)}-{number}"}
            statuses.append((await tester.post("/lessons", data=body, headers=key)).status)
    assert statuses == [400, 400, 400, 429]


async def test_a_refused_try_may_be_made_later_under_its_key(limited: Stack, address: str):
    """The refusal is not the answer to keep."""
    key = {"Idempotency-Key": f"refused-{address}"}
    email = f"later-{next(numbers)}@lessons.example"
    async with caller(limited, address) as tester, caller(limited, f"{address}1") as elsewhere:
        assert [await sign_up(tester) for _ in range(3)] == [200] * 3
        assert await sign_up(tester, email, **key) == HTTPStatus.TOO_MANY_REQUESTS
        assert await sign_up(elsewhere, email, **key) == HTTPStatus.OK


async def test_cards_of_one_student_are_entered_so_often(
    guarded: Shop, limited: Stack, address: str
):
    """By the student's link, from several addresses; staff are not counted."""
    async with guarded.program("ina") as ina:
        started = await (await ina.post("/lessons", json=student())).json()
    path = f"/account-update/{started['customer_id']}"
    link = StudentLinks("", guarded.staff.key).account(started["customer_id"])
    statuses = []
    for number in range(3):
        async with caller(limited, f"{address}{number}") as visitor:
            await visitor.get(link)
            statuses.append((await visitor.post(path, json={})).status)
    assert statuses == [200, 200, 429]
    token = f"Bearer {guarded.tokens['ina']}"
    async with caller(limited, address, Authorization=token) as ina:
        assert [(await ina.post(path, json={})).status for _ in range(5)] == [200] * 5


async def test_links_by_mail_are_asked_for_so_often(limited: Stack, address: str):
    """Nobody fills a student's letter box, from one address or from several."""
    async with caller(limited, address) as tester:
        asked = [
            (await tester.post("/account-link", json={"customer_id": f"cus_{number}"})).status
            for number in range(3)
        ]
    assert asked == [202, 202, 429]
    statuses = []
    for number in range(3):
        async with caller(limited, f"{address}{number}") as tester:
            answer = await tester.post("/account-link", json={"customer_id": "cus_filled"})
            statuses.append(answer.status)
    assert statuses == [202, 202, 429]


async def test_a_password_is_guessed_so_often_and_then_not_even_the_right_one_counts(
    limited: Stack, address: str
):
    """The form says when to come back; a sign-in that succeeds begins anew."""
    async with caller(limited, address) as guesser:
        first = [(await sign_in(guesser, "ada", "wrong password")).status]
        first += [(await sign_in(guesser, "ada")).status]
        assert first == [401, 303]
        wrong = [(await sign_in(guesser, "ada", "wrong password")).status for _ in range(2)]
        assert wrong == [401, 401]
        refused = await sign_in(guesser, "ada", PASSWORD)
        page = await refused.text()
        assert (refused.status, refused.content_type) == (429, "text/html")
        assert "That was tried too often. Please come back in 60 minutes." in page
        assert 3500 <= int(refused.headers["Retry-After"]) <= 3600
        assert "Set-Cookie" not in refused.headers


async def test_one_account_is_guessed_from_many_addresses_so_often(limited: Stack):
    """Five times as often as from one address, so that one caller alone locks nobody out."""
    statuses = []
    for number in range(6):
        async with caller(limited, f"2001:db8:0:{number}::1") as guesser:
            wrong = [(await sign_in(guesser, "olga", "wrong password")).status for _ in range(2)]
            statuses += wrong
    assert statuses == [401] * 10 + [429] * 2


async def test_somebody_signed_in_guesses_no_more_often_than_others(guarded: Shop, limited: Stack):
    """A token does not help either."""
    token = f"Bearer {guarded.tokens['ina']}"
    async with caller(limited, "192.0.2.200", Authorization=token) as ina:
        statuses = [(await sign_in(ina, "ada", "wrong password")).status for _ in range(3)]
    assert statuses == [401, 401, 429]


async def test_redis_holds_counts_and_nobodys_address(guarded: Shop, limited: Stack, address: str):
    """Neither an address nor an e-mail can be read out of it."""
    email = f"counted-{next(numbers)}@lessons.example"
    async with caller(limited, address) as tester:
        assert await sign_up(tester, email) == HTTPStatus.OK
    async with open_storage(guarded.stack.settings) as storage:
        keys = [key async for key in storage.redis.scan_iter(storage.key("tries", "*"))]
        assert keys
        assert not any(address in key or email in key for key in keys)
        assert all([await storage.redis.ttl(key) > 0 for key in keys])


async def test_as_long_as_everything_is_open_nobody_here_is_counted(stack: Stack):
    """So that tests and whoever tries the shop out may sign up as often as they like."""
    with stack.second_web(LIMIT_SIGN_UPS="1 per hour") as web:
        async with aiohttp.ClientSession(web.url) as tester:
            assert [await sign_up(tester) for _ in range(3)] == [200] * 3
