"""Which routes are for whom. Pure."""

from enum import Enum, auto

from server.access.actor import Actor, Via
from shop.staff.accounts import Role


class Access(Enum):
    """Whom a route is for. Owners may use every one."""

    EVERYONE = auto()
    STUDENT = auto()  # the student of whom it is, by a signed link, and all staff with a role
    CARD_ENTRY = auto()  # the same, and whoever is signing that student up
    STAFF = auto()  # every staff account, even without a role
    INSTRUCTOR = auto()
    ACCOUNTANT = auto()
    OWNER = auto()


ROLE = {
    Access.INSTRUCTOR: Role.INSTRUCTOR,
    Access.ACCOUNTANT: Role.ACCOUNTANT,
    Access.OWNER: Role.OWNER,
}


def may(actor: Actor, access: Access, subject: str | None) -> bool:
    """Whether the actor may use a route.

    Args:
        subject: the id of the student or payment that the request is about, where it names one.
    """
    if access is Access.EVERYONE or actor.is_owner:
        return True
    if access is Access.STAFF:
        return actor.is_staff
    if access in ROLE:
        return ROLE[access] in actor.roles
    return bool(actor.roles) or bool(_keys(access, subject) & actor.grants.keys())


def needs_sign_in(actor: Actor) -> bool:
    """Whether signing in could help somebody who was turned away."""
    return actor.via in (Via.NOBODY, Via.LINK)


def sign_up_of(customer_id: str) -> str:
    """The grant of whoever is signing this student up: they may enter a card, and no more."""
    return f"sign-up:{customer_id}"


def _keys(access: Access, subject: str | None) -> frozenset[str]:
    if not subject:
        return frozenset()
    if access is Access.CARD_ENTRY:
        return frozenset({subject, sign_up_of(subject)})
    return frozenset({subject})
