"""Reading a workbook back as its reader sees it, straight from its XML (ECMA-376)."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TYPES = {"inlineStr": "text", "n": "number"}


@dataclass
class Sheet:
    """One sheet: `cells` by place ("B2") as (type, content, number format)."""

    name: str
    cells: dict[str, tuple[str, str, str]]
    frozen: str | None
    filtered: str | None
    dimension: str
    widths: list[float]

    @property
    def rows(self) -> list[list[str]]:
        """The contents, row by row, without empty cells."""
        rows: dict[int, list[str]] = {}
        for place, (_, content, _) in self.cells.items():
            rows.setdefault(int(re.sub(r"\D", "", place)), []).append(content)
        return [rows[number] for number in sorted(rows)]


def read_workbook(path: Path) -> list[Sheet]:
    """The sheets in the order a reader sees them."""
    with zipfile.ZipFile(path) as archive:
        workbook = _parsed(archive.read("xl/workbook.xml"))
        formats = _formats(_parsed(archive.read("xl/styles.xml")))
        names = [sheet.attrib["name"] for sheet in workbook.iter(f"{MAIN}sheet")]
        return [
            _sheet(name, archive.read(f"xl/worksheets/sheet{number}.xml"), formats)
            for number, name in enumerate(names, 1)
        ]


def _parsed(body: bytes) -> Element:
    return fromstring(body)  # noqa: S314 (our own file)


def _formats(styles: Element) -> list[str]:
    codes = {x.attrib["numFmtId"]: x.attrib["formatCode"] for x in styles.iter(f"{MAIN}numFmt")}
    codes |= {"0": "General", "3": "#,##0", "4": "#,##0.00"}
    cells = styles.find(f"{MAIN}cellXfs")
    assert cells is not None
    return [codes[cell.attrib["numFmtId"]] for cell in cells]


def _sheet(name: str, body: bytes, formats: list[str]) -> Sheet:
    root = _parsed(body)
    cells = {}
    for cell in root.iter(f"{MAIN}c"):
        assert cell.find(f"{MAIN}f") is None, "no cell is a formula"
        kind = TYPES[cell.attrib.get("t", "n")]
        content = "".join(cell.itertext())
        cells[cell.attrib["r"]] = (kind, content, formats[int(cell.attrib.get("s", "0"))])
    pane, filtered = root.find(f".//{MAIN}pane"), root.find(f"{MAIN}autoFilter")
    dimension = root.find(f"{MAIN}dimension")
    assert dimension is not None
    assert root.find(f"{MAIN}hyperlinks") is None, "no cell is a link"
    return Sheet(
        name=name,
        cells=cells,
        frozen=None if pane is None else pane.attrib["topLeftCell"],
        filtered=None if filtered is None else filtered.attrib["ref"],
        dimension=dimension.attrib["ref"],
        widths=[float(column.attrib["width"]) for column in root.iter(f"{MAIN}col")],
    )
