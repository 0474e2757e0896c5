"""The files of a report: whole, harmless, checksummed."""

import hashlib
import json
import time
from pathlib import Path

import pytest

from shop.reports.files import ResultFolder, for_spreadsheet
from shop.rules.money import Amount

COLUMNS = ("who", "gross", "count")


def test_both_formats_hold_the_same_rows(tmp_path: Path):
    """CSV in major units for a spreadsheet, JSON in minor units for a program."""
    folder = ResultFolder(tmp_path)
    with folder.writing("r1", "totals", COLUMNS) as writer:
        writer.write({"who": "Zoë, Ltd.", "gross": Amount(-1234, "usd"), "count": 2})
        writer.write({"who": None, "gross": Amount(500, "jpy"), "count": 0})
        files = writer.finish({"net_total": -1234})
    csv_file, json_file = (folder.path("r1", file) for file in files)
    assert csv_file.read_bytes().decode() == 'who,gross,count\r\n"Zoë, Ltd.",-12.34,2\r\n,500,0\r\n'
    assert json.loads(json_file.read_text()) == {
        "rows": [
            {"who": "Zoë, Ltd.", "gross": -1234, "count": 2},
            {"who": None, "gross": 500, "count": 0},
        ],
        "summary": {"net_total": -1234},
    }
    assert [(f.format, f.name) for f in files] == [("csv", "totals.csv"), ("json", "totals.json")]
    for file, path in zip(files, (csv_file, json_file), strict=True):
        assert file.bytes == path.stat().st_size
        assert file.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_report_without_rows_is_still_whole(tmp_path: Path):
    """The header and the summary are there."""
    folder = ResultFolder(tmp_path)
    with folder.writing("r1", "totals", COLUMNS) as writer:
        files = writer.finish({})
    csv_file, json_file = (folder.path("r1", file) for file in files)
    assert csv_file.read_bytes().decode() == "who,gross,count\r\n"
    assert json.loads(json_file.read_text()) == {"rows": [], "summary": {}}


def test_a_report_that_fails_half_way_leaves_nothing(tmp_path: Path):
    """What can be downloaded is always whole."""
    folder = ResultFolder(tmp_path)

    def fill_the_disk() -> None:
        with folder.writing("r1", "t", COLUMNS) as writer:
            writer.write({"who": "x", "gross": Amount(1, "usd"), "count": 1})
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fill_the_disk()
    assert list((tmp_path / "results").iterdir()) == []


def test_running_a_report_again_replaces_its_files(tmp_path: Path):
    """A worker that died left an unfinished folder behind."""
    (tmp_path / "results" / "r1.unfinished").mkdir(parents=True)
    folder = ResultFolder(tmp_path)
    for count in (1, 2):
        with folder.writing("r1", "t", COLUMNS) as writer:
            writer.write({"who": "x", "gross": Amount(1, "usd"), "count": count})
            files = writer.finish({})
    assert folder.path("r1", files[0]).read_bytes() == b"who,gross,count\r\nx,0.01,2\r\n"


def test_what_is_on_no_list_is_swept_away(tmp_path: Path):
    """Files hold names and addresses; the kept and the young ones stay."""
    folder = ResultFolder(tmp_path)
    for name in ("kept", "old"):
        with folder.writing(name, "t", COLUMNS) as writer:
            writer.finish({})
    assert folder.sweep({"kept"}, older_than=0) == 0
    assert folder.sweep({"kept"}, older_than=time.time() + 1) == 1
    assert [path.name for path in (tmp_path / "results").iterdir()] == ["kept"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_text_never_becomes_a_formula(text: str):
    """Names are typed by strangers; a spreadsheet would run these."""
    assert for_spreadsheet(text) == "'" + text


def test_negative_amounts_stay_numbers():
    """Only text can be a formula."""
    assert str(for_spreadsheet(Amount(-5, "usd"))) == "-0.05"
    assert for_spreadsheet(-5) == -5
