"""A reading of literal rows, for reports: the same questions, no Stripe."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from jobs.report import Outcome, report_module
from shop.audit.entry import Entry
from shop.errors import StripeRefused
from shop.reports.writing.cells import json_cells
from shop.rules.window import Window
from shop.stripe_gateway.listings import Listing
from shop.stripe_gateway.objects import Charge, Customer, PaymentMethod

NEW_YORK = ZoneInfo("America/New_York")
EXPECTED = Path(__file__).parent / "expected"


@dataclass
class LiteralReading:
    """Rows by the name of their list, as Stripe sends them; newest first.

    Attributes:
        charges: those that can be asked for by id; others are unknown to Stripe.
        cards: by student, what a look-up finds; None for nothing.
        asked: ids that were looked up, in order.
        entries: the audit trail, newest first.
    """

    window: Window
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    charges: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    cards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    zone: ZoneInfo = NEW_YORK
    domain: str = "https://shop.example"
    asked: list[str] = field(default_factory=list)
    entries: Sequence[Entry] = ()

    @property
    def now(self) -> int:
        return self.window.end

    async def each(self, listing: Listing[Any], window: Window | None = None) -> AsyncIterator[Any]:
        within = window or self.window
        rows = [r for r in self.rows[listing.name] if within.start <= r["created"] <= within.end]
        assert rows == sorted(rows, key=lambda row: -row["created"]), "Stripe lists newest first"
        for row in rows:
            yield msgspec.json.decode(json.dumps(row), type=listing.row)

    async def audit_trail(self) -> AsyncIterator[Entry]:
        for entry in self.entries:
            yield entry

    async def charge(self, charge_id: str) -> Charge:
        self.asked.append(charge_id)
        if charge_id not in self.charges:
            raise StripeRefused(f"No such charge: '{charge_id}'", status=404)
        return msgspec.convert(self.charges[charge_id], Charge)

    async def card_of(self, student: Customer) -> PaymentMethod | None:
        if student.default_card is not None:
            return student.default_card
        self.asked.append(student.id)
        found = self.cards.get(student.id)
        return msgspec.convert(found, PaymentMethod) if found else None


def made(kind: str, reading: LiteralReading) -> tuple[list[dict[str, Any]], Outcome]:
    """The report's rows as its JSON file has them, each with every column, and its outcome."""
    module = report_module(kind)
    names = [column.name for column in module.COLUMNS]
    rows: list[list[Any]] = []
    as_json = json_cells(module.COLUMNS)

    def write(row: Mapping[str, Any]) -> None:
        assert list(row) == names
        rows.append(as_json(list(row.values())))

    outcome = asyncio.run(module.make(reading, write))  # type: ignore[arg-type]
    return [dict(zip(names, row, strict=True)) for row in rows], outcome


def expected(name: str) -> Any:
    """A literal expected file."""
    return json.loads((EXPECTED / f"{name}.json").read_text())
