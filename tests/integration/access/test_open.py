"""A shop without staff accounts: open to this machine, closed to all others."""

import time
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from shop.staff import staff_file
from shop.staff.accounts import Account, Role, Staff
from tests.integration.conftest import read_whole
from tests.stack import Stack, open_stack

OPEN = "Open to everybody on this machine."


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Stack]:
    """Nothing runs yet but Redis and the sandbox."""
    with open_stack(tmp_path, students=2, payments=2) as stack:
        yield stack


def visiting(stack: Stack, **headers: str) -> aiohttp.ClientSession:
    """Somebody on this machine."""
    return aiohttp.ClientSession(stack.url, headers=headers, middlewares=(read_whole,))


async def test_staff_pages_and_the_log_say_that_everything_is_open(bare: Stack):
    """So that nobody takes it for a shop that is closed."""
    bare.start("web")
    async with visiting(bare) as visitor:
        for path in ("/instructor", "/accountant"):
            answer = await visitor.get(path)
            assert (answer.status, OPEN in await answer.text()) == (200, True)
        assert OPEN not in await (await visitor.get("/lessons")).text()
        assert (await visitor.get("/lesson-book")).status == 200
    assert "there is no staff account" in bare.log("web")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_it_does_not_listen_to_other_machines(bare: Stack, host: str):
    """It ends before it listens, and says what to do."""
    bare.environment["HOST"] = host
    with pytest.raises(RuntimeError, match=r"script/staff add NAME --role owner"):
        bare.start("web")
    assert bare.processes["web"].wait() == 2


async def test_the_first_account_closes_a_running_shop(bare: Stack):
    """At once; and removing it closes it to strangers all the same, as it listens here only."""
    bare.start("web")
    path = bare.settings.staff_file
    account = Account(
        name="olga", roles=frozenset({Role.OWNER}), password=None, sessions_from=time.time()
    )
    async with visiting(bare) as visitor:
        staff_file.write(path, Staff(key="x" * 43 + "=", accounts={"olga": account}))
        assert (await visitor.get("/lesson-book")).status == 401
        path.write_text("{")
        broken = await visitor.get("/lesson-book")
        assert (broken.status, (await broken.json())["error"]["code"]) == (500, "misconfigured")
        path.unlink()
        assert (await visitor.get("/lesson-book")).status == 200


@pytest.mark.parametrize("how", ["file removed", "last account removed"])
async def test_a_shop_that_others_reach_never_opens(bare: Stack, how: str):
    """Neither a lost mount nor a slip of an owner hands it to everybody: nothing is answered."""
    path = bare.settings.staff_file
    account = Account(
        name="olga", roles=frozenset({Role.OWNER}), password=None, sessions_from=time.time()
    )
    staff = Staff(key="x" * 43 + "=", accounts={"olga": account})
    staff_file.write(path, staff)
    bare.environment["HOST"] = "0.0.0.0"
    bare.start("web")
    async with visiting(bare) as visitor:
        assert (await visitor.get("/lesson-book")).status == 401
        if how == "file removed":
            path.unlink()
        else:
            staff_file.write(path, Staff(key=staff.key))
        for address in ("/lesson-book", "/instructor", "/"):
            closed = await visitor.get(address)
            assert (closed.status, (await closed.json())["error"]["code"]) == (500, "misconfigured")
        staff_file.write(path, staff)
        assert (await visitor.get("/lesson-book")).status == 401
    assert "There is no staff account" in bare.log("web")


def test_a_staff_file_that_cannot_be_read_keeps_the_shop_closed(bare: Stack):
    """It might name accounts, so nothing may be open."""
    bare.settings.staff_file.write_text('{"accounts": []}')
    with pytest.raises(RuntimeError, match="cannot be read"):
        bare.start("web")


async def test_other_names_of_this_machine_are_turned_away(bare: Stack):
    """A page elsewhere could point its own name here and act in our visitor's browser."""
    bare.start("web")
    async with visiting(bare) as visitor:
        foreign = await visitor.get("/lesson-book", headers={"Host": "evil.example"})
        assert (foreign.status, (await foreign.json())["error"]["code"]) == (403, "foreign_request")


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
async def test_a_proxy_lets_nobody_in(bare: Stack, header: str):
    """It is on this machine, and whoever it speaks for is not; Stripe's events wait as well."""
    bare.start("web")
    async with visiting(bare, **{header: "198.51.100.7"}) as visitor:
        for path in ("/", "/instructor", "/lesson-book"):
            answer = await visitor.get(path)
            assert (answer.status, (await answer.json())["error"]["code"]) == (
                403,
                "foreign_request",
            )
        assert (await visitor.post("/webhook")).status == 403
