"""Making the book again from Stripe's lists, while people look at it and events write into it.

Payments are read first, because a lesson payment makes a student of a customer. All that is read
counts as of the rebuild's beginning: what an event or a route has written since then stays. What a
whole rebuild does not meet in the lists is struck out at its end, so a rebuild that dies half-way
leaves a book that is newer in parts and nowhere empty, and the next one does the whole work.
"""

import asyncio
from collections.abc import AsyncIterator, Container, Sequence
from zoneinfo import ZoneInfo

from msgspec import Struct

from shop.deleted_students import DeletedStudents
from shop.errors import UnknownCustomer
from shop.lesson_book.book import LessonBook
from shop.lesson_book.entries import (
    DECIDED,
    PaymentEntry,
    StudentEntry,
    payment_entry,
    student_entry,
)
from shop.lesson_book.upkeep import Upkeep
from shop.rules.lesson_ledger import is_lesson
from shop.rules.window import HOUR, Window
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.listings import (
    CUSTOMERS_WITH_CARDS,
    DISPUTES,
    PAYMENTS_IN_FULL,
    REFUNDS,
    Listing,
)
from shop.stripe_gateway.objects import Charge, Customer, Dispute
from shop.stripe_gateway.pager.parts import KeptInMemory
from shop.stripe_gateway.pager.plan import Row
from shop.stripe_gateway.payment_record import PaymentRecord
from shop.student_index import StudentIndex

DAY = 24 * HOUR

KEPT = 60 * DAY
"""How far back payments are read, and how long one is kept after its last change."""

DISPUTES_SINCE = 200 * DAY
"""How old a dispute may be that is still undecided; banks take up to three months for one."""

LONG = 5 * 366 * DAY
"""Seconds. A window that is longer means "from the beginning", whenever that was."""

CLOCKS_APART = 300
"""Seconds by which Stripe's clock and ours may differ."""


class Rebuilt(Struct, kw_only=True):
    """What a rebuild came to.

    Attributes:
        whole: whether all was compared. Otherwise only what is new was read, or Redis was emptied
            meanwhile and the book has a part of it all.
        calls: calls to Stripe.
        struck: entries that Stripe lists no more, or that are over for long.
    """

    whole: bool
    students: int = 0
    payments: int = 0
    calls: int = 0
    struck: int = 0


async def rebuild(
    storage: Storage, gateway: StripeGateway, zone: ZoneInfo, *, whole: bool
) -> Rebuilt:
    """Compare the book with all of Stripe, or (not `whole`) read what is new since the last time.

    A book that was never made is made as a whole. The index of e-mail addresses is fed from the
    same pages.

    Raises:
        StripeError: Stripe refused, or was away for too long; what was read so far stays.
    """
    marks = await Upkeep(storage).marks()
    read_to = None if whole or marks.compared_at is None else marks.read_to
    return await _Rebuild(storage, gateway, zone).run(read_to)


