"""Writing many entries into the book, and reading them, with a real Redis."""

import itertools
import time

from shop.lesson_book.book import MOST_FOUND, LessonBook
from shop.lesson_book.diary import MOST
from shop.lesson_book.entries import Lesson, PaymentEntry, PaymentState, StudentEntry
from shop.lesson_book.keys import BookKeys
from shop.lesson_book.today import read_diary
from shop.lesson_book.words import asked, words_of
from shop.storage import Storage
from tests.integration.lesson_book.conftest import NEW_YORK

FIRST = ("Ada", "Adam", "Zoë", "Zora", "Anne-Marie", "Søren", "Mo")
LAST = ("O'Brien", "Okafor", "Lind", "Lindqvist", "King", "Li")
PAIRS = list(itertools.product(FIRST, LAST))


def people(count: int) -> list[StudentEntry]:
    """Students whose names come again and again."""
    return [
        StudentEntry(
            id=f"cus_{n:05}",
            created=n,
            name=" ".join(PAIRS[n % len(PAIRS)]),
            email=f"person{n}@example.com",
        )
        for n in range(count)
    ]


async def test_finding_is_what_looking_through_everybody_is(book: LessonBook):
    """For beginnings of one word and of several, in any order."""
    everybody = people(80)
    await book.put_students(everybody)
    words = ("a", "ada", "adam", "zo", "marie", "obrien", "o'b", "li", "lind", "soren", "person7")
    questions = [*words, *(" ".join(pair) for pair in itertools.permutations(words, 2))]
    for question in questions:
        found = [student.id for student in await book.find_students(question)]
        truth = {
            student.id
            for student in everybody
            if all(any(w.startswith(a) for w in words_of(student)) for a in asked(question))
        }
        assert len(found) == len(set(found)) == min(len(truth), MOST_FOUND), question
        assert set(found) <= truth, question


async def test_a_rare_pair_among_many(book: LessonBook):
    """Beyond the first of those who share a word."""
    await book.put_students(
        [StudentEntry(id=f"cus_a{n}", created=n, name="Ada Ada") for n in range(1200)]
    )
    await book.put_students(
        [StudentEntry(id=f"cus_b{n}", created=n, name="Bo Bo") for n in range(1300)]
    )
    await book.put_students([StudentEntry(id="cus_z", created=1, name="Ada Bo")])
    assert [student.id for student in await book.find_students("a b")] == ["cus_z"]


async def test_whoever_is_struck_out_leaves_no_word_behind(book: LessonBook, storage: Storage):
    """Nor after having been renamed."""
    keys = BookKeys(storage)
    await book.put_students(people(30))
    await book.put_students(
        [StudentEntry(id=f"cus_{n:05}", created=n, name="X") for n in range(30)]
    )
    assert await storage.redis.zcard(keys.words) == 60  # the new name and the id
    await book.forget_students([f"cus_{n:05}" for n in range(30)])
    left = [keys.students, keys.words, keys.words_of, keys.lessons]
    assert await storage.redis.exists(*left) == 0


async def test_lists_are_cut_and_say_so(book: LessonBook, storage: Storage):
    """200 rows of each, the first by time; the lessons beyond can be asked for."""
    now = int(time.time())
    await book.put_students(
        [
            StudentEntry(id=f"cus_{n:03}", created=1, lesson=Lesson("soon", now + 60 + n))
            for n in range(MOST + 7)
        ]
    )
    await book.put_payments(
        [
            PaymentEntry(
                id=f"pi_{n:03}",
                student=f"cus_{n:03}",
                created=now,
                state=PaymentState.HELD,
                amount=6500,
                currency="usd",
                capture_before=now + 90_000 + n,
            )
            for n in range(MOST + 3)
        ]
    )
    diary = await read_diary(storage, now, NEW_YORK)
    assert diary.more == {"lessons": 7, "holds": 3, "failed": 0, "attention": 0}
    assert [row.student.id for row in diary.lessons] == [f"cus_{n:03}" for n in range(MOST)]
    assert [hold.id for hold in diary.holds] == [f"pi_{n:03}" for n in range(MOST)]
    assert not any(row.needs_hold for row in diary.lessons)

    beyond = await read_diary(storage, now, NEW_YORK, skip=MOST)
    assert [row.student.id for row in beyond.lessons] == [f"cus_{n}" for n in range(200, 207)]
    assert [row.needs_hold for row in beyond.lessons] == [False] * 3 + [True] * 4
    assert beyond.more["lessons"] == 0
