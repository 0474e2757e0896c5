"""Whose tries are counted."""

import pytest

from server.access.actor import SOMEBODY_HERE, Actor, Via
from server.access.tries import COUNTED, is_counted
from server.routes import ROUTES
from shop.audit.actions import Action
from shop.errors import TooManyRequests
from shop.staff.accounts import Role

STAFF = frozenset({Role.INSTRUCTOR})
GRANTS = {"cus_1": 1}


@pytest.mark.parametrize(
    ("actor", "address", "counted"),
    [
        (SOMEBODY_HERE, "127.0.0.1", False),
        (SOMEBODY_HERE, "::1", False),
        (SOMEBODY_HERE, "198.51.100.1", True),
        (SOMEBODY_HERE, "", True),
        (Actor(name="", via=Via.NOBODY), "127.0.0.1", True),
        (Actor(name="", via=Via.LINK, grants=GRANTS), "198.51.100.1", True),
        (Actor(name="probe", via=Via.TOKEN), "198.51.100.1", True),
        (Actor(name="ina", via=Via.SESSION, roles=STAFF), "198.51.100.1", False),
        (Actor(name="ina/x", via=Via.TOKEN, roles=STAFF), "198.51.100.1", False),
    ],
)
def test_staff_are_not_counted_nor_this_machine_while_all_is_open(
    actor: Actor, address: str, *, counted: bool
):
    """Once there are accounts, a caller on this machine may be a proxy's, so it counts too."""
    assert is_counted(actor, address) is counted


def test_every_counted_action_has_a_route():
    """So that none is left out by a change of names."""
    assert set(COUNTED) <= {route.action for route in ROUTES}
    assert Action.SIGN_IN not in COUNTED


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 minute"),
        (60, "1 minute"),
        (61, "2 minutes"),
        (90 * 60, "90 minutes"),
        (90 * 60 + 1, "2 hours"),
        (86_400, "24 hours"),
    ],
)
def test_the_sentence_says_when_to_come_back(seconds: int, words: str):
    """Never sooner than it helps."""
    error = TooManyRequests(seconds)
    assert (error.message, error.retry_after) == (
        f"That was tried too often. Please come back in {words}.",
        seconds,
    )
