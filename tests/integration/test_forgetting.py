"""What is left of a student who was deleted: nothing that they could be known by."""

import asyncio
import os
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from jobs.tidying import tidy
from shop.mail.postbox import mail_folder
from shop.seen_events import SeenEvents
from shop.storage import open_storage
from tests.integration.conftest import Caller
from tests.integration.copies import wait_until
from tests.integration.students import change_card, confirm_card, new_email, start_signup
from tests.integration.traces import places_in_files, places_in_redis
from tests.stack import Stack, open_stack

NAME = "Zenobia Quillfeather"
LAST4 = "0005"  # of pm_card_amex
DESCRIPTION = "Zither lesson for Zenobia"

NOT_OURS = ("sandbox.log", "redis", "results")
"""Stripe's stand-in; Redis, whose values are looked at themselves; reports, which expire."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with open_stack(tmp_path_factory.mktemp("forgetting"), students=3, payments=9) as running:
        running.start("web")
        running.start("worker")
        yield running


def traces(stack: Stack, email: str) -> list[str]:
    """Where the student's name, address or card still stands."""
    pattern = re.compile(
        rf"Zenobia|Quillfeather|{re.escape(email)}|\b{LAST4}\b".encode(), re.IGNORECASE
    )
    settings = stack.settings
    in_files = places_in_files(settings.var_dir, pattern, *NOT_OURS)
    return places_in_redis(settings.redis_url, pattern) + in_files


def wait_for_letter(stack: Stack, email: str, kind: str) -> None:
    def has_come() -> bool:
        kept = mail_folder(stack.settings).newest(100)
        return any(k.name.startswith(f"{kind}:") and email in str(k.message["To"]) for k in kept)

    wait_until(has_come)


async def wait_for_newest_event(stack: Stack, stripe: Caller, event_type: str) -> None:
    """Until the worker has acted on it."""
    _, events = await stripe.get(f"/v1/events?type={event_type}&limit=1")
    event_id = events["data"][0]["id"]
    async with open_storage(stack.settings) as storage, asyncio.timeout(20):
        while await SeenEvents(storage).not_done([event_id]):  # noqa: ASYNC110 (others do it)
            await asyncio.sleep(0.05)


async def somebody(stack: Stack, shop: Caller, stripe: Caller) -> dict[str, str]:
    """A student who did everything a student does, each under a key; letters were written."""
    email = new_email()

    async def keyed(path: str, body: dict) -> dict:
        key = f"{path}-{email}".replace("/", "-")
        _, answer = await shop.post(path, body, headers={"Idempotency-Key": key})
        return answer

    first = {"name": NAME, "email": email, "first_lesson": "01 Dec 3:00 p.m."}
    started = await keyed("/lessons", first)
    student = started["customer_id"]
    setup_intent = await confirm_card(stripe, started["client_secret"], "pm_card_amex")
    await keyed(f"/update-payment-details/{student}", {"setup_intent_id": setup_intent})
    wait_for_letter(stack, email, "welcome")
    await keyed(f"/account-update/{student}", {"name": NAME, "email": email})
    wanted = {"customer_id": student, "amount": 6500, "description": DESCRIPTION}
    held = (await keyed("/schedule-lesson", wanted))["payment"]["id"]
    wait_for_letter(stack, email, "hold-placed")
    await keyed("/complete-lesson-payment", {"payment_intent_id": held})
    wait_for_letter(stack, email, "charged")
    refunded = await keyed("/refund-lesson", {"payment_intent_id": held, "amount": 1000})
    await shop.post("/lessons", first)  # 409 customer_exists, which names the student
    await shop.post("/account-link", {"customer_id": student})
    for kind in ("refunded", "account-link"):
        wait_for_letter(stack, email, kind)
    return {"id": student, "email": email, "payment": held, "refund": refunded["refund"]}


async def test_deletion_leaves_nothing_to_know_the_student_by(
    stack: Stack, shop: Caller, stripe: Caller
):
    """In no value of Redis and in no file, when the route has answered."""
    student = await somebody(stack, shop, stripe)
    before = traces(stack, student["email"])
    assert any(":lesson-book:students" in place for place in before)
    assert any(":answer:" in place for place in before)
    assert any(place.startswith("mail/") for place in before)
    assert await shop.post(f"/delete-account/{student['id']}") == (200, {"deleted": True})
    assert traces(stack, student["email"]) == []


