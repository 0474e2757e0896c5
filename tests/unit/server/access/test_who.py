"""Who a request is from that brings a token."""

import pytest
from aiohttp.test_utils import make_mocked_request

from server.access.actor import ANYBODY, Actor, Via
from server.access.who import who_asks
from shop.staff.accounts import Account, Role, Staff
from shop.staff.tokens import new_token

TOKEN, KEPT = new_token("office")
ROLES = frozenset({Role.ACCOUNTANT})
BOOKS = Account(name="books", roles=ROLES, password=None, sessions_from=0, tokens=(KEPT,))
STAFF = Staff(key="a key", accounts={"books": BOOKS})

OFFICE = Actor(name="books/office", via=Via.TOKEN, roles=ROLES)


async def whose(authorization: str) -> Actor:
    request = make_mocked_request("GET", "/", headers={"Authorization": authorization})
    return await who_asks(request, STAFF)


@pytest.mark.parametrize("scheme", ["Bearer ", "bearer ", "BEARER ", "Bearer   ", ""])
async def test_a_token_is_read_however_its_scheme_is_spelled(scheme: str):
    """https://www.rfc-editor.org/rfc/rfc9110#section-11.1: in any letter case."""
    assert await whose(f"{scheme}{TOKEN}") == OFFICE


@pytest.mark.parametrize(
    "authorization", [f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer", "bearer ", f"Bearer{TOKEN}"]
)
async def test_anything_else_is_nobodys(authorization: str):
    """Another scheme, another token, or none."""
    assert await whose(authorization) == ANYBODY
