"""The diary as it stands at this moment, read from the book in four round trips."""

from typing import cast
from zoneinfo import ZoneInfo

from msgspec import Struct

from shop.lesson_book import diary
from shop.lesson_book.book import LessonBook
from shop.lesson_book.diary import AttentionRow, LessonRow
from shop.lesson_book.entries import PaymentEntry, StudentEntry
from shop.lesson_book.keys import BookKeys
from shop.storage import Storage


class Diary(Struct, frozen=True, kw_only=True):
    """What staff see to; every list has at most `diary.MOST` rows, `more` tells what is beyond.

    Attributes:
        compared_at: when the book was last compared with all of Stripe, unix seconds.
        students: those of the payments, by id; somebody who was deleted is not there.
    """

    compared_at: int | None
    lessons: list[LessonRow]
    holds: list[PaymentEntry]
    failed: list[PaymentEntry]
    attention: list[AttentionRow]
    more: dict[str, int]
    students: dict[str, StudentEntry]


class _Ids(Struct):
    """What the sorted sets say."""

    compared_at: str | None
    lessons: list[str]
    lessons_in_all: int
    holds: list[str]
    holds_in_all: int
    expiring: list[str]
    failed: list[str]
    troubled: list[str]


async def read_diary(storage: Storage, now: int, zone: ZoneInfo, *, skip: int = 0) -> Diary:
    """The diary at `now` (unix seconds), its days those of the shop's clock.

    Args:
        skip: how many of the first lessons to leave out, for whoever wants to see those beyond.

    Raises:
        RedisError: Redis is away.
    """
    book = LessonBook(storage)
    ids = await _ids(storage, now, zone, skip)
    found = await book.payments((*ids.holds, *ids.expiring, *ids.failed, *ids.troubled))
    concerned = [found[name].student for name in (*ids.failed, *ids.troubled) if name in found]
    of_student = await book.payments_of((*ids.lessons, *concerned))
    students = await book.students((*ids.lessons, *(each.student for each in found.values())))

    def of(names: list[str]) -> list[PaymentEntry]:
        return [found[name] for name in names if name in found]

    rows = [
        diary.lesson_row(students[name], of_student.get(name, ()), now)
        for name in ids.lessons
        if name in students
    ]
    failed = [each for each in of(ids.failed) if each.student in students]
    lessons, more_lessons = diary.cut(rows, max(len(rows), ids.lessons_in_all - skip))
    holds, more_holds = diary.cut(of(ids.holds), ids.holds_in_all)
    still_failed, more_failed = diary.cut(diary.still_failed(failed, of_student))
    attention, more_attention = diary.cut(
        diary.attention(of(ids.expiring), of(ids.troubled), of_student, now)
    )
    return Diary(
        compared_at=int(ids.compared_at) if ids.compared_at else None,
        lessons=lessons,
        holds=holds,
        failed=still_failed,
        attention=attention,
        more={
            "lessons": more_lessons,
            "holds": more_holds,
            "failed": more_failed,
            "attention": more_attention,
        },
        students=students,
    )


async def _ids(storage: Storage, now: int, zone: ZoneInfo, skip: int) -> _Ids:
    keys = BookKeys(storage)
    days = diary.days_shown(now, zone)
    soon = now + diary.EXPIRES_SOON
    async with storage.redis.pipeline(transaction=False) as pipe:
        pipe.get(keys.compared_at)
        pipe.zrangebyscore(keys.lessons, days.start, days.end, start=skip, num=diary.MOST)
        pipe.zcount(keys.lessons, days.start, days.end)
        pipe.zrange(keys.holds, 0, diary.MOST - 1)
        pipe.zcard(keys.holds)
        pipe.zrangebyscore(keys.holds, "-inf", soon)
        pipe.zrangebyscore(keys.failed, now - diary.FAILED_SINCE, "+inf")
        pipe.zrange(keys.troubled, 0, -1)
        answers = await pipe.execute()
    return _Ids(*cast(list[object], answers))  # type: ignore[arg-type]
