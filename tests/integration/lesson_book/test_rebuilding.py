"""Making the book again from Stripe's lists."""

import asyncio
import time
from dataclasses import replace

import msgspec
import pytest

from shop.deleted_students import DeletedStudents
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import (
    CardUsed,
    PaymentEntry,
    PaymentState,
    StudentEntry,
    nameless,
)
from shop.lesson_book.keys import BookKeys
from shop.lesson_book.rebuilding import KEPT, Rebuilt, rebuild
from shop.lesson_book.refreshing import read_payment, read_student, refresh_payment
from shop.lesson_book.today import read_diary
from shop.lesson_book.upkeep import Upkeep
from shop.rules.lesson_ledger import is_lesson
from shop.settings import Settings
from shop.storage import Storage, open_storage
from shop.stripe_gateway import StripeGateway, open_gateway
from shop.student_index import StudentIndex
from shop.tasks import end
from tests.integration.conftest import Caller
from tests.integration.lesson_book.conftest import NEW_YORK
from tests.integration.students import hold, sign_up
from tests.stack import Stack


@pytest.fixture(autouse=True)
async def idle(stack: Stack) -> None:
    """Nothing changes at Stripe meanwhile, as it may while events of earlier tests are handled."""
    await asyncio.to_thread(stack.wait_until_idle)


async def whole(storage: Storage, gateway: StripeGateway) -> Rebuilt:
    return await rebuild(storage, gateway, NEW_YORK, whole=True)


async def everything(stripe: Caller, path: str) -> list[dict]:
    """A whole list, page by page."""
    rows, cursor = [], ""
    while True:
        _, page = await stripe.get(f"{path}?limit=100{cursor}")
        rows += page["data"]
        if not page["has_more"]:
            return rows
        cursor = f"&starting_after={page['data'][-1]['id']}"


async def in_book(storage: Storage) -> tuple[dict[str, StudentEntry], dict[str, PaymentEntry]]:
    """All entries."""
    keys, book = BookKeys(storage), LessonBook(storage)
    return (
        await book.students(await storage.redis.hkeys(keys.students)),
        await book.payments(await storage.redis.hkeys(keys.payments)),
    )


async def test_a_new_book_is_the_truth(stripe: Caller, storage: Storage, gateway: StripeGateway):
    """Every student and every lesson payment of the last 60 days, as read one by one."""
    done = await whole(storage, gateway)
    students, payments = await in_book(storage)

    since = time.time() - KEPT
    listed = await everything(stripe, "/v1/payment_intents")
    tried = [p for p in listed if is_lesson(p["metadata"]) and p["created"] >= since + 60]
    expected = [await read_payment(gateway, payment["id"]) for payment in tried]
    alive = {customer["id"] for customer in await everything(stripe, "/v1/customers")}
    told = [p if p.student in alive else nameless(p) for p in expected if p is not None]
    truth_of = {p.id: p for p in told}
    untrue = [(payments.get(name), truth) for name, truth in truth_of.items()]
    assert [(booked, truth) for booked, truth in untrue if booked != truth] == []
    extra = payments.keys() - {payment["id"] for payment in tried}
    older = {p["id"] for p in listed if p["created"] < since + 60}
    assert extra <= older

    booked = {p["customer"] for p in listed if p["id"] in payments}
    shown = [
        customer["id"]
        for customer in await everything(stripe, "/v1/customers")
        if customer["metadata"].get("first_lesson") or customer["id"] in booked
    ]
    assert sorted(students) == sorted(shown)
    now = time.time()
    for name in shown:
        truth = await read_student(gateway, name, NEW_YORK)
        ahead = truth.lesson and truth.lesson.at and truth.lesson.at > now
        if students[name].card is None and not ahead:
            truth = msgspec.structs.replace(truth, card=None)
        assert students[name] == truth
    assert (done.whole, done.students, done.payments) == (True, len(students), len(payments))
    assert abs((await Upkeep(storage).marks()).compared_at - now) < 60


async def test_every_state_is_met(storage: Storage, gateway: StripeGateway):
    """The history has them all, so that the test before means something."""
    await whole(storage, gateway)
    _, payments = await in_book(storage)
    states = {payment.state for payment in payments.values()}
    assert states >= {PaymentState.HELD, PaymentState.CAPTURED, PaymentState.FAILED}
    assert any(payment.refunds for payment in payments.values())
    assert any(payment.fee for payment in payments.values())


