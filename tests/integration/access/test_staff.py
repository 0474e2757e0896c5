"""Who of the staff may do what, on a shop with accounts."""

import asyncio
import json
from http import HTTPStatus

import pytest
from cryptography.fernet import Fernet
from msgspec.structs import replace
from yarl import URL

from server.access.actor import Actor, Via
from server.access.rules import Access, may
from server.access.sessions import COOKIE, SESSION_LASTS
from server.routes import ROUTES, Route
from shop.staff import passwords, staff_file
from shop.staff.accounts import Staff
from tests.integration.access.conftest import PASSWORD, ROLES, Shop, sign_in

PAGES = [route for route in ROUTES if route.is_page and "{" not in route.path]
STAFF_ACCESS = (Access.INSTRUCTOR, Access.ACCOUNTANT, Access.OWNER, Access.STAFF)


def filled(path: str) -> str:
    """The path with ids that nobody has."""
    return path.format_map(dict.fromkeys(ROUTE_PARTS, "xx_unknown"))


ROUTE_PARTS = ("customer_id", "payment_intent_id", "report_id", "format", "name", "job_id")


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
async def test_a_stranger_gets_nothing_but_what_is_for_everyone(guarded: Shop, route: Route):
    """Every other route turns them away before it looks at anything."""
    async with guarded.visitor() as stranger:
        answer = await stranger.request(route.method, filled(route.path), allow_redirects=False)
    if route.access is Access.EVERYONE:
        assert answer.status not in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN) or (
            route.path == "/sign-in"
        )
    elif route.access in STAFF_ACCESS and route.is_page:
        assert answer.status == HTTPStatus.SEE_OTHER
        assert answer.headers["Location"].startswith("/sign-in?next=%2F")
    elif route.access in STAFF_ACCESS:
        assert (answer.status, (await answer.json())["error"]["code"]) == (401, "sign_in_needed")
    elif route.is_page:
        assert (answer.status, answer.content_type) == (403, "text/html")
    else:
        assert (answer.status, (await answer.json())["error"]["code"]) == (403, "link_needed")


@pytest.mark.parametrize("name", ROLES)
async def test_a_role_opens_its_routes_and_no_others(guarded: Shop, name: str):
    """By token, on every route; what happens behind the gate is of no matter here."""
    actor = Actor(name=name, via=Via.TOKEN, roles=ROLES[name])
    turned_away = []
    async with guarded.program(name) as program:
        for route in (each for each in ROUTES if not each.is_stream):
            answer = await program.request(route.method, filled(route.path), allow_redirects=False)
            if answer.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
                turned_away.append(f"{route.method} {route.path}")
    may_not = [route for route in ROUTES if not may(actor, route.access, None)]
    assert turned_away == [f"{r.method} {r.path}" for r in may_not if not r.is_stream]


async def test_signing_in_leads_to_where_one_wanted_to_go(guarded: Shop):
    """The page then knows who is there; nothing of it may be kept by a browser."""
    async with guarded.visitor() as ina:
        turned = await ina.get("/instructor?view=today", allow_redirects=False)
        assert turned.headers["Location"] == "/sign-in?next=%2Finstructor%3Fview%3Dtoday"
        entered = await sign_in(ina, "Ina", next="/instructor?view=today")
        assert (entered.status, entered.headers["Location"]) == (303, "/instructor?view=today")
        page = await ina.get("/instructor")
        assert page.status == HTTPStatus.OK
        assert "Signed in as <b>ina</b>" in await page.text()
        assert page.headers["Cache-Control"] == "no-store"
        assert (await ina.get("/lesson-book")).status == HTTPStatus.OK
        refused = await ina.get("/reports")
        assert (refused.status, (await refused.json())["error"]["code"]) == (403, "not_allowed")


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "x", "//[", "http://["]
)
async def test_signing_in_never_leads_elsewhere(guarded: Shop, to: str):
    """A link could otherwise send people on to a copy of this page."""
    async with guarded.visitor() as ina:
        entered = await sign_in(ina, "ina", next=to)
        assert (entered.status, entered.headers["Location"]) == (303, "/instructor")


@pytest.mark.parametrize(
    ("name", "password"), [("ina", "wrong password"), ("nobody", PASSWORD), ("ina", "x" * 300)]
)
async def test_a_wrong_password_and_an_unknown_name_are_told_alike(
    guarded: Shop, name: str, password: str
):
    """The form comes again with what was typed, but for the password."""
    async with guarded.visitor() as visitor:
        answer = await sign_in(visitor, name, password)
        text = await answer.text()
        assert answer.status in (400, 401)
        assert password not in text
        assert visitor.cookie_jar.filter_cookies(URL(guarded.stack.url)) == {}


async def test_a_password_may_begin_and_end_with_blanks(guarded: Shop, staff: Staff):
    """As `script/staff` took it; without them it is another one."""
    spaced = f" {PASSWORD} "
    ina = replace(staff.accounts["ina"], password=passwords.hashed(spaced))
    path = guarded.stack.settings.staff_file
    staff_file.write(path, replace(staff, accounts={**staff.accounts, "ina": ina}))
    async with guarded.visitor() as visitor:
        assert (await sign_in(visitor, "ina")).status == HTTPStatus.UNAUTHORIZED
        assert (await sign_in(visitor, "ina", spaced)).status == HTTPStatus.SEE_OTHER


