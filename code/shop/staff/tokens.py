"""API tokens: `ipsum_<id>_<secret>`, with 256 random bits, so that a fast hash keeps them safe."""

import hashlib
import secrets
import time

from shop.staff.accounts import ApiToken

PREFIX = "ipsum"
"""By which scanners find a token that was published by mistake."""


def new_token(label: str) -> tuple[str, ApiToken]:
    """A token, which is shown once, and what is kept of it."""
    token_id = secrets.token_hex(4)
    token = f"{PREFIX}_{token_id}_{secrets.token_urlsafe(32)}"
    kept = ApiToken(id=token_id, label=label, digest=digest(token), created=int(time.time()))
    return token, kept


def digest(token: str) -> str:
    """What a token is known by. Looking it up by its hash tells nothing by the time it takes.

    `token` is as a header brings it: bytes that are no UTF-8 are surrogates there.
    """
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()
