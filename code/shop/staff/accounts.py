"""Staff accounts as values. Pure."""

from enum import StrEnum

import msgspec


class Role(StrEnum):
    """What somebody of the staff does. The value stands in the staff file."""

    INSTRUCTOR = "instructor"  # holds, captures, releases and refunds lesson payments
    ACCOUNTANT = "accountant"  # runs reports and downloads their files
    OWNER = "owner"  # both of these, the audit trail and the queues


class ApiToken(msgspec.Struct, frozen=True, kw_only=True):
    """What a script signs in with, in the name of an account.

    Attributes:
        id: the part of the token that may be shown.
        label: what it is for, in its maker's words.
        digest: SHA-256 of the whole token, in hex. The token itself is kept nowhere.
        created: unix seconds.
    """

    id: str
    label: str
    digest: str
    created: int


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody, or a program, that may sign in.

    Attributes:
        name: lower case, unique; stands in the audit trail.
        roles: none at all is an account that may read the metrics only.
        password: its argon2id hash; None for an account that has tokens only.
        sessions_from: unix time; whoever signed in before that must do so again.
    """

    name: str
    roles: frozenset[Role]
    password: str | None
    sessions_from: float
    tokens: tuple[ApiToken, ...] = ()


class Staff(msgspec.Struct, frozen=True, kw_only=True):
    """Everybody who may sign in.

    Attributes:
        key: 32 random bytes in URL-safe base64. It encrypts session cookies and signs the links of
            students; "" as long as there never was an account.
        accounts: by name.
    """

    key: str = ""
    accounts: dict[str, Account] = {}

    @property
    def is_open(self) -> bool:
        """Whether there is nobody who could sign in, so that everything is open."""
        return not self.accounts

    def of_token(self, digest: str) -> tuple[Account, ApiToken] | None:
        """The account with the token of this digest."""
        for account in self.accounts.values():
            for token in account.tokens:
                if token.digest == digest:
                    return account, token
        return None
