"""The workbook: typed cells, a summary in front, and nothing that runs."""

from datetime import date
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shop.reports.table import Cell, Column, Moment
from shop.reports.writing.xlsx_file import XlsxFile, sheet_name
from shop.rules.money import Amount
from tests.unit.shop.reports.workbooks import Sheet, read_workbook

COLUMNS = (
    Column("who", "Who", "text"),
    Column("gross", "Gross", "money"),
    Column("count", "Lessons", "integer"),
    Column("created", "Created", "moment"),
    Column("available_on", "Available on", "date"),
)
NOVEMBER = Moment(1795374309, ZoneInfo("America/New_York"))  # 2026-11-22 14:05:09
ROW = ("Zoë", Amount(-123456, "usd"), 2, NOVEMBER, date(2026, 11, 24))

SUMMARY = {
    "payment_total": 123,
    "window": {"from_local": "2026-11-21T00:00:00-05:00", "timezone": "America/New_York"},
    "figures": [
        {"name": "payment_total", "label": "Gross", "amount": 12345, "currency": "usd"},
        {"name": "yen", "label": "Gross in yen", "amount": 500, "currency": "jpy"},
        {"name": "transactions", "label": "Transactions", "count": 7},
    ],
    "checks": [
        {"label": "Identity", "holds": True, "detail": "1 - 1 = 0"},
        {"label": "Rows", "holds": False, "detail": "7 is not 8"},
    ],
    "tables": [
        {
            "name": "by_day",
            "title": "By day",
            "currency": "usd",
            "columns": [
                {"name": "day", "title": "Day", "kind": "date"},
                {"name": "hour", "title": "Hour", "kind": "moment"},
                {"name": "gross", "title": "Gross", "kind": "money"},
            ],
            "rows": [["2026-11-22", "2026-11-22 14:00:00", 1050], ["2026-11-23", None, None]],
        },
        {
            "name": "by_currency",
            "title": "Rows",
            "columns": [
                {"name": "currency", "title": "Currency", "kind": "text"},
                {"name": "gross", "title": "Gross", "kind": "money"},
            ],
            "rows": [["usd", 1050], ["jpy", 1050]],
        },
        {
            "name": "by_state",
            "title": "By state",
            "currency": None,
            "columns": [{"name": "count", "title": "Count", "kind": "integer"}],
            "rows": [[3]],
        },
    ],
    "notes": ["=Two rows could not be classified."],
}


def workbook(
    folder: Path,
    rows: list[tuple[Cell, ...]],
    summary: dict[str, object] | None = None,
    rows_a_sheet: int = 1_000,
) -> list[Sheet]:
    """The sheets of a workbook with these rows."""
    path = folder / "report.xlsx"
    file = XlsxFile(path, COLUMNS, "Lesson totals", scratch=folder, rows_a_sheet=rows_a_sheet)
    file.write(rows)
    file.finish(summary or {})
    assert list(folder.iterdir()) == [path], "no temporary file is left"
    return read_workbook(path)


def test_cells_are_typed(tmp_path: Path):
    """Numbers add up, times sort, and money shows the decimals of its currency."""
    yen, dinar = Amount(500, "jpy"), Amount(-1, "kwd")
    rows = workbook(tmp_path, [ROW, (None, yen, 0, None, None), ("", dinar, None, None, None)])[-1]
    money, moment = "#,##0.00", "yyyy-mm-dd hh:mm:ss"
    assert rows.cells == {
        "A1": ("text", "Who", "General"),
        "B1": ("text", "Gross", "General"),
        "C1": ("text", "Lessons", "General"),
        "D1": ("text", "Created", "General"),
        "E1": ("text", "Available on", "General"),
        "A2": ("text", "Zoë", "General"),
        "B2": ("number", "-1234.56", money),
        "C2": ("number", "2", "General"),
        "D2": ("number", "46348.586909722", moment),
        "E2": ("number", "46350", "yyyy-mm-dd"),
        "B3": ("number", "500", "#,##0"),
        "C3": ("number", "0", "General"),
        "A4": ("text", "", "General"),
        "B4": ("number", "-0.001", "#,##0.000"),
    }
    assert round(46348.586909722 % 1 * 86_400) == 14 * 3600 + 5 * 60 + 9


def test_rows_have_a_frozen_header_a_filter_and_wide_columns(tmp_path: Path):
    """A reader scrolls and filters at once."""
    rows = workbook(tmp_path, [ROW, ROW])[-1]
    assert (rows.name, rows.frozen, rows.filtered) == ("Rows", "A2", "A1:E3")
    assert rows.dimension == "A1:E3"
    assert all(width > 10 for width in rows.widths)
    assert len(rows.widths) == 5


