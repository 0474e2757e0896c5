"""First answers in Redis: `answer:<sha256 of the key>` → who is at work on it, or the answer."""

import hashlib
import uuid
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import cast

import msgspec

from shop.errors import KeyInUse, KeyReused
from shop.leases import LEASE
from shop.storage import Storage

REMEMBERED = 24 * 3600
"""Seconds an answer is kept: as long as Stripe keeps its own."""

_CLAIM = f"""
-- KEYS: the place. ARGV: a claim. What is there already, or nothing: then the claim is.
local kept = redis.call('GET', KEYS[1])
if not kept then redis.call('SET', KEYS[1], ARGV[1], 'EX', {LEASE}) end
return kept
"""

_PROLONG = f"""
-- KEYS: the place. ARGV: a claim, which lives on if it is still the one there.
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('EXPIRE', KEYS[1], {LEASE}) end
"""

_SETTLE = f"""
-- KEYS: the place. ARGV: a claim, and what comes in its place, or '' for nothing. A claim that
-- lapsed counts as long as no other came after it.
local kept = redis.call('GET', KEYS[1])
if kept and kept ~= ARGV[1] then return end
if ARGV[2] == '' then redis.call('DEL', KEYS[1])
else redis.call('SET', KEYS[1], ARGV[2], 'EX', {REMEMBERED}) end
"""


class _Error(msgspec.Struct):
    code: str | None = None


class _ErrorBody(msgspec.Struct):
    error: _Error | None = None


class Answer(msgspec.Struct, frozen=True):
    """An answer as it was sent."""

    status: int
    content_type: str
    body: str

    @property
    def error_code(self) -> str | None:
        """The code in an error's body."""
        if self.status < 400:
            return None
        error = msgspec.json.decode(self.body, type=_ErrorBody).error
        return error.code if error else None


class _Kept(msgspec.Struct, frozen=True):
    """What lies in Redis: a claim for as long as there is no answer."""

    fingerprint: str
    holder: str = ""
    answer: Answer | None = None


@dataclass(frozen=True)
class Claim:
    """The right, and the duty, to answer the first request with a key."""

    place: str
    fingerprint: str
    text: str


class AnswerStore:
    """Claims and answers. Every method is one round trip and raises `RedisError`."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._claim = storage.redis.register_script(_CLAIM)
        self._prolong = storage.redis.register_script(_PROLONG)
        self._settle = storage.redis.register_script(_SETTLE)

    async def claim(self, key: str, asked: str) -> Claim | Answer:
        """A claim on the key; or the answer that the same request got before.

        Raises:
            KeyReused: the key was first used for a request with another fingerprint.
            KeyInUse: whoever claimed the key is still at work.
        """
        place = self._storage.key("answer", hashlib.sha256(key.encode()).hexdigest())
        text = _packed(_Kept(asked, holder=uuid.uuid4().hex))
        found = await cast(Awaitable[str | None], self._claim(keys=[place], args=[text]))
        if found is None:
            return Claim(place, asked, text)
        kept = msgspec.json.decode(found, type=_Kept)
        if kept.fingerprint != asked:
            raise KeyReused
        if kept.answer is None:
            raise KeyInUse
        return kept.answer

    async def prolong(self, claim: Claim) -> None:
        """Let a claim live for another `LEASE`."""
        await cast(Awaitable[None], self._prolong(keys=[claim.place], args=[claim.text]))

    async def settle(self, claim: Claim, answer: Answer | None) -> None:
        """Put the answer in the claim's place; None gives the key free again."""
        kept = _packed(_Kept(claim.fingerprint, answer=answer)) if answer else ""
        await cast(Awaitable[None], self._settle(keys=[claim.place], args=[claim.text, kept]))


def fingerprint(method: str, path: str, content_type: str, body: bytes) -> str:
    """What makes two requests the same one."""
    digest = hashlib.sha256()
    for part in (method.encode(), path.encode(), content_type.encode(), body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _packed(kept: _Kept) -> str:
    return msgspec.json.encode(kept).decode()
