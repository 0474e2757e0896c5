"""Stripe's webhooks fail for a while; the clock, a worker and the night put it right."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta

import aiohttp
import pytest

from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import PaymentState
from shop.mail.postbox import mail_folder
from shop.night_record import NightRecords
from shop.settings import PROJECT
from shop.storage import Storage, open_storage
from tests.integration.conftest import Caller
from tests.integration.students import confirm_card, hold, new_email, start_signup
from tests.stack import Stack, open_stack

PATIENCE = 60


@pytest.fixture
def manned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop with a worker, to which no event gets through."""
    with open_stack(tmp_path_factory.mktemp("night"), students=2, payments=4) as running:
        running.start("web")
        running.start("worker")
        yield running


@pytest.fixture
async def storage(manned: Stack) -> AsyncIterator[Storage]:
    async with open_storage(manned.settings) as opened:
        yield opened


def start_clock(stack: Stack, at: str) -> None:
    with (stack.settings.var_dir / "clock.log").open("wb") as log:
        stack.processes["clock"] = subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, "-m", "worker.clock", "--nightly-at", at],
            cwd=PROJECT,
            env=stack.environment,
            stdout=log,
            stderr=log,
        )


async def wait_until(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await condition():  # noqa: ASYNC110 (other processes do it)
            await asyncio.sleep(0.1)


async def test_a_night_puts_right_what_lost_webhooks_left_undone(manned: Stack, storage: Storage):
    """The sign-up is finished, the book is right, and the student has got the letters."""
    due = datetime.now(manned.settings.shop_zone) + timedelta(seconds=20)
    start_clock(manned, f"{due:%H:%M:%S}")
    await wait_until(lambda: is_there(storage, "events", "since"))

    headers = {"Authorization": f"Bearer {manned.settings.secret_key}"}
    async with (
        aiohttp.ClientSession(manned.url) as web,
        aiohttp.ClientSession(manned.sandbox_url, headers=headers) as sandbox,
    ):
        shop, stripe = Caller(web), Caller(sandbox)
        await stripe.post("/_sandbox/webhooks", {"outage": True, "retry_after": []})
        started = await start_signup(shop, new_email())
        student = started["customer_id"]
        await confirm_card(stripe, started["client_secret"])  # and the tab is closed
        payment = (await hold(shop, student))["id"]
        await stripe.form(f"/v1/payment_intents/{payment}/capture", amount_to_capture="2000")

        await wait_until(lambda: is_done(storage, due.date().isoformat()))
        _, account = await shop.get(f"/payment-method/{student}")

    book = LessonBook(storage)
    entry = (await book.payments([payment]))[payment]
    letters = {letter.name for letter in mail_folder(manned.settings).newest(10)}
    assert account["card"]["last4"] == "4242"
    assert (entry.state, entry.captured) == (PaymentState.CAPTURED, 2000)
    assert await book.student(student)
    assert letters == {f"welcome:{student}", f"charged:{payment}"}
    await wait_until(lambda: compared(manned))
    assert "failed=0" in manned.log("worker")


async def is_there(storage: Storage, *key: str) -> bool:
    return bool(await storage.redis.exists(storage.key(*key)))


async def is_done(storage: Storage, night: str) -> bool:
    record = await NightRecords(storage).last()
    return record is not None and record.night == night


async def compared(stack: Stack) -> bool:
    """When the worker started, after the night that the clock made up for, and after this one."""
    return stack.log("worker").count("the lesson book was compared with all of Stripe") == 3