async def test_what_stripe_tells_later_brings_nothing_back(
    stack: Stack, shop: Caller, stripe: Caller
):
    """An event about an old payment, and a look at it: what is shown is Stripe's, and not kept."""
    student = await somebody(stack, shop, stripe)
    await shop.post(f"/delete-account/{student['id']}")
    refund = {"payment_intent_id": student["payment"], "amount": 2000}
    assert (await shop.post("/refund-lesson", refund))[0] == 200

    status, shown = await shop.get(f"/lesson-book/payments/{student['payment']}")
    assert status == 200
    assert (shown["payment"]["refunded"] + shown["payment"]["refund_pending"]) == 3000
    await wait_for_newest_event(stack, stripe, "refund.created")
    assert traces(stack, student["email"]) == []


async def test_a_student_deleted_on_stripes_dashboard_is_forgotten_as_well(
    stack: Stack, shop: Caller, stripe: Caller
):
    """By the event."""
    student = await somebody(stack, shop, stripe)
    await stripe.delete(f"/v1/customers/{student['id']}")
    wait_until(lambda: traces(stack, student["email"]) == [])


async def test_a_repeated_request_hears_that_the_student_is_gone(
    stack: Stack, shop: Caller, stripe: Caller
):
    """Whatever it was answered before; nobody is made anew by it. Deleting stays deleted."""
    email, key = new_email(), {"Idempotency-Key": f"repeated-after-{new_email()}"}
    body = {"name": NAME, "email": email, "first_lesson": "01 Dec 3:00 p.m."}
    _, started = await shop.post("/lessons", body, headers=key)
    path = f"/delete-account/{started['customer_id']}"
    leaving = {"Idempotency-Key": f"leaving-{email}"}
    assert await shop.post(path, headers=leaving) == (200, {"deleted": True})
    assert await shop.post(path, headers=leaving) == (200, {"deleted": True})
    message = f"No such customer: '{started['customer_id']}'"
    gone = {"error": {"code": "resource_missing", "message": message}}
    assert await shop.post("/lessons", body, headers=key) == (404, gone)
    other = {**body, "name": "Somebody Else"}
    assert (await shop.post("/lessons", other, headers=key))[0] == 422
    assert traces(stack, email) == []
    _, found = await stripe.get(f"/v1/customers?email={email}")
    assert found["data"] == []


async def test_an_address_that_was_given_up_is_forgotten_too(
    stack: Stack, shop: Caller, stripe: Caller
):
    """Also where it was changed on Stripe's dashboard, so that the index has both."""
    first, second = new_email(), new_email()
    started = await start_signup(shop, first, name=NAME)
    student = started["customer_id"]
    await stripe.form(f"/v1/customers/{student}", email=second)
    pattern = re.compile(second.encode())
    wait_until(lambda: bool(places_in_redis(stack.settings.redis_url, pattern)))
    await change_card(shop, stripe, {"id": student}, "pm_card_amex")
    await shop.post(f"/delete-account/{student}")
    assert traces(stack, first) == []
    assert traces(stack, second) == []


async def test_others_keep_what_is_theirs(stack: Stack, shop: Caller, stripe: Caller):
    """Letters, payments and addresses of another student of the same name."""
    gone, stays = [await somebody(stack, shop, stripe) for _ in range(2)]
    await shop.post(f"/delete-account/{gone['id']}")
    assert any(place.startswith("mail/charged") for place in traces(stack, stays["email"]))
    _, shown = await shop.get(f"/lesson-book/payments/{stays['payment']}")
    assert shown["payment"]["card"]["last4"] == LAST4
    assert (await shop.post(f"/delete-account/{stays['id']}"))[0] == 200


async def test_the_night_clears_redis_file_on_disk(stack: Stack, shop: Caller, stripe: Caller):
    """It has every command since it was last rewritten, so also what was deleted."""
    student = await somebody(stack, shop, stripe)
    await shop.post(f"/delete-account/{student['id']}")
    folder, email = stack.settings.var_dir / "redis", re.compile(student["email"].encode())
    assert places_in_files(folder, email) != []
    async with open_storage(stack.settings) as storage:
        await tidy(stack.settings, storage)
    wait_until(lambda: places_in_files(folder, email) == [])


async def test_old_letters_go_at_night(stack: Stack, tmp_path: Path):
    """After 30 days; newer ones stay."""
    settings = replace(stack.settings, var_dir=tmp_path)
    folder = tmp_path / "mail"
    folder.mkdir()
    for name, days in (("old", 31), ("new", 29)):
        (folder / f"{name}.eml").write_text("To: ada@example.com\n\nHello")
        os.utime(folder / f"{name}.eml", (time.time() - days * 86_400,) * 2)
    async with open_storage(stack.settings) as storage:
        await tidy(settings, storage)
    assert [file.name for file in folder.iterdir()] == ["new.eml"]
