"""How far the letters of a report are: notes of the job that sends them, for whoever watches.

Which letters were sent is not noted here; the postbox knows (`shop.mail.sent_letters`).
"""

import time
from enum import Enum

import msgspec

from shop.reports.record import KEPT
from shop.storage import Storage

SILENT = 120
"""Seconds without a sign of life after which a sending counts as over: its job is dead or lost."""


class Outcome(Enum):
    """Why a letter was not sent. The value is what the route answers."""

    NOT_NEEDED = "not_needed"
    """The payment or the card has changed since the report."""
    REFUSED = "refused"
    """The mail server will never take it to this address."""
    FAILED = "failed"
    """It was not taken for now."""


class Note(msgspec.Struct, frozen=True):
    """What became of a letter at `at`, unix seconds; `message` is a sentence for people."""

    outcome: Outcome
    message: str
    at: int


class Sending:
    """The letters of one report. All methods raise `RedisError` where Redis is away."""

    def __init__(self, storage: Storage, report_id: str) -> None:
        self._redis = storage.redis
        self._under_way = storage.key("report-letters-under-way", report_id)
        self._notes = storage.key("report-letters", report_id)

    async def begin(self) -> bool:
        """Whether nobody sends them; from now on somebody does, and old notes are gone."""
        if not await self._redis.set(self._under_way, "1", nx=True, ex=SILENT):
            return False
        await self._redis.delete(self._notes)
        return True

    async def live(self) -> None:
        """A sign of life of the job."""
        await self._redis.set(self._under_way, "1", ex=SILENT)

    async def end(self) -> None:
        """The job is over."""
        await self._redis.delete(self._under_way)

    async def is_under_way(self) -> bool:
        """Whether a job sends them, or waits for its turn."""
        return bool(await self._redis.exists(self._under_way))

    async def note(self, payment_intent_id: str, outcome: Outcome, message: str) -> None:
        """Say why a letter was not sent."""
        note = Note(outcome, message, int(time.time()))
        await self._redis.hset(self._notes, payment_intent_id, msgspec.json.encode(note).decode())
        await self._redis.expire(self._notes, KEPT)

    async def notes(self) -> dict[str, Note]:
        """What was noted, by PaymentIntent."""
        found = await self._redis.hgetall(self._notes)
        decode = msgspec.json.Decoder(Note).decode
        return {str(name): decode(text) for name, text in found.items()}