class _Rebuild:
    """One rebuild in progress.

    Attributes:
        _began: when, by Redis's clock in milliseconds; all that is read counts as of then.
        _disputes: the newest of each payment.
        _paying: ids of those whose payments were met.
        _touched: payments whose refunds and disputes are recent, until they are met themselves.
    """

    def __init__(self, storage: Storage, gateway: StripeGateway, zone: ZoneInfo) -> None:
        self._gateway = gateway
        self._zone = zone
        self._book = LessonBook(storage)
        self._upkeep = Upkeep(storage)
        self._index = StudentIndex(storage, gateway)
        self._deleted = DeletedStudents(storage)
        self._began = 0
        self._done = Rebuilt(whole=False)
        self._disputes: dict[str, Dispute] = {}
        self._touched: set[str] = set()
        self._paying: set[str] = set()

    async def run(self, read_to: int | None) -> Rebuilt:
        """Read everything, or what was made since `read_to` (unix seconds)."""
        self._began = await self._book.clock()
        now = self._began // 1000
        whole = self._done.whole = read_to is None

        def since(moment: int) -> Window:
            return Window(moment if read_to is None else read_to, now + CLOCKS_APART)

        if whole:
            await self._upkeep.begin_comparing()
        await self._read_disputes(since(now - DISPUTES_SINCE), now)
        await self._read_refunds(since(now - KEPT))
        await self._read_payments(since(now - KEPT))
        await self._read_customers(since(0))
        if whole:
            await self._strike_out(now)
            self._done.whole = await self._upkeep.note_compared(now)
        await self._upkeep.note_read_to(now - CLOCKS_APART)
        return self._done

    async def _read_disputes(self, window: Window, now: int) -> None:
        async for page in self._pages(DISPUTES, window):
            for dispute in page:
                if dispute.payment_intent is None or not _of_lesson(dispute.charge):
                    continue
                self._disputes.setdefault(dispute.payment_intent, dispute)
                if dispute.status not in DECIDED or dispute.created >= now - KEPT:
                    self._touched.add(dispute.payment_intent)

    async def _read_refunds(self, window: Window) -> None:
        async for page in self._pages(REFUNDS, window):
            for refund in page:
                if refund.payment_intent is not None and _of_lesson(refund.charge):
                    self._touched.add(refund.payment_intent)

    async def _read_payments(self, window: Window) -> None:
        async for page in self._pages(PAYMENTS_IN_FULL, window):
            self._touched.difference_update(payment.id for payment in page)
            await self._put_payments(page)
        for payment_intent_id in sorted(self._touched):
            self._done.calls += 1
            await self._put_payments([await self._gateway.bulk.payment(payment_intent_id)])

    async def _put_payments(self, payments: Sequence[PaymentRecord]) -> None:
        found = [await self._entry(payment) for payment in payments]
        entries = [entry for entry in found if entry is not None]
        await self._book.put_payments(entries, read_at=self._began)
        self._done.payments += len(entries)
        self._paying.update(entry.student for entry in entries)

    async def _entry(self, payment: PaymentRecord) -> PaymentEntry | None:
        if not is_lesson(payment.metadata):
            return None
        dispute = self._disputes.get(payment.id)
        if dispute is None and payment.charge is not None and payment.charge.disputed:
            self._done.calls += 1  # contested since the disputes were read, or long ago
            dispute = await self._gateway.history.dispute_of(payment)
        return payment_entry(payment, dispute)

    async def _read_customers(self, window: Window) -> None:
        newest = 0
        async for page in self._pages(CUSTOMERS_WITH_CARDS, window):
            newest = max(newest, page[0].created)
            await self._index.add(page)
            paying = await self._upkeep.have_payments([customer.id for customer in page])
            students = [each for each in page if is_student(each, paying)]
            entries = await asyncio.gather(*map(self._student, students))
            await self._book.put_students(entries, read_at=self._began)
            self._done.students += len(entries)
        if newest:
            await self._index.note_read_to(newest)

    async def _student(self, customer: Customer) -> StudentEntry:
        """With the card; Stripe is asked where none is the default, if there is a lesson ahead."""
        entry = student_entry(customer, customer.default_card, self._zone)
        at = entry.lesson.at if entry.lesson else None
        if entry.card is not None or at is None or at < self._began // 1000 - DAY:
            return entry
        self._done.calls += 1
        card = await self._gateway.bulk.newest_card(customer.id)
        return student_entry(customer, card, self._zone)

    async def _strike_out(self, now: int) -> None:
        """What Stripe lists no more, if it was made long enough ago to have been listed."""
        made = now - CLOCKS_APART
        await self._forget_unlisted()
        self._done.struck += await self._upkeep.strike_unlisted_students(
            Window(0, made), self._began
        )
        self._done.struck += await self._upkeep.strike_unlisted_payments(
            Window(now - KEPT, made), self._began
        )
        self._done.struck += await self._upkeep.trim(now - KEPT)

    async def _forget_unlisted(self) -> None:
        """Whoever has paid and is in no list was deleted; a new Redis does not know it yet."""
        unlisted = self._paying - (await self._book.students(self._paying)).keys()
        known = await self._deleted.among(sorted(unlisted))
        for customer_id in sorted(unlisted - known):
            self._done.calls += 1
            try:
                await self._gateway.students.get(customer_id)
            except UnknownCustomer:
                await self._deleted.note([customer_id])
                await self._book.forget_students([customer_id])

    async def _pages(self, listing: Listing[Row], window: Window) -> AsyncIterator[list[Row]]:
        if window.end - window.start > LONG:
            window = await self._gateway.bulk.narrowed(listing, window)
        walk = self._gateway.bulk.walk(listing, window, KeptInMemory())
        async for page in walk.pages():
            yield page
        self._done.calls += walk.calls


def is_student(customer: Customer, paying: Container[str]) -> bool:
    """Whether somebody is a student of the shop: others buy tickets and videos on this account.

    Args:
        paying: ids of those who have a lesson payment.
    """
    return bool(customer.metadata.get("first_lesson", "").strip()) or customer.id in paying


def _of_lesson(charge: Charge | str | None) -> bool:
    return isinstance(charge, Charge) and is_lesson(charge.metadata)
