"""How long the links last that the shop makes, by whom they are made for."""

import time
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from server.access.actor import ACTOR, ANYBODY, Actor, Via
from server.access.links import student_links
from server.keys import SETTINGS, STAFF
from shop.settings import load
from shop.staff import staff_file
from shop.staff.accounts import Role, Staff
from shop.staff.staff_file import StaffFile
from shop.student_links import LINK_LASTS, Opened, StudentLinks

KEY = "a key"
SOON = int(time.time()) + 3600

STUDENT = Actor(name="", via=Via.LINK, grants={"cus_1": SOON, "pi_1": SOON + 60})
INSTRUCTOR = Actor(name="ina", via=Via.SESSION, roles=frozenset({Role.INSTRUCTOR}))


@pytest.fixture
def app(tmp_path: Path) -> web.Application:
    staff_file.write(tmp_path / "staff.json", Staff(key=KEY))
    made = web.Application()
    made[SETTINGS] = load()
    made[STAFF] = StaffFile(tmp_path / "staff.json")
    return made


def account_link(app: web.Application, actor: Actor, address: dict[str, str]) -> Opened | None:
    """What the link opens that this actor gets at an address with these parts."""
    request = make_mocked_request("GET", "/", app=app, match_info=address)
    request[ACTOR] = actor
    signature = student_links(request).account("cus_1").partition("?link=")[2]
    return StudentLinks("", KEY).opens(signature)


@pytest.mark.parametrize("address", [{"customer_id": "cus_1"}, {"payment_intent_id": "pi_1"}])
def test_a_visitors_ends_with_the_link_that_let_them_in(
    app: web.Application, address: dict[str, str]
):
    """To what the address names, not to something else that the same browser may see."""
    (subject,) = address.values()
    assert account_link(app, STUDENT, address) == Opened("cus_1", STUDENT.grants[subject])


@pytest.mark.parametrize("actor", [STUDENT, ANYBODY])
def test_one_for_somebody_whom_no_link_let_in_opens_nothing(app: web.Application, actor: Actor):
    """No route asks for one; should another come, it is no way around."""
    assert account_link(app, actor, {"customer_id": "cus_2"}) is None
    assert account_link(app, actor, {}) is None


def test_the_staffs_last_their_full_time(app: web.Application):
    """They pass them on to students."""
    before = int(time.time())
    made = account_link(app, INSTRUCTOR, {"customer_id": "cus_1"})
    assert made is not None
    assert before <= made.ends - LINK_LASTS <= int(time.time())
