"""Passwords: hashed with argon2id, with the parameters that RFC 9106 recommends for servers."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
"""Characters. Length is what counts; no rule asks for digits or signs (NIST SP 800-63B)."""

LONGEST = 256
"""Characters, so that nobody keeps the hashing busy with a book."""

_hasher = PasswordHasher()


@cache
def nobodys() -> str:
    """A hash to check where there is no account, so that this takes as long as a wrong password."""
    return _hasher.hash("nobody has this password")


def hashed(password: str) -> str:
    """The hash to keep. Takes some 50 ms of processor time and 64 MiB of memory."""
    return _hasher.hash(password)


def matches(password: str, kept: str) -> bool:
    """Whether the password is the one that was hashed. Takes as long as hashing."""
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