async def test_a_password_is_looked_at_each_time(guarded: Shop):
    """Also where a program repeats the request under one Idempotency-Key."""
    async with guarded.visitor(**{"Idempotency-Key": "sign-in-of-ina"}) as visitor:
        wrong = [await sign_in(visitor, "ina", "wrong password") for _ in range(2)]
        assert [(each.status, each.content_type) for each in wrong] == [(401, "text/html")] * 2
        assert (await sign_in(visitor, "ina")).status == HTTPStatus.SEE_OTHER


async def test_a_cookie_is_hidden_from_scripts_and_other_sites(guarded: Shop):
    """`HttpOnly`, `SameSite`; `Secure` comes with an https DOMAIN."""
    async with guarded.visitor() as ina:
        answer = await sign_in(ina, "ina")
        cookie = answer.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert '"account"' not in cookie  # it is encrypted


async def test_signing_out_ends_copies_of_the_cookie_too(guarded: Shop):
    """Whoever copied it before is turned away from then on."""
    async with guarded.visitor() as ina, guarded.visitor() as thief:
        await sign_in(ina, "ina")
        thief.cookie_jar.update_cookies(ina.cookie_jar.filter_cookies(URL(guarded.stack.url)))
        assert (await thief.get("/lesson-book")).status == HTTPStatus.OK
        left = await ina.post("/sign-out", allow_redirects=False)
        assert (left.status, left.headers["Location"]) == (303, "/sign-in")
        assert (await ina.get("/lesson-book")).status == HTTPStatus.UNAUTHORIZED
        assert (await thief.get("/lesson-book")).status == HTTPStatus.UNAUTHORIZED


def older(cookie: str, key: str, seconds: int) -> str:
    """The cookie as it would be, had the sign-in been so long ago and a link followed just now."""
    fernet = Fernet(key)
    kept = json.loads(fernet.decrypt(cookie))
    kept["session"]["since"] -= seconds
    return fernet.encrypt(json.dumps(kept).encode()).decode()


@pytest.mark.parametrize(("seconds", "status"), [(SESSION_LASTS - 60, 200), (SESSION_LASTS, 401)])
async def test_a_session_ends_however_often_its_cookie_is_made_anew(
    guarded: Shop, staff: Staff, seconds: int, status: int
):
    """Whoever copied one could otherwise follow links with it until a sign-out is forgotten."""
    long_ago = replace(staff.accounts["ina"], sessions_from=0)
    accounts = {**staff.accounts, "ina": long_ago}
    staff_file.write(guarded.stack.settings.staff_file, replace(staff, accounts=accounts))
    async with guarded.visitor() as ina:
        signed_in = (await sign_in(ina, "ina")).cookies[COOKIE].value
        ina.cookie_jar.clear()
        cookies = {COOKIE: older(signed_in, staff.key, seconds)}
        assert (await ina.get("/lesson-book", cookies=cookies)).status == status


async def test_a_new_key_ends_every_session_and_no_token(guarded: Shop):
    """The next request of each finds it out; signing in works again at once."""
    path = guarded.stack.settings.staff_file
    async with guarded.visitor() as ina, guarded.program("ada") as program:
        await sign_in(ina, "ina")
        assert (await ina.get("/lesson-book")).status == 200
        staff_file.write(path, replace(guarded.staff, key=Fernet.generate_key().decode()))
        assert (await ina.get("/lesson-book")).status == 401
        assert (await program.get("/reports")).status == 200
        await sign_in(ina, "ina")
        assert (await ina.get("/lesson-book")).status == 200


async def test_a_token_is_read_in_any_spelling_of_its_scheme(guarded: Shop):
    """Programs write it as they like."""
    async with guarded.visitor(Authorization=f"bearer {guarded.tokens['ada']}") as program:
        assert (await program.get("/reports")).status == HTTPStatus.OK


async def test_a_forged_token_is_said_to_be_none_of_ours(guarded: Shop):
    """On routes for the staff; what is for everyone does not ask."""
    async with guarded.visitor(Authorization="Bearer ipsum_x_y") as program:
        refused = await program.get("/reports")
        assert refused.headers["WWW-Authenticate"] == "Bearer"
        assert (refused.status, (await refused.json())["error"]["message"]) == (
            401,
            "This token is not, or no longer, one of ours.",
        )
        assert (await program.get("/config")).status == HTTPStatus.OK


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_another_sites_page_cannot_act(guarded: Shop, headers: dict[str, str]):
    """Not even with the cookie of somebody who is signed in."""
    async with guarded.visitor() as ina:
        await sign_in(ina, "ina")
        answer = await ina.post(
            "/refund-lesson", data={"payment_intent_id": "pi_x"}, headers=headers
        )
        assert (answer.status, (await answer.json())["error"]["code"]) == (403, "foreign_request")
        own = {"Sec-Fetch-Site": "same-origin", "Origin": guarded.stack.url}
        answer = await ina.post("/refund-lesson", data={"payment_intent_id": "pi_x"}, headers=own)
        assert (await answer.json())["error"]["code"] == "resource_missing"


@pytest.mark.parametrize("header", [b"Authorization: Bearer \xff", b"Cookie: ipsum_session=\xff"])
async def test_a_header_with_any_bytes_is_nobodys(guarded: Shop, header: bytes):
    """A token or a cookie that cannot be ours is an unknown one, and no failure of the shop's."""
    reader, writer = await asyncio.open_connection("127.0.0.1", guarded.stack.settings.port)
    head = (b"GET /lesson-book HTTP/1.1", b"Host: localhost", b"Connection: close", header)
    writer.write(b"\r\n".join(head) + b"\r\n\r\n")
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 401 "), answer
    assert b'"sign_in_needed"' in answer
