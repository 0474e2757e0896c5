"""A column's cells as a worksheet's XML (ECMA-376 part 1, 18.3.1.4), all rows in one go."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from shop.reports.table import Kind, Moment
from shop.reports.writing.cells import clock, excel_days, major_text
from shop.reports.writing.plain_text import LONGEST_TEXT, plain
from shop.reports.writing.xlsx_formats import Formats
from shop.rules.money import Amount, decimals

Rows = Sequence[str]
"""The numbers of rows, as text."""

Render = Callable[[Rows, Any], list[str]]
"""From the rows' numbers and a column's cells to a `<c>` for each; an empty cell has none: ""."""

_special = re.compile("[&<>\x00-\x1f\ufffe\uffff]|_x").search
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9a-fA-F]{4}_)")


def xml_text(text: str) -> str:
    """Text as XML content, with Excel's own escapes for what XML cannot hold (_xHHHH_)."""
    text = text[:LONGEST_TEXT]
    if not _special(text):
        return text
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return escape(text, quote=False)


def text_cell(place: str, text: str, style: str = "") -> str:
    """Any text as the cell at a place ("B2")."""
    content = xml_text(text)
    space = "" if content == content.strip() else ' xml:space="preserve"'
    return f'<c r="{place}"{style} t="inlineStr"><is><t{space}>{content}</t></is></c>'


def _text(letter: str, _formats: Formats) -> Render:
    def render(rows: Rows, texts: tuple[str | None, ...]) -> list[str]:
        cells = zip(rows, texts, strict=True)
        if plain(texts):
            before, after = 't="inlineStr"><is><t>', "</t></is></c>"
            return [
                "" if text is None else f'<c r="{letter}{row}" {before}{text}{after}'
                for row, text in cells
            ]
        return ["" if text is None else text_cell(f"{letter}{row}", text) for row, text in cells]

    return render


def _integer(letter: str, _formats: Formats) -> Render:
    def render(rows: Rows, integers: Sequence[int | None]) -> list[str]:
        return [
            "" if integer is None else f'<c r="{letter}{row}"><v>{integer:d}</v></c>'
            for row, integer in zip(rows, integers, strict=True)
        ]

    return render


def _money(letter: str, formats: Formats) -> Render:
    style = formats.money

    def render(rows: Rows, amounts: Sequence[Amount | None]) -> list[str]:
        return [
            ""
            if amount is None
            else f'<c r="{letter}{row}" s="{style[decimals(amount.currency)]}">'
            f"<v>{major_text(amount)}</v></c>"
            for row, amount in zip(rows, amounts, strict=True)
        ]

    return render


def _moment(letter: str, formats: Formats) -> Render:
    style = formats.moment

    def render(rows: Rows, moments: Sequence[Moment | None]) -> list[str]:
        return [
            "" if at is None else f'<c r="{letter}{row}" s="{style}"><v>{clock(at)[1]}</v></c>'
            for row, at in zip(rows, moments, strict=True)
        ]

    return render


def _date(letter: str, formats: Formats) -> Render:
    style = formats.date

    def render(rows: Rows, dates: Sequence[date | None]) -> list[str]:
        return [
            "" if day is None else f'<c r="{letter}{row}" s="{style}"><v>{excel_days(day)}</v></c>'
            for row, day in zip(rows, dates, strict=True)
        ]

    return render


RENDERERS: Mapping[Kind, Callable[[str, Formats], Render]] = {
    "text": _text,
    "integer": _integer,
    "money": _money,
    "moment": _moment,
    "date": _date,
}
"""By kind of column: a function from its letter and the workbook's formats to its Render."""
