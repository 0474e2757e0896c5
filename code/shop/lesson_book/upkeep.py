"""What a rebuild does to the book beside writing entries: striking out, trimming, noting how far.

Nothing is emptied at any time: entries are replaced one by one, and only at the end does what
Stripe lists no more go.
"""

from collections.abc import Awaitable, Iterable, Sequence
from typing import cast

from msgspec import Struct

from shop.lesson_book import scripts
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import PaymentEntry
from shop.lesson_book.keys import BookKeys
from shop.rules.window import Window
from shop.storage import Storage

AT_ONCE = 500
"""Ids that are handled by one command."""


class Marks(Struct, frozen=True):
    """Up to when lists were read into the book, and when it was last compared with all of Stripe.

    Unix seconds; None where it never was.
    """

    read_to: int | None
    compared_at: int | None


class Upkeep:
    """All methods raise `RedisError` where Redis is away."""

    def __init__(self, storage: Storage) -> None:
        self._redis = storage.redis
        self._keys = BookKeys(storage)
        self._book = LessonBook(storage)
        self._strike_students = storage.redis.register_script(scripts.STRIKE_STUDENTS)
        self._strike_payments = storage.redis.register_script(scripts.STRIKE_PAYMENTS)

    async def marks(self) -> Marks:
        """How far the book has been read."""
        found = await self._redis.mget(self._keys.read_to, self._keys.compared_at)
        return Marks(*(int(mark) if mark else None for mark in found))

    async def note_read_to(self, moment: int) -> None:
        """All lists were read up to this moment (unix seconds)."""
        await self._redis.set(self._keys.read_to, moment)

    async def begin_comparing(self) -> None:
        """Leave a sign that is gone, with all that is written meanwhile, if Redis is emptied."""
        await self._redis.set(self._keys.comparing, 1)

    async def note_compared(self, moment: int) -> bool:
        """The book says what all of Stripe said at this moment (unix seconds).

        False, and nothing is noted, where Redis was emptied since the comparison began: what was
        read before that is missing.
        """
        if not await self._redis.exists(self._keys.comparing):
            return False
        await self._redis.set(self._keys.compared_at, moment)
        return True

    async def have_payments(self, customer_ids: Sequence[str]) -> set[str]:
        """Those who have a lesson payment in the book."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for customer_id in customer_ids:
                pipe.exists(self._keys.payments_of(customer_id))
            found = await pipe.execute()
        return {name for name, exists in zip(customer_ids, found, strict=True) if exists}

    async def strike_unlisted_students(self, window: Window, before: int) -> int:
        """Strike out students made inside the window whom no list has had since `before` (ms)."""
        struck = 0
        for ids in _in_parts(await self._not_read_since(self._keys.read_students, before)):
            known = await self._book.students(ids)
            later = {e.id for e in known.values() if not window.start <= e.created <= window.end}
            gone = [name for name in ids if name not in later]
            args: list[str | int] = [before, *gone]
            struck += await cast(
                Awaitable[int], self._strike_students(keys=self._keys.of_students, args=args)
            )
        return struck

    async def strike_unlisted_payments(self, window: Window, before: int) -> int:
        """The same for payments."""
        struck = 0
        for ids in _in_parts(await self._not_read_since(self._keys.read_payments, before)):
            known = await self._book.payments(ids)
            gone = [e for e in known.values() if window.start <= e.created <= window.end]
            struck += await self._strike(gone, before)
        return struck

    async def trim(self, until: int) -> int:
        """Strike out payments that are over and did not change after `until` (unix seconds)."""
        now = await self._book.clock()
        over = await self._redis.zrangebyscore(self._keys.over, "-inf", until)
        struck = 0
        for ids in _in_parts(cast(list[str], over)):
            struck += await self._strike((await self._book.payments(ids)).values(), now)
        return struck

    async def _strike(self, payments: Iterable[PaymentEntry], before: int) -> int:
        args: list[str | int] = [before]
        for payment in payments:
            args += [payment.id, self._keys.payments_of(payment.student)]
        return await cast(
            Awaitable[int], self._strike_payments(keys=self._keys.of_payments, args=args)
        )

    async def _not_read_since(self, key: str, before: int) -> list[str]:
        return cast(list[str], await self._redis.zrangebyscore(key, "-inf", f"({before}"))


def _in_parts(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE))
