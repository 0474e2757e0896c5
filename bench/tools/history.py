"""A history of a wanted size, counted by nothing of the shop's, to hold reports against."""

import csv
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from bench.tools.client import Client
from bench.tools.shop import Made, Shop
from shop.rules.window import Window

ROWS_A_PAYMENT = {"even": 0.85, "growing": 0.8, "one-hour": 0.85, "one-second": 0.96}
"""Balance transactions for each payment, by shape; some payments move nothing.

A little less than there are, as the window takes what is wanted; nothing can be taken of a second.
"""

PAYMENTS_AT_ONCE = 500_000
"""A larger history is put together from several."""

ONE_SECOND = "one-second"
"""The shape whose rows all have the same time."""

PAYMENTS_A_STUDENT = 20
DAYS = 90

EXPANDED = ("data.source", "data.source.charge")

TOTALS = ("payment_total", "fee_total", "net_total")


class _Charge(msgspec.Struct):
    metadata: dict[str, str] = {}


class _Source(msgspec.Struct):
    metadata: dict[str, str] | None = None
    charge: _Charge | str | None = None


class _Row(msgspec.Struct):
    id: str
    created: int
    source: _Source | str | None = None

    @property
    def is_lesson(self) -> bool:
        source = self.source if isinstance(self.source, _Source) else _Source()
        of = source.charge if isinstance(source.charge, _Charge) else source
        return (of.metadata or {}).get("type") == "lessons-payment"


class _Page(msgspec.Struct):
    data: list[_Row]
    has_more: bool


@dataclass(frozen=True)
class History:
    """What a report over `window` must come to.

    Attributes:
        rows: balance transactions.
        lessons: ids of those that are lesson money.
        truth: the sandbox's own figures, by currency.
    """

    window: Window
    rows: int
    lessons: set[str]
    truth: dict[str, dict[str, int]]

    @property
    def pages(self) -> int:
        """The fewest calls that can read it."""
        return -(-self.rows // 100)

    def wrong_in(self, made: Made) -> dict[str, int]:
        """How many totals are wrong, and how many rows are missing or doubled."""
        with made.csv.open(encoding="utf-8-sig", newline="") as file:
            ids = [row["balance_transaction_id"] for row in csv.DictReader(file)]
        distinct, read = set(ids), made.report.rows
        return {
            "wrong": self._wrong_totals(made.report.summary or {}) + len(distinct - self.lessons),
            "missing": len(self.lessons - distinct) + max(self.rows - read, 0),
            "doubled": len(ids) - len(distinct) + max(read - self.rows, 0),
        }

    def _wrong_totals(self, summary: dict[str, Any]) -> int:
        found = {each["currency"]: each for each in (summary, *summary["other_currencies"])}
        currencies = found.keys() | self.truth.keys()
        return sum(
            found.get(currency, {}).get(name) != self.truth.get(currency, {}).get(name)
            for currency in currencies
            for name in TOTALS
        )


def make(shop: Shop, transactions: int, shape: str = "even") -> History:
    """A new account whose newest rows, about as many as wanted, fill a window that is over.

    Rows of one second are never parted, so there may be some more; of a history of one second
    there are all.
    """
    stripe = shop.stripe
    stripe.control("reset", {})
    shop.be_quick()
    _fill(stripe, int(transactions / ROWS_A_PAYMENT[shape]), shape)
    end = _over(stripe)
    rows, lessons, start = 0, set[str](), end
    for row in _rows(stripe, end):
        if rows >= transactions and row.created < start:
            break
        rows, start = rows + 1, row.created
        if row.is_lesson:
            lessons.add(row.id)
    truth = json.loads(stripe.get("/_sandbox/truth", **{"from": start, "to": end}))["currencies"]
    return History(Window(start, end), rows, lessons, truth)


def _fill(stripe: Client, payments: int, shape: str) -> None:
    """Add histories of so many payments together."""
    for seed, done in enumerate(range(0, payments, PAYMENTS_AT_ONCE)):
        part = min(PAYMENTS_AT_ONCE, payments - done)
        students = max(part // PAYMENTS_A_STUDENT, 1)
        size = {"students": students, "payments": part, "days": DAYS}
        stripe.control("history", {**size, "seed": seed + 1, "shape": shape})


def _rows(stripe: Client, end: int) -> Iterator[_Row]:
    """The balance transactions up to this second, one page after the other, newest first."""
    query: dict[str, object] = {"limit": 100, "created[lte]": end, "expand[]": EXPANDED}
    decode = msgspec.json.Decoder(_Page).decode
    more = True
    while more:
        page = decode(stripe.get("/v1/balance_transactions", **query))
        yield from page.data
        query["starting_after"], more = page.data[-1].id, page.has_more


def _over(stripe: Client) -> int:
    """This second, once it is over."""
    second = int(json.loads(stripe.get("/_sandbox/clock"))["now"])
    while json.loads(stripe.get("/_sandbox/clock"))["now"] <= second:
        time.sleep(0.05)
    return second
