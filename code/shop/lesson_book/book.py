"""The lesson book in Redis: a hash of students, one of payments, and sorted sets of their ids.

students         customer id → entry
payments         PaymentIntent id → entry
lessons          customer ids by the moment of their lesson
holds            ids of open holds by the moment they lapse
payments-of:…    ids of a student's payments by the moment they were made
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from shop.lesson_book.entries import PaymentEntry, PaymentState, StudentEntry
from shop.storage import Storage

Entry = TypeVar("Entry", StudentEntry, PaymentEntry)

NEVER = "+inf"
"""The score of a hold whose end Stripe did not tell."""


class LessonBook:
    """Reads and writes the book. All methods raise `RedisError` where Redis is away."""

    def __init__(self, storage: Storage) -> None:
        self._redis = storage.redis
        self._students = storage.key("lesson-book", "students")
        self._payments = storage.key("lesson-book", "payments")
        self._lessons = storage.key("lesson-book", "lessons")
        self._holds = storage.key("lesson-book", "holds")
        self._payments_of = storage.key("lesson-book", "payments-of")

    async def put_students(self, entries: Sequence[StudentEntry]) -> None:
        """Write students down, in place of what the book said of them."""
        async with self._redis.pipeline(transaction=True) as pipe:
            for entry in entries:
                pipe.hset(self._students, entry.id, _packed(entry))
                if entry.lesson and entry.lesson.at is not None:
                    pipe.zadd(self._lessons, {entry.id: entry.lesson.at})
                else:
                    pipe.zrem(self._lessons, entry.id)
            await pipe.execute()

    async def forget_students(self, customer_ids: Iterable[str]) -> None:
        """Strike students out who were deleted. Their payments stay, as they do at Stripe."""
        gone = tuple(customer_ids)
        if not gone:
            return
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hdel(self._students, *gone)
            pipe.zrem(self._lessons, *gone)
            await pipe.execute()

    async def student(self, customer_id: str) -> StudentEntry | None:
        """One student, or None where the book does not know them."""
        found = await self.students((customer_id,))
        return found.get(customer_id)

    async def students(self, customer_ids: Iterable[str]) -> dict[str, StudentEntry]:
        """Those of the students whom the book knows, by id."""
        return await self._entries(self._students, customer_ids, StudentEntry)

    async def put_payments(self, entries: Sequence[PaymentEntry]) -> None:
        """Write payments down, in place of what the book said of them."""
        async with self._redis.pipeline(transaction=True) as pipe:
            for entry in entries:
                pipe.hset(self._payments, entry.id, _packed(entry))
                pipe.zadd(f"{self._payments_of}:{entry.student}", {entry.id: entry.created})
                if entry.state is PaymentState.HELD:
                    pipe.zadd(self._holds, {entry.id: entry.capture_before or NEVER})
                else:
                    pipe.zrem(self._holds, entry.id)
            await pipe.execute()

    async def payment(self, payment_intent_id: str) -> PaymentEntry | None:
        """One payment, or None where the book does not know it."""
        found = await self.payments((payment_intent_id,))
        return found.get(payment_intent_id)

    async def payments(self, payment_intent_ids: Iterable[str]) -> dict[str, PaymentEntry]:
        """Those of the payments that the book knows, by id."""
        return await self._entries(self._payments, payment_intent_ids, PaymentEntry)

    async def _entries(self, key: str, ids: Iterable[str], kind: type[Entry]) -> dict[str, Entry]:
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        found = await self._redis.hmget(key, wanted)
        decode = msgspec.json.Decoder(kind).decode
        return {name: decode(text) for name, text in zip(wanted, found, strict=True) if text}


def _packed(entry: StudentEntry | PaymentEntry) -> str:
    return msgspec.json.encode(entry).decode()
