"""A shop with staff accounts: one of each role, an owner, and one without any."""

import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from cryptography.fernet import Fernet

from shop.staff import passwords, staff_file
from shop.staff.accounts import Account, Role, Staff
from shop.staff.tokens import new_token
from tests.integration.conftest import Caller, read_whole
from tests.stack import Stack, open_stack

PASSWORD = "correct horse battery"

ROLES = {
    "ina": frozenset({Role.INSTRUCTOR}),
    "ada": frozenset({Role.ACCOUNTANT}),
    "olga": frozenset({Role.OWNER}),
    "probe": frozenset[Role](),
}


class Shop:
    """The shop and ways into it.

    Attributes:
        tokens: an API token of each account, by name.
    """

    def __init__(self, stack: Stack, tokens: dict[str, str]) -> None:
        self.stack = stack
        self.tokens = tokens

    @property
    def staff(self) -> Staff:
        return staff_file.read(self.stack.settings.staff_file)

    def visitor(self, **headers: str) -> aiohttp.ClientSession:
        """Somebody with a browser, which keeps its cookies."""
        return aiohttp.ClientSession(
            self.stack.url,
            headers=headers,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            middlewares=(read_whole,),
        )

    def program(self, name: str) -> aiohttp.ClientSession:
        """A script with the token of an account."""
        return self.visitor(Authorization=f"Bearer {self.tokens[name]}")


async def sign_in(session: aiohttp.ClientSession, name: str, password: str = PASSWORD, **more: str):
    """The answer to the form, not followed."""
    fields = {"name": name, "password": password, **more}
    return await session.post("/sign-in", data=fields, allow_redirects=False)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("guarded")
    with open_stack(folder, students=20, payments=80) as stack:
        accounts, tokens = {}, {}
        hashed = passwords.hashed(PASSWORD)
        for name, roles in ROLES.items():
            tokens[name], kept = new_token("tests")
            accounts[name] = Account(
                name=name, roles=roles, password=hashed, sessions_from=time.time(), tokens=(kept,)
            )
        key = Fernet.generate_key().decode()
        staff_file.write(stack.settings.staff_file, Staff(key=key, accounts=accounts))
        stack.start("web")
        stack.start("worker")
        yield Shop(stack, tokens)


@pytest.fixture
def staff(guarded: Shop) -> Iterator[Staff]:
    """The staff, who are as they were once a test is over that changes them."""
    before = guarded.staff
    yield before
    staff_file.write(guarded.stack.settings.staff_file, before)


@pytest.fixture
async def student(guarded: Shop) -> AsyncIterator[str]:
    """The id of a student of the generated history."""
    headers = {"Authorization": f"Bearer {guarded.stack.settings.secret_key}"}
    async with aiohttp.ClientSession(guarded.stack.sandbox_url, headers=headers) as session:
        _, found = await Caller(session).get("/v1/customers?limit=1")
        yield found["data"][0]["id"]
