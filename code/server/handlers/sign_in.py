"""Signing in and out: a form and a cookie, without any script."""

import asyncio
from html import escape

from aiohttp import web

from server.access import sessions
from server.access.client_address import caller
from server.access.counting import count
from server.access.rate_limits import By, Tried
from server.bodies import read_fields
from server.keys import RATE_LIMITS, STAFF
from server.page_answers import filled_page
from shop.errors import TooManyRequests
from shop.staff import passwords
from shop.staff.accounts import Account, Role, Staff

WRONG = "That name and password do not go together."
OPEN = "There is no staff account, so nobody has to sign in."

HOME = {Role.INSTRUCTOR: "/instructor", Role.ACCOUNTANT: "/accountant", Role.OWNER: "/owner"}
"""Where somebody with one role only works."""

LONGEST_NAME = 100


async def page(request: web.Request) -> web.Response:
    """GET /sign-in: the form."""
    note = OPEN if request.app[STAFF].staff().is_open else ""
    return _form(request, to=request.query.get("next", ""), note=note)


async def sign_in(request: web.Request) -> web.Response:
    """POST /sign-in: `name`, `password`, and `next`, the page of ours to go on to."""
    fields = await read_fields(request)
    name = fields.text("name", LONGEST_NAME).casefold()
    password = fields.as_typed("password", passwords.LONGEST)
    to = fields.optional_text("next", 2000) or ""
    whose = {By.ADDRESS: caller(request), By.ACCOUNT: name}
    try:
        await count(
            request, Tried.SIGN_IN, whose
        )  # before the look: many at once are no way around
    except TooManyRequests as error:
        return _too_many(_form(request, to=to, name=name, problem=error.message, status=429), error)
    account = await _known(request.app[STAFF].staff(), name, password)
    if account is None:
        return _form(request, to=to, name=name, problem=WRONG, status=401)
    await request.app[RATE_LIMITS].forget(Tried.SIGN_IN, whose)
    await sessions.sign_in(request, account)
    return _go(_ours(to) or _home(account))


async def sign_out(request: web.Request) -> web.Response:
    """POST /sign-out: the session ends, here and wherever its cookie was copied to."""
    if not request.app[STAFF].staff().is_open:
        await sessions.sign_out(request)
    return _go("/sign-in")


async def _known(staff: Staff, name: str, password: str) -> Account | None:
    account = staff.accounts.get(name)
    kept = (account and account.password) or passwords.nobodys()
    matches = await asyncio.to_thread(passwords.matches, password, kept)
    return account if matches and account and account.password else None


def _form(
    request: web.Request,
    *,
    to: str,
    name: str = "",
    problem: str = "",
    note: str = "",
    status: int = 200,
) -> web.Response:
    parts = {"problem": problem, "note": note, "name": name, "next": to}
    focus = {
        "focus_name": "" if name else "autofocus",
        "focus_password": "autofocus" if name else "",
    }
    filled = {mark: escape(text) for mark, text in parts.items()} | focus
    return filled_page(request, "sign-in", filled, status=status)


def _too_many(answer: web.Response, error: TooManyRequests) -> web.Response:
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def _ours(to: str) -> str | None:
    """The address if it is a path of this shop: a link must not lead elsewhere after signing in."""
    is_path = to.startswith("/") and not to.startswith(("//", "/\\"))
    return to if is_path and to.isprintable() else None


def _home(account: Account) -> str:
    if len(account.roles) == 1:
        return HOME[next(iter(account.roles))]
    return HOME[Role.OWNER] if Role.OWNER in account.roles else "/instructor"


def _go(to: str) -> web.Response:
    return web.Response(status=303, headers={"Location": to, "Cache-Control": "no-store"})