async def test_doing_it_again_changes_nothing(storage: Storage, gateway: StripeGateway):
    """And strikes out nothing."""
    await whole(storage, gateway)
    before = await in_book(storage)
    again = await whole(storage, gateway)
    students, payments = await in_book(storage)
    assert before[0].items() <= students.items()
    assert before[1].items() <= payments.items()
    assert again.struck == 0


async def test_a_lost_update_is_repaired(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, book: LessonBook
):
    """Nobody told the book of the capture, the new name or the deletion."""
    ada, bo = await sign_up(shop, stripe), await sign_up(shop, stripe, name="Bo Lind")
    held = await hold(shop, ada["id"])
    await whole(storage, gateway)
    assert (await book.payment(held["id"])).state is PaymentState.HELD

    await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    await stripe.form(f"/v1/customers/{ada['id']}", name="Ada King")
    await shop.post(f"/delete-account/{bo['id']}")
    await age(book, bo["id"])
    done = await whole(storage, gateway)
    assert (await book.payment(held["id"])).state is PaymentState.CAPTURED
    assert (await book.student(ada["id"])).name == "Ada King"
    assert [s.id for s in await book.find_students("ada king")] == [ada["id"]]
    assert await book.student(bo["id"]) is None
    assert bo["id"] not in [s.id for s in await book.find_students("bo lind")]
    assert done.struck == 1


async def age(book: LessonBook, customer_id: str) -> None:
    """Let the book believe that the student came an hour ago: Stripe's clock might be ahead."""
    student = await book.student(customer_id)
    await book.put_students([msgspec.structs.replace(student, created=student.created - 3600)])
    await next_millisecond()


async def next_millisecond() -> None:
    """The marks count milliseconds."""
    await asyncio.sleep(0.002)


async def test_who_has_only_just_come_is_not_struck_out(
    storage: Storage, gateway: StripeGateway, book: LessonBook
):
    """Stripe's clock may be ahead, so that the list did not reach them."""
    now = int(time.time())
    await book.put_students([StudentEntry(id="cus_new", created=now)], read_at=1)
    await book.put_students([StudentEntry(id="cus_old", created=now - 3600)], read_at=1)
    assert (await whole(storage, gateway)).struck == 1
    assert set(await book.students(["cus_new", "cus_old"])) == {"cus_new"}


async def test_what_an_event_has_told_meanwhile_stays(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, book: LessonBook
):
    """An older page does not undo it, nor bring back who was deleted."""
    student = await sign_up(shop, stripe)
    held = await hold(shop, student["id"])
    page_asked_for = await book.clock()
    old = await read_payment(gateway, held["id"])
    old_student = await read_student(gateway, student["id"], NEW_YORK)
    await next_millisecond()

    await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    new = await refresh_payment(storage, gateway, held["id"])
    await book.strike_students([student["id"]])
    await book.put_payments([old], read_at=page_asked_for)
    await book.put_students([old_student], read_at=page_asked_for)
    assert await book.payment(held["id"]) == new
    assert new.state is PaymentState.CAPTURED
    assert await book.student(student["id"]) is None
    assert await book.find_students(student["email"]) == []
    assert held["id"] not in await storage.redis.zrange(BookKeys(storage).holds, 0, -1)


async def test_payments_of_the_deleted_come_back_without_the_person(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, book: LessonBook
):
    """Also into a Redis that never heard of the deletion: the name space here is another."""
    gone, stays = [await sign_up(shop, stripe) for _ in range(2)]
    payments = [(await hold(shop, each["id"]))["id"] for each in (gone, stays)]
    for payment in payments:
        await shop.post("/complete-lesson-payment", {"payment_intent_id": payment})
    await shop.post(f"/delete-account/{gone['id']}")
    await whole(storage, gateway)
    shown = [await book.payment(payment) for payment in payments]
    assert [(p.captured, p.description, p.card) for p in shown] == [
        (6500, None, None),
        (6500, "Guitar lesson", CardUsed("visa", "4242")),
    ]
    assert await DeletedStudents(storage).among([gone["id"], stays["id"]]) == {gone["id"]}
    assert await StudentIndex(storage, gateway).with_email(gone["email"]) == []


