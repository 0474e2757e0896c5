"""Reading Stripe for one report, and knowing how far it is."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from shop.audit.entry import Entry
from shop.audit.shipping import SHIP_EVERY
from shop.audit.trail import Question, read_all
from shop.reports.kept_parts import KeptParts
from shop.reports.results import Results
from shop.rules.window import Window
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.listings import Listing
from shop.stripe_gateway.objects import Charge, Customer, PaymentMethod
from shop.stripe_gateway.pager.plan import Row
from shop.stripe_gateway.pager.walk import Walk

LONG = 5 * 366 * 24 * 3600
"""Seconds. A window that is longer means "from the beginning", whenever that was."""

SHIPPED_WITHIN = SHIP_EVERY + 2.0
"""Seconds after which what a web process wrote of the audit trail is in the result store."""

SILENT = 5.0
"""Seconds without any answer after which people are told that Stripe does not answer."""


@dataclass(kw_only=True)
class Reading:
    """What a report module gets to read with.

    Attributes:
        report_id: under which finished ranges are kept.
        window: what the report is about; its last second is over.
        zone: in which its reader sees times.
        domain: where the shop's pages are, for links.
        listings: how many lists will be read, for the progress.
        look_ups: calls made for single objects.
    """

    gateway: StripeGateway
    results: Results
    report_id: str
    window: Window
    zone: ZoneInfo
    domain: str
    listings: int
    look_ups: int = 0
    _walks: list[Walk[Any]] = field(default_factory=list)
    _entries: int = 0

    @property
    def now(self) -> int:
        """The present of the report, unix seconds: its window's end, so that it can be repeated."""
        return self.window.end

    @property
    def progress(self) -> float:
        """The share of all windows whose rows the report has got, 0 to 1."""
        return sum(walk.done for walk in self._walks) / max(self.listings, len(self._walks), 1)

    @property
    def rows(self) -> int:
        """Rows read, of Stripe's lists and of the audit trail."""
        return sum(walk.rows_read for walk in self._walks) + self._entries

    @property
    def calls(self) -> int:
        """Calls that made up the report."""
        return sum(walk.calls for walk in self._walks) + self.look_ups

    @property
    def waits_for_stripe(self) -> bool:
        """Whether Stripe has not answered anything for a while, though it was asked."""
        return self.gateway.bulk.silence > SILENT

    async def each(self, listing: Listing[Row], window: Window | None = None) -> AsyncIterator[Row]:
        """The rows of a list, newest first, over the report's window or another one.

        Raises:
            StripeError: Stripe refused, or was away for too long.
        """
        window = window or self.window
        if window.end - window.start > LONG:
            window = await self.gateway.bulk.narrowed(listing, window)
        parts = KeptParts(self.results, self.report_id, listing.kept_as)
        walk = self.gateway.bulk.walk(listing, window, parts)
        self._walks.append(walk)
        async for page in walk.pages():
            for row in page:
                yield row

    async def audit_trail(self) -> AsyncIterator[Entry]:
        """What began in the report's window, newest first, once all machines have shipped it.

        Raises:
            ResultsUnavailable: the result store is away.
        """
        await asyncio.sleep(self.window.end + 1 + SHIPPED_WITHIN - time.time())
        asked = Question(since=self.window.start * 1000, until=self.window.end * 1000 + 999)
        async for entry in read_all(self.results, asked):
            self._entries += 1
            yield entry

    async def charge(self, charge_id: str) -> Charge:
        """A charge that was not expanded."""
        self.look_ups += 1
        return await self.gateway.bulk.charge(charge_id)

    async def card_of(self, student: Customer) -> PaymentMethod | None:
        """The student's card, looked up where no default one was expanded; None without one."""
        if student.default_card is not None:
            return student.default_card
        self.look_ups += 1
        return await self.gateway.bulk.newest_card(student.id)
