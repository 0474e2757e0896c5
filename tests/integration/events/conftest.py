"""A shop without a worker, whose events a test handles itself, in the order it likes."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from email.message import EmailMessage

import aiohttp
import pytest

from jobs.events.desk import Desk, open_desk
from jobs.events.table import HANDLERS
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import PaymentEntry, StudentEntry
from shop.mail.postbox import mail_folder
from tests.integration.conftest import Caller
from tests.integration.students import hold, sign_up
from tests.stack import Stack, open_stack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    with open_stack(tmp_path_factory.mktemp("events"), students=0, payments=0) as running:
        running.start("web")
        yield running


@pytest.fixture
async def desk(stack: Stack) -> AsyncIterator[Desk]:
    """What a job works with; Redis is empty, and no letter was written."""
    async with open_desk(stack.settings) as opened:
        await opened.storage.redis.flushdb()
        for letter in stack.settings.var_dir.glob("mail/*"):
            letter.unlink()
        yield opened


@dataclass
class Studio:
    """A shop in which a test is Stripe, the students and the queue."""

    desk: Desk
    shop: Caller
    stripe: Caller
    environment: dict[str, str]

    async def handle(self, event_type: str, object_id: str) -> None:
        """What the event's job does."""
        await HANDLERS[event_type](self.desk, object_id)

    async def student(self, card: str = "pm_card_visa") -> dict:
        """A student with a saved card."""
        return await sign_up(self.shop, self.stripe, card)

    async def hold(self, student: dict, amount: int = 6500) -> str:
        """The id of a hold on the student's card."""
        return (await hold(self.shop, student["id"], amount))["id"]

    async def happened(self, about: str = "") -> list[tuple[str, str]]:
        """Types and objects of the events, oldest first; of those objects that are named."""
        events = await self.desk.gateway.events.since(0, HANDLERS)
        pairs = [(event.type, str(event.object_id)) for event in events]
        return [pair for pair in pairs if about in pair[1]]

    async def pass_time(self, seconds: int) -> None:
        """By Stripe's clock."""
        await self.stripe.post("/_sandbox/clock", {"advance_seconds": seconds})

    async def now(self) -> int:
        """By Stripe's clock, unix seconds."""
        return (await self.stripe.get("/_sandbox/clock"))[1]["now"]

    async def payment(self, payment_intent_id: str) -> PaymentEntry:
        """What the lesson book says."""
        book = LessonBook(self.desk.storage)
        return (await book.payments([payment_intent_id]))[payment_intent_id]

    async def has(self, payment_intent_id: str) -> bool:
        """Whether the payment is in the lesson book."""
        return await LessonBook(self.desk.storage).payment(payment_intent_id) is not None

    async def known(self, customer_id: str) -> StudentEntry:
        """What the lesson book says."""
        return (await LessonBook(self.desk.storage).students([customer_id]))[customer_id]

    async def knows(self, customer_id: str) -> bool:
        """Whether the student is in the lesson book."""
        return await LessonBook(self.desk.storage).student(customer_id) is not None

    def letters(self) -> dict[str, EmailMessage]:
        """Every letter by its name."""
        kept = mail_folder(self.desk.settings).newest(1000)
        return {letter.name: letter.message for letter in reversed(kept)}


@pytest.fixture
async def studio(stack: Stack, desk: Desk) -> AsyncIterator[Studio]:
    headers = {"Authorization": f"Bearer {stack.settings.secret_key}"}
    async with (
        aiohttp.ClientSession(stack.url) as shop,
        aiohttp.ClientSession(stack.sandbox_url, headers=headers) as sandbox,
    ):
        stripe = Caller(sandbox)
        await stripe.post("/_sandbox/reset", {})
        await stripe.post("/_sandbox/webhooks", {"outage": True, "retry_after": []})
        yield Studio(desk, Caller(shop), stripe, stack.environment)
