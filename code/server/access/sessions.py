"""The session cookie: encrypted with the staff file's key, readable by nobody but this server.

It holds who signed in, and which students' links were followed. A sign-in lasts `SESSION_LASTS`,
however often the cookie is made anew since, as it is with every link that is followed; a sign-out
is remembered for as long, so that a copied cookie is of no use after it.
"""

import secrets
import time
from collections.abc import Mapping
from functools import lru_cache

from aiohttp import web
from aiohttp.typedefs import Handler
from aiohttp_session import Session, get_session, new_session, session_middleware
from aiohttp_session.cookie_storage import EncryptedCookieStorage

from server.keys import SETTINGS, STAFF, STORAGE
from shop.staff.accounts import Account, Staff

COOKIE = "ipsum_session"

SESSION_LASTS = 12 * 3600
"""Seconds after which everybody signs in again: a working day."""

GRANT_LASTS = 2 * 3600
"""Seconds for which a student's link that was followed opens their page in this browser, unless the
link itself ends before."""

MOST_GRANTS = 8
"""Students and payments of one browser, so that the cookie stays small."""


@web.middleware
async def sessions(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Read the session and write it back; without staff accounts there is none."""
    staff = request.app[STAFF].staff()
    if staff.is_open:
        return await handler(request)
    return await session_middleware(_storage_of(request, staff))(request, handler)


async def sign_in(request: web.Request, account: Account) -> None:
    """Begin a session under a new id; grants of the visitor go with the old one."""
    session = await new_session(request)
    session["account"] = account.name
    session["since"] = time.time()
    session["id"] = secrets.token_urlsafe(16)


async def sign_out(request: web.Request) -> None:
    """End the session here, and wherever its cookie was copied to."""
    session = await get_session(request)
    if "id" in session:
        storage = request.app[STORAGE]
        await storage.redis.set(storage.key("signed-out", session["id"]), "", ex=SESSION_LASTS)
    session.invalidate()


async def signed_in(request: web.Request, staff: Staff) -> Account | None:
    """The account whose session this is, if it still stands.

    Raises:
        RedisError: nobody can tell whether it was ended.
    """
    return await _account_of(request, await get_session(request), staff)


async def still_signed_in(request: web.Request, staff: Staff) -> Account | None:
    """As `signed_in`, of a request that came long ago: the key may be another one by now."""
    session = await _storage_of(request, staff).load_session(request)
    return await _account_of(request, session, staff)


async def _account_of(request: web.Request, session: Session, staff: Staff) -> Account | None:
    account = staff.accounts.get(session.get("account", ""))
    if account is None or not _lasts(session["since"], account):
        return None
    storage = request.app[STORAGE]
    ended = await storage.redis.exists(storage.key("signed-out", session["id"]))
    return None if ended else account


async def grant(request: web.Request, subject: str, ends: int) -> None:
    """Let this browser see to the student or the payment for a while.

    Args:
        ends: unix seconds, when what lets it in ends; of several the last counts.
    """
    session = await get_session(request)
    known = _ends(session)
    last = max(ends, known.get(subject, 0))
    grants = {**_standing(session), subject: min(int(time.time()) + GRANT_LASTS, last)}
    kept = dict(sorted(grants.items(), key=lambda item: item[1])[-MOST_GRANTS:])
    session["grants"] = kept
    session["ends"] = {name: end for name, end in {**known, subject: last}.items() if name in kept}


async def granted(request: web.Request) -> Mapping[str, int]:
    """What this browser may see to, and when what let it in ends (unix seconds)."""
    return _ends(await get_session(request))


def _lasts(since: float, account: Account) -> bool:
    """Whether a sign-in at `since`, unix time, is neither too old nor ended by a new password."""
    return since >= account.sessions_from and time.time() < since + SESSION_LASTS


def _standing(session: Session) -> dict[str, int]:
    now = time.time()
    return {subject: until for subject, until in session.get("grants", {}).items() if until > now}


def _ends(session: Session) -> dict[str, int]:
    """A session of an earlier version does not know them: then they end with the grant."""
    known = session.get("ends", {})
    return {subject: known.get(subject, until) for subject, until in _standing(session).items()}


def _storage_of(request: web.Request, staff: Staff) -> EncryptedCookieStorage:
    return _storage(staff.key, request.app[SETTINGS].domain.startswith("https:"))


class _CookieStorage(EncryptedCookieStorage):
    """aiohttp-session's, which would stumble over bytes that no cookie of ours has."""

    def load_cookie(self, request: web.Request) -> str | None:
        """The cookie; None where it cannot be one of ours."""
        cookie = super().load_cookie(request)
        return cookie if cookie is not None and cookie.isascii() else None


@lru_cache(maxsize=4)
def _storage(key: str, is_https: bool) -> EncryptedCookieStorage:
    return _CookieStorage(
        key,
        cookie_name=COOKIE,
        max_age=SESSION_LASTS,
        secure=is_https,
        httponly=True,
        samesite="Lax",
    )
