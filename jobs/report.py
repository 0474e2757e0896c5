"""What a report module holds, so that `run_report` can run it.

    COLUMNS            the names of the file's columns, in order
    make(reading, write)   reads Stripe, writes rows, answers with the report's Outcome

A new report is one such module and one line in `jobs.catalogue.REPORT_KINDS`.
"""

import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol, TypeVar, cast

from jobs.catalogue import REPORT_KINDS
from shop.reports.files import Cell
from shop.rules.window import Window
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.bulk import Listed, Page

Row = TypeVar("Row", bound=Listed)
Write = Callable[[Mapping[str, Cell]], None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a report comes to.

    Attributes:
        summary: its figures for people, amounts in cents.
        answer: what the client's route for this report answers, as JSON.
    """

    summary: Mapping[str, object]
    answer: object


@dataclass
class Reading:
    """Reading Stripe for one report, and telling how far it is.

    Attributes:
        rows, calls: rows read and List calls made so far.
        told: called after every page with the share of the window that is read, 0 to 1.
    """

    gateway: StripeGateway
    window: Window
    told: Callable[["Reading", float], Awaitable[None]]
    rows: int = field(default=0, init=False)
    calls: int = field(default=0, init=False)

    async def each(self, pages: AsyncIterator[Page[Row]]) -> AsyncIterator[Row]:
        """The rows of all pages, newest first."""
        async for page in pages:
            self.calls += 1
            self.rows += len(page.rows)
            for row in page.rows:
                yield row
            await self.told(self, self.window.done(page.walked_to))


class ReportModule(Protocol):
    """The shape of a report module."""

    COLUMNS: tuple[str, ...]

    async def make(self, reading: Reading, write: Write) -> Outcome:
        """Read, write rows and sum up.

        Raises:
            StripeError: Stripe could not be read; the report fails with this error.
        """


def report_module(kind: str) -> ReportModule:
    """The module that makes this kind of report."""
    return cast(ReportModule, importlib.import_module(REPORT_KINDS[kind].module))
