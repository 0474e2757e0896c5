"""Who a request is from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from aiohttp import web

from shop.staff.accounts import Role


class Via(Enum):
    """How somebody became known. The value stands in the audit trail."""

    OPEN = "open"  # nobody can sign in, so everybody on this machine may do everything
    SESSION = "session"  # signed in with a password
    TOKEN = "token"  # noqa: S105 (a name; a script with an API token)
    LINK = "link"  # a student with a signed link
    NOBODY = "nobody"  # a visitor


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who a request is from.

    Attributes:
        name: the account's; for a token `account/label`; "" for visitors and students.
        via: how we know.
        roles: of the staff account; none for everybody else.
        grants: ids of the students and payments whose links this visitor has followed, and
            `sign-up:<id>` of the student that they are signing up; each with the unix seconds at
            which what let them in ends.
    """

    name: str
    via: Via
    roles: frozenset[Role] = frozenset()
    grants: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_staff(self) -> bool:
        """Whether somebody of the staff is there, or nobody can tell."""
        return self.via in (Via.OPEN, Via.SESSION, Via.TOKEN)

    @property
    def is_owner(self) -> bool:
        """Whether everything is theirs to see."""
        return self.via is Via.OPEN or Role.OWNER in self.roles


SOMEBODY_HERE = Actor(name="", via=Via.OPEN)
"""Everybody on this machine, as long as no staff account exists."""

ANYBODY = Actor(name="", via=Via.NOBODY)
"""A visitor, or somebody of whom a route has no need to know more."""

ACTOR = web.RequestKey("actor", Actor)
"""Where the gate puts who the request is from."""
