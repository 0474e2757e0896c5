"""A report's summary: figures, checks, tables and a chart, as plain JSON.

It goes to the record, the page, the JSON file and the spreadsheet's summary sheet, so every report
makes it of the same pieces. Amounts are minor units with their currency beside them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypedDict

import msgspec

from shop.reports.table import Cell, Column, JsonCell
from shop.reports.writing.cells import json_cells
from shop.rules.money import Amount

Role = Literal["total", "deduction", "net", "other"]
"""What an amount is: what came in, what came off, what is left, or something beside those."""

Summary = dict[str, Any]
"""Figures by their names, and beside them what `summary` adds for people."""

MOST_ROWS = 100
"""Rows that a table of a summary shows of a list that may be long; the file has them all."""


class Figure(TypedDict, total=False):
    """An amount with `amount`, `currency` and `role`, or a number of things with `count`."""

    name: str
    label: str
    amount: int
    currency: str
    role: Role
    count: int


class Check(TypedDict):
    """Something that must be so, and the numbers that show whether it is."""

    label: str
    holds: bool
    detail: str


class Table(TypedDict):
    """A small table. Cells are as in the JSON file; money is in minor units of `currency`."""

    name: str
    title: str
    currency: str | None
    columns: list[dict[str, str]]
    rows: list[list[JsonCell]]


class Series(TypedDict):
    """One line of a chart: an amount for each of its times."""

    name: str
    label: str
    amounts: list[int]


class Chart(TypedDict):
    """Money over time. `times` are the unix seconds at which each hour or day begins."""

    currency: str
    unit: Literal["hour", "day"]
    times: list[int]
    series: list[Series]


def summary(
    named: Mapping[str, object],
    *,
    figures: Sequence[Figure],
    checks: Sequence[Check] = (),
    tables: Sequence[Table] = (),
    notes: Sequence[str] = (),
    chart: Chart | None = None,
) -> Summary:
    """Put together what a report found.

    Args:
        named: figures by their names, for programs; a name once given never changes its meaning.
    """
    whole: Summary = {
        **named,
        "figures": list(figures),
        "checks": list(checks),
        "tables": list(tables),
        "notes": list(notes),
    }
    return whole | {"chart": chart} if chart else whole


def amount_figure(name: str, label: str, amount: Amount, role: Role) -> Figure:
    """An amount of money."""
    return {
        "name": name,
        "label": label,
        "amount": amount.minor,
        "currency": amount.currency,
        "role": role,
    }


def count_figure(name: str, label: str, count: int) -> Figure:
    """A number of things."""
    return {"name": name, "label": label, "count": count}


def check(label: str, holds: bool, detail: str) -> Check:
    """Something that must be so."""
    return {"label": label, "holds": holds, "detail": detail}


def table(
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    currency: str | None = None,
) -> Table:
    """A table; `currency` is that of its money, unless a column of that name says it row by row."""
    as_json = json_cells(columns)
    return {
        "name": name,
        "title": title,
        "currency": currency,
        "columns": [msgspec.to_builtins(column) for column in columns],
        "rows": [as_json(row) for row in rows],
    }


def digits(amount: Amount) -> str:
    """An amount where its currency was said before: `1,234.50`."""
    return f"{amount.major:,}"


def spoken(amount: Amount) -> str:
    """An amount in a sentence: `USD 1,234.50`."""
    return f"{amount.currency.upper()} {digits(amount)}"


def in_currency(name: str, currency: str, main: str) -> str:
    """A name that tells currencies apart: as it is for the main one, `name_cad` for another."""
    return name if currency == main else f"{name}_{currency}"


def short(whole: Mapping[str, Any]) -> Summary:
    """The summary as the record carries it, without what grows with the window."""
    return {name: value for name, value in whole.items() if name not in ("tables", "chart")}
