"""How long a sign-up lets its visitor enter the card, also where its answer is repeated."""

import time
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient
from cryptography.fernet import Fernet

from server.access.rules import sign_up_of
from server.access.sessions import GRANT_LASTS, granted, sessions
from server.access.sign_ups import sign_ups
from server.first_answers import first_answers
from server.keys import ANSWERS, SETTINGS, STAFF
from shop.answer_store import Answer, Claim
from shop.settings import load
from shop.staff import staff_file
from shop.staff.accounts import Account, Staff
from shop.staff.staff_file import StaffFile

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web.RequestKey")

NOW = 1_795_420_800
HOUR = 3600
SIGN_UP = sign_up_of("cus_1")


class OneKey:
    """Keeps the first answer to one key."""

    def __init__(self) -> None:
        self.kept: Answer | None = None

    async def claim(self, key: str, asked: str) -> Claim | Answer:
        return self.kept or Claim(key, asked, "")

    async def settle(self, _: Claim, answer: Answer | None) -> None:
        self.kept = answer


async def start(_: web.Request) -> web.Response:
    return web.json_response({"customer_id": "cus_1", "client_secret": "seti_1_secret_2"})


async def tell(request: web.Request) -> web.Response:
    return web.json_response(dict(await granted(request)))


@pytest.fixture
def app(tmp_path: Path) -> web.Application:
    olga = Account(name="olga", roles=frozenset(), password=None, sessions_from=0)
    staff = Staff(key=Fernet.generate_key().decode(), accounts={"olga": olga})
    staff_file.write(tmp_path / "staff.json", staff)
    made = web.Application(middlewares=[sessions, sign_ups, first_answers])
    made[SETTINGS] = load()
    made[STAFF] = StaffFile(tmp_path / "staff.json")
    made[ANSWERS] = OneKey()  # type: ignore[misc]
    made.router.add_post("/lessons", start)
    made.router.add_get("/granted", tell)
    return made


async def signed_up(visitor: TestClient, headers: dict[str, str]) -> dict[str, int]:
    """What the visitor may do after the sign-up, and until when."""
    assert (await visitor.post("/lessons", headers=headers)).status == 200
    return await (await visitor.get("/granted")).json()


async def test_a_repeated_answer_grants_no_longer_than_the_first(
    app: web.Application, aiohttp_client, monkeypatch: pytest.MonkeyPatch
):
    """Whoever lost it may go on; nobody prolongs the time for the card by asking again."""
    key = {"Idempotency-Key": "a-sign-up"}
    for later, may in ((0, True), (HOUR, True), (GRANT_LASTS, False), (23 * HOUR, False)):
        monkeypatch.setattr(time, "time", lambda later=later: NOW + later)
        visitor = await aiohttp_client(app)
        assert await signed_up(visitor, key) == ({SIGN_UP: NOW + GRANT_LASTS} if may else {}), later


async def test_another_try_has_its_own_time(
    app: web.Application, aiohttp_client, monkeypatch: pytest.MonkeyPatch
):
    """It is counted as one, so there are only so many."""
    visitor = await aiohttp_client(app)
    for later in (0, HOUR, 23 * HOUR):
        monkeypatch.setattr(time, "time", lambda later=later: NOW + later)
        assert await signed_up(visitor, {}) == {SIGN_UP: NOW + later + GRANT_LASTS}
