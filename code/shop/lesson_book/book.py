"""The lesson book: writing entries into Redis, and reading them.

Whoever writes may say when Stripe was asked (`read_at`, milliseconds by `clock`); otherwise it was
just now. What the book has from a later moment stays, so an old page of a list cannot undo what
an event has told meanwhile.
"""

from collections.abc import Awaitable, Iterable, Sequence
from typing import TypeVar, cast

import msgspec

from shop.lesson_book import scripts
from shop.lesson_book.entries import PaymentEntry, StudentEntry, nameless
from shop.lesson_book.keys import BookKeys
from shop.lesson_book.places import places
from shop.lesson_book.words import asked, words_of
from shop.storage import Storage

Entry = TypeVar("Entry", StudentEntry, PaymentEntry)

NEWEST = 20
"""Payments of one student that are looked at: the newest tell where the student stands."""

MOST_FOUND = 20


class LessonBook:
    """Reads and writes the book. All methods raise `RedisError` where Redis is away."""

    def __init__(self, storage: Storage) -> None:
        self._redis = redis = storage.redis
        self._keys = BookKeys(storage)
        self._put_students = redis.register_script(scripts.PUT_STUDENTS)
        self._strike_students = redis.register_script(scripts.STRIKE_STUDENTS)
        self._put_payments = redis.register_script(scripts.PUT_PAYMENTS)
        self._read = redis.register_script(scripts.ENTRIES)
        self._newest_of = redis.register_script(scripts.NEWEST_OF)
        self._find = redis.register_script(scripts.FIND)

    async def clock(self) -> int:
        """The present by Redis's clock, milliseconds: to be noted before Stripe is asked."""
        seconds, microseconds = await self._redis.time()
        return int(seconds) * 1000 + int(microseconds) // 1000

    async def put_students(
        self, entries: Sequence[StudentEntry], *, read_at: int | None = None
    ) -> None:
        """Write students down, in place of what the book said of them."""
        args: list[str | int] = ["" if read_at is None else read_at]
        for entry in entries:
            at = entry.lesson.at if entry.lesson else None
            words = " ".join(words_of(entry))
            args += [entry.id, _packed(entry), "" if at is None else at, words]
        await cast(Awaitable[object], self._put_students(keys=self._keys.of_students, args=args))

    async def forget_students(self, customer_ids: Sequence[str]) -> None:
        """Strike out students who were deleted, of whom `DeletedStudents` knows.

        Their payments stay, as they do at Stripe, without what the student could be known by.
        """
        await self.strike_students(customer_ids)
        for customer_id in customer_ids:
            ids = await self._redis.zrange(self._keys.payments_of(customer_id), 0, -1)
            of_student = await self.payments(map(str, ids))
            await self._put(list(map(nameless, of_student.values())), of_deleted=True)

    async def strike_students(self, customer_ids: Iterable[str]) -> None:
        """Strike out customers who are no students."""
        gone = list(customer_ids)
        if gone:
            keys = self._keys.of_students
            await cast(Awaitable[object], self._strike_students(keys=keys, args=["", *gone]))

    async def student(self, customer_id: str) -> StudentEntry | None:
        """One student, or None where the book does not know them."""
        return (await self.students((customer_id,))).get(customer_id)

    async def students(self, customer_ids: Iterable[str]) -> dict[str, StudentEntry]:
        """Those of the students whom the book knows, by id."""
        return await self._entries(self._keys.students, customer_ids, StudentEntry)

    async def find_students(self, question: str) -> list[StudentEntry]:
        """Students in whose name, e-mail address or id every word of the question begins a word.

        At most `MOST_FOUND`, in the order of the alphabet; none where nothing is asked.
        """
        words = asked(question)
        if not words:
            return []
        found = await cast(
            Awaitable[list[str]],
            self._find(keys=[self._keys.words, self._keys.words_of], args=[MOST_FOUND, *words]),
        )
        return list((await self.students(found)).values())

    async def put_payments(
        self, entries: Sequence[PaymentEntry], *, read_at: int | None = None
    ) -> None:
        """Write payments down, in place of what the book said of them.

        Those of deleted students are written without what the student could be known by.
        """
        left_out = set(await self._put(entries, read_at=read_at))
        if left_out:
            bare = [nameless(entry) for entry in entries if entry.id in left_out]
            await self._put(bare, read_at=read_at, of_deleted=True)

    async def _put(
        self,
        entries: Sequence[PaymentEntry],
        *,
        read_at: int | None = None,
        of_deleted: bool = False,
    ) -> list[str]:
        args: list[str | int] = ["" if read_at is None else read_at, "too" if of_deleted else ""]
        for entry in entries:
            of_student = self._keys.payments_of(entry.student)
            args += [entry.id, _packed(entry), entry.student, of_student, entry.created]
            args += places(entry)
        keys = [*self._keys.of_payments, self._keys.deleted_students]
        return await cast(Awaitable[list[str]], self._put_payments(keys=keys, args=args))

    async def payment(self, payment_intent_id: str) -> PaymentEntry | None:
        """One payment, or None where the book does not know it."""
        return (await self.payments((payment_intent_id,))).get(payment_intent_id)

    async def payments(self, payment_intent_ids: Iterable[str]) -> dict[str, PaymentEntry]:
        """Those of the payments that the book knows, by id."""
        return await self._entries(self._keys.payments, payment_intent_ids, PaymentEntry)

    async def payments_of(self, customer_ids: Iterable[str]) -> dict[str, list[PaymentEntry]]:
        """The newest payments of each student, newest first; students without any are left out."""
        keys = [self._keys.payments_of(customer_id) for customer_id in dict.fromkeys(customer_ids)]
        if not keys:
            return {}
        found = await cast(
            Awaitable[str], self._newest_of(keys=[self._keys.payments], args=[NEWEST, *keys])
        )
        by_student: dict[str, list[PaymentEntry]] = {}
        for entry in msgspec.json.Decoder(PaymentEntry).decode_lines(found):
            by_student.setdefault(entry.student, []).append(entry)
        return by_student

    async def _entries(self, key: str, ids: Iterable[str], kind: type[Entry]) -> dict[str, Entry]:
        wanted = list(dict.fromkeys(ids))
        if not wanted:
            return {}
        found = await cast(Awaitable[str], self._read(keys=[key], args=wanted))
        return {entry.id: entry for entry in msgspec.json.Decoder(kind).decode_lines(found)}


def _packed(entry: StudentEntry | PaymentEntry) -> str:
    return msgspec.json.encode(entry).decode()
