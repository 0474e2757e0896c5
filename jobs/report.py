"""What a report module holds, so that `run_report` can run it.

    VERSION                the version of its columns, 1 at first
    COLUMNS                its columns, in order
    LISTINGS               the lists of Stripe it reads, each at most once
    make(reading, write)   reads Stripe, writes rows, answers with the report's Outcome

A new report is one such module and one line in `jobs.catalogue.REPORT_KINDS`.
"""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast

from jobs.catalogue import REPORT_KINDS
from jobs.reading import Reading
from shop.reports.table import Cell, Column
from shop.stripe_gateway.listings import Listing

Write = Callable[[Mapping[str, Cell]], None]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a report comes to.

    Attributes:
        summary: see `shop.reports.summary`; amounts in minor units.
        answer: what the client's route for this report answers, as JSON; None where it has none.
    """

    summary: Mapping[str, object]
    answer: object = None


class ReportModule(Protocol):
    """The shape of a report module."""

    VERSION: int
    COLUMNS: tuple[Column, ...]
    LISTINGS: tuple[Listing[Any], ...]

    async def make(self, reading: Reading, write: Write) -> Outcome:
        """Read, write rows and sum up. The same rows in give the same rows out.

        Raises:
            StripeError: Stripe could not be read; the report fails with this error.
        """


def report_module(kind: str) -> ReportModule:
    """The module that makes this kind of report."""
    return cast(ReportModule, importlib.import_module(REPORT_KINDS[kind].module))
