"""What webhooks that never came left undone is done at night, and nothing is done twice."""

import time
from contextlib import closing
from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from jobs.catalogue import REBUILD_LESSON_BOOK
from jobs.events.table import act
from jobs.look_at_holds import look, look_at_holds
from jobs.nightly import repair
from jobs.queue import JobQueue
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import PaymentState
from shop.lesson_book.upkeep import Upkeep
from shop.seen_events import SeenEvents
from tests.integration.events.conftest import Studio
from tests.integration.students import confirm_card, new_email, start_signup

NIGHT = "2026-11-23"
DAY = 24 * 3600


async def remember_since(studio: Studio, moment: int) -> None:
    """As if Redis had been there since then."""
    storage = studio.desk.storage
    await storage.redis.set(storage.key("events", "since"), moment)


async def a_day(studio: Studio) -> tuple[str, list[str]]:
    """A student who closed the tab, and a student with four payments; no event arrives."""
    started = await start_signup(studio.shop, new_email())
    await confirm_card(studio.stripe, started["client_secret"])
    student = await studio.student()
    taken, given_back, lapsed = [await studio.hold(student, 6500) for _ in range(3)]
    for payment in (taken, given_back):
        body = {"payment_intent_id": payment, "amount": 5000}
        await studio.shop.post("/complete-lesson-payment", body)
    body = {"payment_intent_id": given_back, "amount": 1000}
    await studio.shop.post("/refund-lesson", body)
    await studio.pass_time(5 * DAY)
    held = await studio.hold(student, 7000)
    return started["customer_id"], [taken, given_back, lapsed, held]


async def state(studio: Studio, tab_closed: str, payments: list[str]) -> dict[str, object]:
    """Everything that events change."""
    book = LessonBook(studio.desk.storage)
    _, account = await studio.shop.get(f"/payment-method/{tab_closed}")
    return {
        "payments": await book.payments(payments),
        "students": sorted(map(str, (await book.students([tab_closed])).values())),
        "card": account["card"],
        "letters": set(studio.letters()),
    }


async def forget_all(studio: Studio) -> None:
    await studio.desk.storage.redis.flushdb()
    for letter in studio.desk.settings.var_dir.glob("mail/*"):
        letter.unlink()


async def test_after_a_night_all_is_as_if_the_events_had_come(studio: Studio):
    """Book, cards and letters; and more nights do nothing more."""
    tab_closed, payments = await a_day(studio)
    await remember_since(studio, 0)
    record = await repair(studio.desk, NIGHT)
    repaired = await state(studio, tab_closed, payments)
    again = await repair(studio.desk, NIGHT)
    third = await repair(studio.desk, NIGHT)
    thrice = await state(studio, tab_closed, payments)

    await forget_all(studio)
    for number, (event_type, object_id) in enumerate(await studio.happened()):
        await act(studio.desk, f"evt_{number}", event_type, object_id)
    as_if = await state(studio, tab_closed, payments)

    assert repaired == thrice == as_if
    assert [entry.state.value for entry in repaired["payments"].values()] == [
        "captured",
        "captured",
        "expired",
        "held",
    ]
    assert len(repaired["letters"]) == 2 + 2 + 1 + 1  # welcomes, charges, a refund, a hold
    assert (record.repaired, record.failed) == (record.events, 0)
    assert again.repaired == 1  # the finished sign-up has changed its customer meanwhile
    assert (third.repaired, third.failed) == (0, 0)


async def test_what_was_done_by_day_is_left_alone(studio: Studio):
    """Only the event that never came is run."""
    payment = await studio.hold(await studio.student())
    await remember_since(studio, 0)
    events = await studio.desk.gateway.events.since(0, ["setup_intent.succeeded"])
    for event in events:
        await act(studio.desk, event.id, event.type, str(event.object_id))
    record = await repair(studio.desk, NIGHT)
    assert record.repaired == record.events - len(events)
    assert await studio.has(payment)


async def test_an_event_whose_job_was_lost_is_repaired(studio: Studio):
    """It was queued and remembered, and then its queue was lost."""
    payment = await studio.hold(await studio.student())
    await remember_since(studio, 0)
    seen = SeenEvents(studio.desk.storage)
    kind = "payment_intent.amount_capturable_updated"
    [event] = await studio.desk.gateway.events.since(0, [kind])
    await seen.queued(event.id)
    await repair(studio.desk, NIGHT)
    assert not await seen.not_done([event.id])
    assert f"hold-placed:{payment}" in studio.letters()