async def test_a_rebuild_that_dies_half_way(
    settings: Settings, storage: Storage, gateway: StripeGateway, book: LessonBook
):
    """The book stays what it was, or gets newer; the next run does the whole work."""
    await book.put_students([StudentEntry(id="cus_gone", created=1, name="Gone")], read_at=1)
    slow = replace(settings, stripe_rate_total=4, stripe_rate_per_endpoint=4)
    keys = BookKeys(storage)
    async with open_storage(slow) as same, open_gateway(slow, same) as slowly:
        dying = asyncio.create_task(whole(same, slowly))
        while not await storage.redis.hlen(keys.payments):
            assert not dying.done()
            await asyncio.sleep(0.01)
        await end([dying])
    assert dying.cancelled()
    assert (await Upkeep(storage).marks()).compared_at is None
    assert [s.id for s in await book.find_students("gone")] == ["cus_gone"]
    diary = await read_diary(storage, int(time.time()), NEW_YORK)
    assert (diary.compared_at, len(diary.holds) > 0) == (None, True)

    done = await rebuild(storage, gateway, NEW_YORK, whole=False)
    assert done.whole is True
    assert await book.find_students("gone") == []
    diary = await read_diary(storage, int(time.time()), NEW_YORK)
    assert (len(diary.lessons) > 0, diary.compared_at is not None) == (True, True)


async def test_a_redis_that_is_emptied_meanwhile(settings: Settings, storage: Storage):
    """A book that has only what was read after that is not taken for the whole."""
    slow = replace(settings, stripe_rate_total=10, stripe_rate_per_endpoint=10)
    keys = BookKeys(storage)
    async with open_storage(slow) as same, open_gateway(slow, same) as slowly:
        rebuilding = asyncio.create_task(whole(same, slowly))
        while not await storage.redis.hlen(keys.payments):
            assert not rebuilding.done()
            await asyncio.sleep(0.01)
        ours = [name async for name in storage.redis.scan_iter(storage.key("*"))]
        await storage.redis.delete(*ours)
        done = await rebuilding
    assert (done.whole, (await Upkeep(storage).marks()).compared_at) == (False, None)


async def test_afterwards_only_what_is_new_is_read(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, book: LessonBook
):
    """A few calls, however large the account; nothing is struck out by them."""
    await whole(storage, gateway)
    compared_at = (await Upkeep(storage).marks()).compared_at
    await book.put_students([StudentEntry(id="cus_old", created=1)], read_at=1)
    student = await sign_up(shop, stripe)
    held = await hold(shop, student["id"])
    done = await rebuild(storage, gateway, NEW_YORK, whole=False)
    assert (done.whole, done.struck) == (False, 0)
    assert await book.payment(held["id"]) == await read_payment(gateway, held["id"])
    assert await book.student(student["id"]) == await read_student(gateway, student["id"], NEW_YORK)
    assert await book.student("cus_old") is not None
    assert (await Upkeep(storage).marks()).compared_at == compared_at


async def test_the_index_of_addresses_is_fed(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway
):
    """From the same pages, whatever the letter case."""
    student = await sign_up(shop, stripe)
    await stripe.form(f"/v1/customers/{student['id']}", email=student["email"].title())
    await whole(storage, gateway)
    found = await StudentIndex(storage, gateway).with_email(student["email"].upper())
    assert [each.id for each in found] == [student["id"]]


async def test_payments_that_are_over_for_long_go(storage: Storage):
    """60 days after their last change; an open hold never, whatever its age."""
    book, keys, now = LessonBook(storage), BookKeys(storage), int(time.time())
    ended = now - KEPT - 10
    over = PaymentEntry(
        id="pi_over",
        student="cus_1",
        created=ended - 9,
        ended_at=ended,
        state=PaymentState.CAPTURED,
        amount=6500,
        currency="usd",
    )
    changed = msgspec.structs.replace(over, id="pi_changed", ended_at=now)
    open_hold = msgspec.structs.replace(over, id="pi_open", state=PaymentState.HELD)
    await book.put_payments([over, changed, open_hold])
    await next_millisecond()
    assert await Upkeep(storage).trim(now - KEPT) == 1
    assert set((await in_book(storage))[1]) == {"pi_changed", "pi_open"}
    assert await storage.redis.zrange(keys.payments_of("cus_1"), 0, -1) == ["pi_changed", "pi_open"]
    assert await storage.redis.zrange(keys.read_payments, 0, -1) == ["pi_changed", "pi_open"]
