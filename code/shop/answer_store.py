"""First answers in Redis: `answer:<sha256 of the key>` → who is at work on it, or the answer.

Answers that name a student are noted under the student (`answers-of:<id>`), and are buried when the
student is deleted: whoever repeats such a request then hears that there is no such student.
"""

import hashlib
import uuid
from collections.abc import Awaitable, Iterator
from dataclasses import dataclass
from typing import cast

import msgspec

from shop.deleted_students import deleted_students_key
from shop.errors import KeyInUse, KeyReused, UnknownCustomer
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
-- KEYS: the place, ids of deleted students, then the notes of each student that the answer names.
-- ARGV: a claim, and what comes in its place, or '' for nothing; then for each of these students
-- the id, and what comes in its place if they were deleted meanwhile. A claim that lapsed counts as
-- long as no other came after it.
local kept = redis.call('GET', KEYS[1])
if kept and kept ~= ARGV[1] then return end
local answer = ARGV[2]
for i = 3, #KEYS do
  local student = 2 * i - 3
  if redis.call('SISMEMBER', KEYS[2], ARGV[student]) == 1 then answer = ARGV[student + 1] end
  redis.call('SADD', KEYS[i], KEYS[1])
  redis.call('EXPIRE', KEYS[i], {REMEMBERED})
end
if answer == '' then redis.call('DEL', KEYS[1])
else redis.call('SET', KEYS[1], answer, 'EX', {REMEMBERED}) end
"""


class _Error(msgspec.Struct):
    code: str | None = None


class _ErrorBody(msgspec.Struct):
    error: _Error | None = None


class Answer(msgspec.Struct, frozen=True):
    """An answer as it was sent.

    Attributes:
        at: when, in unix seconds; 0 where an earlier version kept it.
    """

    status: int
    content_type: str
    body: str
    at: int = 0

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
        keys, args = [claim.place, deleted_students_key(self._storage)], [claim.text, kept]
        for student in sorted(students_named(answer)) if answer else ():
            keys.append(self._answers_of(student))
            args += [student, _packed(_Kept(claim.fingerprint, answer=_buried(student)))]
        await cast(Awaitable[None], self._settle(keys=keys, args=args))

    async def bury(self, customer_id: str) -> None:
        """Put "no such student" in the place of every answer that names a deleted one."""
        redis, notes = self._storage.redis, self._answers_of(customer_id)
        for place in map(str, await redis.smembers(notes)):
            found = await redis.get(place)
            if found is not None:
                kept = msgspec.json.decode(found, type=_Kept)
                buried = _packed(_Kept(kept.fingerprint, answer=_buried(customer_id)))
                await redis.set(place, buried, xx=True, keepttl=True)
        await redis.delete(notes)

    def _answers_of(self, customer_id: str) -> str:
        return self._storage.key("answers-of", customer_id)


def fingerprint(method: str, path: str, content_type: str, body: bytes) -> str:
    """What makes two requests the same one; `content_type` as its header brings it."""
    digest = hashlib.sha256()
    header = content_type.encode(errors="surrogateescape")
    for part in (method.encode(), path.encode(), header, body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def students_named(answer: Answer) -> set[str]:
    """Ids of the students that an answer is about, wherever it names them."""
    is_json = answer.content_type.startswith("application/json")
    return set(_named(msgspec.json.decode(answer.body))) if is_json else set()


def _named(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _named(item)
    elif isinstance(value, dict):
        for name, item in value.items():
            if name in ("customer", "customer_id") and isinstance(item, str):
                yield item
            elif name == "customer" and isinstance(item, dict):
                yield str(item.get("id"))
            else:
                yield from _named(item)


def _buried(customer_id: str) -> Answer:
    error = UnknownCustomer(customer_id)
    body = {"error": {"code": error.code, "message": error.message}}
    return Answer(404, "application/json; charset=utf-8", msgspec.json.encode(body).decode())


def _packed(kept: _Kept) -> str:
    return msgspec.json.encode(kept).decode()