async def test_a_redis_that_was_emptied_sends_no_letter_twice(studio: Studio):
    """It has forgotten what was sent. Sign-ups are finished all the same."""
    tab_closed, _ = await a_day(studio)
    await forget_all(studio)
    await remember_since(studio, await studio.now() + 1)
    record = await repair(studio.desk, NIGHT)
    _, account = await studio.shop.get(f"/payment-method/{tab_closed}")
    assert account["card"]["last4"] == "4242"
    assert studio.letters() == {}
    assert record.repaired == 2  # the two sign-ups; the compared book makes up for the rest


async def test_a_new_redis_begins_to_remember_with_its_first_question(studio: Studio):
    """Once, and for good."""
    seen = SeenEvents(studio.desk.storage)
    assert await seen.is_new("evt_1")
    begun = await seen.since()
    await remember_since(studio, begun - 5)
    await seen.is_new("evt_2")
    assert await seen.since() == begun - 5


async def test_what_fails_tonight_is_tried_again_tomorrow(studio: Studio):
    """One letter that can't be sent keeps no other event from being repaired."""
    payment = await studio.hold(await studio.student())
    await remember_since(studio, 0)
    mail = studio.desk.settings.var_dir / "mail"
    if mail.exists():
        mail.rmdir()
    mail.write_text("in the way")
    tonight = await repair(studio.desk, NIGHT)
    assert await studio.has(payment)
    mail.unlink()
    tomorrow = await repair(studio.desk, "2026-11-24")
    assert (tonight.failed, tomorrow.repaired, tomorrow.failed) == (2, 2, 0)
    assert f"hold-placed:{payment}" in studio.letters()


@pytest.mark.parametrize("types", [1, 20, 21, 45])
async def test_any_number_of_types_can_be_read(studio: Studio, types: int):
    """Stripe takes twenty in one call."""
    await studio.student()
    wanted = ["setup_intent.succeeded", *(f"made.up_{number}" for number in range(types - 1))]
    events = await studio.desk.gateway.events.since(0, wanted)
    assert [event.type for event in events] == ["setup_intent.succeeded"]


async def test_more_events_than_a_page_holds_are_all_read(studio: Studio):
    """In the order they happened."""
    made = []
    for number in range(130):
        _, customer = await studio.stripe.form("/v1/customers", name=f"Student {number}")
        made.append(customer["id"])
    events = await studio.desk.gateway.events.since(0, ["customer.created"])
    assert [event.object_id for event in events] == made


async def test_a_lost_book_is_made_again_within_the_hour(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
):
    """Redis was emptied while everything went on; a book that is there is left to the night."""
    settings, upkeep = studio.desk.settings, Upkeep(studio.desk.storage)
    monkeypatch.setattr("jobs.look_at_holds.load", lambda: settings)
    with closing(JobQueue(settings)) as queue:
        await look_at_holds()
        assert len(queue.waiting(REBUILD_LESSON_BOOK.queue)) == 1
        await studio.desk.storage.redis.flushdb()
        await upkeep.begin_comparing()
        await upkeep.note_compared(1)
        await look_at_holds()
        assert queue.waiting(REBUILD_LESSON_BOOK.queue) == set()


async def test_a_rebuild_that_failed_does_not_keep_the_next_hours_away(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
):
    """Its job lies among the failed for days, under the id of its own hour."""
    settings = studio.desk.settings
    monkeypatch.setattr("jobs.look_at_holds.load", lambda: settings)
    with closing(JobQueue(settings)) as queue:
        await look_at_holds()
        [failed] = queue.waiting(REBUILD_LESSON_BOOK.queue)
        later = SimpleNamespace(time=lambda: time.time() + 3600)
        monkeypatch.setattr("jobs.look_at_holds.time", later)
        await look_at_holds()
        assert queue.waiting(REBUILD_LESSON_BOOK.queue) > {failed}


async def test_holds_that_lapsed_unnoticed_are_read_again(studio: Studio):
    """By their time in the book; those that lapse within a day are counted."""
    student = await studio.student()
    gone, soon, later = [await studio.hold(student) for _ in range(3)]
    for payment in (gone, soon, later):
        await studio.handle("payment_intent.amount_capturable_updated", payment)
    lapses = (await studio.payment(gone)).capture_before
    assert lapses
    now = lapses - DAY
    book = LessonBook(studio.desk.storage)
    for payment, moved in ((gone, -DAY - 1), (soon, -1), (later, DAY)):
        entry = await studio.payment(payment)
        await book.put_payments([replace(entry, capture_before=lapses + moved)])
    await studio.stripe.form(f"/v1/payment_intents/{gone}/cancel")
    assert await look(studio.desk, now) == (0, 1)
    assert (await studio.payment(gone)).state is PaymentState.RELEASED
    await studio.pass_time(6 * DAY)
    assert await look(studio.desk, now + 2 * DAY + 1) == (2, 0)
    assert (await studio.payment(soon)).state is PaymentState.EXPIRED
    assert await look(studio.desk, now + 2 * DAY + 1) == (0, 0)