def test_the_summary_stands_in_front_then_its_tables_then_the_rows(tmp_path: Path):
    """Figures in major units; a check that fails is not to be overlooked."""
    summary, by_day, by_currency, by_state, rows = workbook(tmp_path, [ROW], SUMMARY)
    names = [sheet.name for sheet in (summary, by_day, by_currency, by_state, rows)]
    assert names == ["Summary", "By day", "Rows 2", "By state", "Rows"]
    assert summary.rows == [
        ["Lesson totals"],
        ["Window"],
        ["From", "2026-11-21T00:00:00-05:00"],
        ["Time zone", "America/New_York"],
        ["Figures"],
        ["Gross", "123.45", "USD"],
        ["Gross in yen", "500", "JPY"],
        ["Transactions", "7"],
        ["Checks"],
        ["Identity", "holds", "1 - 1 = 0"],
        ["Rows", "DOES NOT HOLD", "7 is not 8"],
        ["Notes"],
        ["=Two rows could not be classified."],
    ]
    assert by_day.cells["A2"] == ("number", "46348", "yyyy-mm-dd")
    assert by_day.cells["B2"] == ("number", "46348.583333333", "yyyy-mm-dd hh:mm:ss")
    assert by_day.cells["C2"] == ("number", "10.50", "#,##0.00")
    assert (by_day.filtered, by_day.dimension) == ("A1:C3", "A1:C3")
    assert by_currency.cells["B2"] == ("number", "10.50", "#,##0.00")
    assert by_state.cells["A2"] == ("number", "3", "General")
    assert by_currency.cells["B3"] == ("number", "1050", "#,##0")


def test_sheets_of_several_currencies_are_told_apart(tmp_path: Path):
    """A table of one currency has no column for it."""
    columns = [{"name": "gross", "title": "Gross", "kind": "money"}]
    tables = [
        {"name": of, "title": "By Stripe's reporting category", "currency": of, "columns": columns}
        for of in ("usd", "eur")
    ]
    sheets = workbook(tmp_path, [], {"tables": [table | {"rows": [[1]]} for table in tables]})
    assert [sheet.name for sheet in sheets[1:-1]] == [
        "USD By Stripe's reporting categ",
        "EUR By Stripe's reporting categ",
    ]


def test_more_rows_than_a_sheet_holds_go_on_to_the_next(tmp_path: Path):
    """Each with its header and filter; not one row is lost or doubled."""
    numbered = [(f"row {n}", None, n, None, None) for n in range(7)]
    _, *sheets = workbook(tmp_path, numbered, rows_a_sheet=3)
    assert [sheet.name for sheet in sheets] == ["Rows", "Rows 2", "Rows 3"]
    assert [sheet.filtered for sheet in sheets] == ["A1:E4", "A1:E4", "A1:E2"]
    assert all(sheet.rows[0][0] == "Who" for sheet in sheets)
    assert [row for sheet in sheets for row in sheet.rows[1:]] == [
        [f"row {n}", str(n)] for n in range(7)
    ]


def test_a_sheet_may_be_full_anywhere_in_what_is_written(tmp_path: Path):
    """Rows that come in pieces of any size lie as those that come at once."""
    numbered = [(None, None, n, None, None) for n in range(11)]
    made = []
    for pieces in ([11], [2, 2, 7], [3, 8], [1] * 11):
        path, rest = tmp_path / "report.xlsx", iter(numbered)
        file = XlsxFile(path, COLUMNS, "T", scratch=tmp_path, rows_a_sheet=4)
        for piece in pieces:
            file.write(list(islice(rest, piece)))
        file.finish({})
        made.append(path.read_bytes())
    assert made == made[:1] * 4


def test_a_full_sheet_is_not_followed_by_an_empty_one(tmp_path: Path):
    """Three rows on a sheet for three."""
    _, *sheets = workbook(tmp_path, [ROW] * 3, rows_a_sheet=3)
    assert [sheet.name for sheet in sheets] == ["Rows"]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "{=SUM(A1)}",
        "https://example.com",
        "mailto:zoe@example.com",
        "0042",
        "1e5",
        "<r>&amp;</r>",
        "</t></is></c><c><f>1</f></c>",
        "two\nlines",
    ],
)
def test_text_is_text(tmp_path: Path, text: str):
    """Never a formula, a link, a number or markup."""
    rows = workbook(tmp_path, [(text, None, None, None, None)])[-1]
    assert rows.cells["A2"] == ("text", text, "General")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("bell\x07", "bell_x0007_"),
        ("looks _x0007_ escaped", "looks _x005F_x0007_ escaped"),
        ("not a character \uffff", "not a character _xFFFF_"),
        ("  blanks  ", "  blanks  "),
        ("x" * 40_000, "x" * 16_383),
    ],
)
def test_text_that_xml_or_excel_cannot_hold_is_escaped_or_cut(tmp_path: Path, text: str, kept: str):
    """Otherwise Excel calls the whole file damaged."""
    rows = workbook(tmp_path, [(text, None, None, None, None)])[-1]
    assert rows.cells["A2"] == ("text", kept, "General")


def test_a_cell_of_the_wrong_kind_is_a_mistake(tmp_path: Path):
    """No text gets into a number's place."""
    file = XlsxFile(tmp_path / "x.xlsx", COLUMNS, "T", scratch=tmp_path)
    with pytest.raises(ValueError, match="format code 'd'"):
        file.write([("x", None, "</v>", None, None)])
    file.close()


@pytest.mark.parametrize(
    ("title", "taken", "name"),
    [
        ("By day", ["Summary"], "By day"),
        ("By day/hour: [all]*?", [], "By day hour   all"),
        ("'quoted'", [], "quoted"),
        ("summary", ["Summary"], "summary 2"),
        ("History", [], "History 2"),
        ("x" * 40, ["X" * 31], "x" * 27 + " 2"),
        ("//", [], "Table"),
    ],
)
def test_a_sheet_is_called_as_excel_allows(title: str, taken: list[str], name: str):
    """At most 31 characters, unlike all others in any letter case."""
    assert sheet_name(title, taken=dict.fromkeys(taken)) == name
