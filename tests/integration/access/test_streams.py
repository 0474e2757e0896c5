"""Streams outlive the request that opened them, and nobody's right to listen."""

import asyncio
from collections.abc import Awaitable, Callable
from http import HTTPStatus

import aiohttp
import pytest
from cryptography.fernet import Fernet
from msgspec.structs import replace
from yarl import URL

from shop.staff import staff_file
from shop.staff.accounts import Account, Role, Staff
from tests.integration.access.conftest import Shop, sign_in
from tests.integration.conftest import Caller
from tests.integration.reports import events, ready


def with_ada(staff: Staff, **changes: object) -> Staff:
    """The staff, with the accountant's account changed."""
    ada: Account = replace(staff.accounts["ada"], **changes)
    return replace(staff, accounts={**staff.accounts, "ada": ada})


async def reports_until_the_end(stream: aiohttp.ClientResponse) -> set[str]:
    """Ids of the reports that a stream tells of until it ends."""
    async with asyncio.timeout(20):
        return {data["id"] async for _, data in events(stream)}


async def a_new_report(guarded: Shop) -> str:
    """The id of a report that the owner has had made."""
    async with guarded.program("olga") as olga:
        return str((await ready(Caller(olga), kind="open-holds"))["id"])


async def heard_after(
    guarded: Shop, session: aiohttp.ClientSession, change: Callable[[], Awaitable[object]]
) -> tuple[bool, bool]:
    """Whether a listener heard of a report made before a change, and of one made after it."""
    stream = await session.get("/reports/events")
    assert stream.status == HTTPStatus.OK
    before = await a_new_report(guarded)
    await change()
    after = await a_new_report(guarded)
    heard = await reports_until_the_end(stream)
    return before in heard, after in heard


@pytest.mark.parametrize(
    "changed",
    [
        lambda staff: with_ada(staff, tokens=()),
        lambda staff: with_ada(staff, roles=frozenset({Role.INSTRUCTOR})),
        lambda staff: replace(
            staff, accounts={name: each for name, each in staff.accounts.items() if name != "ada"}
        ),
    ],
    ids=["the token is revoked", "the role is another one", "the account is removed"],
)
async def test_a_program_hears_nothing_once_it_may_not(
    guarded: Shop, staff: Staff, changed: Callable[[Staff], Staff]
):
    """The stream ends with the first event that is none of its business."""
    path = guarded.stack.settings.staff_file
    async with guarded.program("ada") as ada:

        async def change() -> None:
            staff_file.write(path, changed(staff))

        assert await heard_after(guarded, ada, change) == (True, False)


@pytest.mark.parametrize("end", ["sign out", "password", "key"])
async def test_a_browser_hears_nothing_once_its_session_has_ended(
    guarded: Shop, staff: Staff, end: str
):
    """By a sign-out elsewhere, a new password, or a new key."""
    path = guarded.stack.settings.staff_file
    async with guarded.visitor() as ada, guarded.visitor() as elsewhere:
        assert (await sign_in(ada, "ada")).status == HTTPStatus.SEE_OTHER
        elsewhere.cookie_jar.update_cookies(ada.cookie_jar.filter_cookies(URL(guarded.stack.url)))

        async def change() -> None:
            if end == "sign out":
                await elsewhere.post("/sign-out", allow_redirects=False)
            elif end == "password":
                staff_file.write(path, with_ada(staff, sessions_from=2**33))
            else:
                staff_file.write(path, replace(staff, key=Fernet.generate_key().decode()))

        assert await heard_after(guarded, ada, change) == (True, False)
