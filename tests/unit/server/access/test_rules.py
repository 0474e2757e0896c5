"""Who may use which routes: the whole table."""

import pytest

from server.access.actor import ANYBODY, SOMEBODY_HERE, Actor, Via
from server.access.loopback import is_loopback
from server.access.rules import Access, may, needs_sign_in, sign_up_of
from shop.staff.accounts import Role

STUDENT = "cus_1"


def staff(*roles: Role) -> Actor:
    return Actor(name="x", via=Via.SESSION, roles=frozenset(roles))


def visitor(*grants: str) -> Actor:
    return Actor(name="", via=Via.LINK, grants=dict.fromkeys(grants, 1))


EVERYONE, STUDENTS, CARD, STAFF = (
    Access.EVERYONE,
    Access.STUDENT,
    Access.CARD_ENTRY,
    Access.STAFF,
)
INSTRUCTOR, ACCOUNTANT, OWNER = Access.INSTRUCTOR, Access.ACCOUNTANT, Access.OWNER


@pytest.mark.parametrize(
    ("actor", "open_to_them"),
    [
        (ANYBODY, {EVERYONE}),
        (SOMEBODY_HERE, set(Access)),
        (visitor(STUDENT), {EVERYONE, STUDENTS, CARD}),
        (visitor("cus_2"), {EVERYONE}),
        (visitor(sign_up_of(STUDENT)), {EVERYONE, CARD}),
        (staff(), {EVERYONE, STAFF}),
        (staff(Role.INSTRUCTOR), {EVERYONE, STUDENTS, CARD, STAFF, INSTRUCTOR}),
        (staff(Role.ACCOUNTANT), {EVERYONE, STUDENTS, CARD, STAFF, ACCOUNTANT}),
        (staff(Role.OWNER), set(Access)),
    ],
    ids=lambda value: value.via.name if isinstance(value, Actor) else "",
)
def test_the_whole_table(actor: Actor, open_to_them: set[Access]):
    """Of routes about one student."""
    assert {access for access in Access if may(actor, access, STUDENT)} == open_to_them


@pytest.mark.parametrize("access", [STUDENTS, CARD])
@pytest.mark.parametrize("subject", [None, ""])
def test_a_route_that_names_no_student_is_no_students(access: Access, subject: str | None):
    """Whatever links were followed."""
    assert not may(visitor(STUDENT, sign_up_of(STUDENT)), access, subject)


def test_a_student_cannot_be_named_so_that_a_sign_up_opens_the_account():
    """`sign-up:cus_1` is a grant, never an id."""
    assert not may(visitor(sign_up_of(STUDENT)), STUDENTS, STUDENT)


def test_signing_in_helps_visitors_and_students_only():
    """Everybody else has done so, or sent a token."""
    assert [needs_sign_in(who) for who in (ANYBODY, visitor(STUDENT), staff())] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.0.2.1", False),
        ("localhost.evil.example", False),
        ("", False),
    ],
)
def test_which_addresses_nothing_else_reaches(host: str, own: bool):
    """An empty HOST would be every address."""
    assert is_loopback(host) is own
