"""E-mail addresses: compared without regard to letter case, kept as typed (the client's rule)."""

from typing import NamedTuple

LONGEST = 254
"""Characters: the longest address that mail can carry (RFC 5321, errata 1690)."""


class Mailbox(NamedTuple):
    """Whom a letter is to or from; both are as they were typed."""

    name: str | None
    email: str


def normalise(email: str) -> str:
    """The form in which two addresses are compared."""
    return email.strip().lower()


def looks_like_email(email: str) -> bool:
    """Whether it has the shape of an address. Whether it works, only a letter can tell."""
    name, at, host = email.rpartition("@")
    return bool(name and at and host) and len(email) <= LONGEST and not any(map(str.isspace, email))
