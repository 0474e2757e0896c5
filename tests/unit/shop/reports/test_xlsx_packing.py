"""A workbook is packed with the least effort, and XlsxWriter is left as it was."""

import zipfile
import zlib
from pathlib import Path

import pytest
from xlsxwriter import workbook

from shop.reports.writing.xlsx_packing import packed_quickly


def test_a_workbook_is_packed_at_the_lowest_level(tmp_path: Path):
    """Each of its parts is as long as zlib makes it at level 1, and it opens."""
    book = workbook.Workbook(str(tmp_path / "book.xlsx"))
    sheet = book.add_worksheet()
    for row in range(500):
        sheet.write_row(row, 0, [row, row * row, row**3])
    with packed_quickly():
        book.close()
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        assert archive.testzip() is None
        part = archive.getinfo("xl/worksheets/sheet1.xml")
        body = archive.read(part)
    packer = zlib.compressobj(1, zlib.DEFLATED, -15)
    assert part.compress_size == len(packer.compress(body) + packer.flush())


def test_afterwards_xlsxwriter_is_as_it_was():
    """Also when the workbook could not be written."""
    with pytest.raises(OSError, match="no room"), packed_quickly():
        raise OSError("no room")
    assert workbook.ZipFile is zipfile.ZipFile
