"""How a workbook's cells look."""

from dataclasses import dataclass
from typing import Any

from xlsxwriter.workbook import Workbook


@dataclass(frozen=True, kw_only=True)
class Formats:
    """The workbook's formats, by XlsxWriter's index (`s` in a cell) or as its Format.

    Attributes:
        header, moment, date: indices.
        money: indices by number of decimals.
        title, heading, plain, amount: Formats; `amount` by number of decimals.
    """

    header: int
    moment: int
    date: int
    money: dict[int, int]
    title: Any
    heading: Any
    amount: dict[int, Any]


def formats_of(workbook: Workbook) -> Formats:
    """Add the formats to a new workbook."""
    amount = {
        0: workbook.add_format({"num_format": "#,##0"}),
        2: workbook.add_format({"num_format": "#,##0.00"}),
        3: workbook.add_format({"num_format": "#,##0.000"}),
    }
    moment = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    date = workbook.add_format({"num_format": "yyyy-mm-dd"})
    heading = workbook.add_format({"bold": True, "bottom": 1})
    return Formats(
        header=heading._get_xf_index(),
        moment=moment._get_xf_index(),
        date=date._get_xf_index(),
        money={digits: money._get_xf_index() for digits, money in amount.items()},
        title=workbook.add_format({"bold": True, "font_size": 14}),
        heading=heading,
        amount=amount,
    )
