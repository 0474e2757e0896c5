"""The files in which web processes of one machine meet."""

import logging
import os
import subprocess
import sys
import time
from itertools import product
from pathlib import Path

import pytest
from prometheus_client import generate_latest, values

from server.metrics import files
from server.metrics.requests import RequestFigures
from server.routes import ROUTES


@pytest.fixture(autouse=True)
def value_class_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """What prometheus_client uses is a choice of the whole process."""
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    monkeypatch.setenv(files.FOLDER, "")


@pytest.fixture
def ended() -> int:
    """The number of a process that is over."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_the_first_process_cleans_up(tmp_path: Path, ended: int):
    """Of those who run, only its own number may be left from somebody else."""
    here = tmp_path / "here"
    here.mkdir()
    for pid in (ended, os.getpid(), os.getppid()):
        (here / f"counter_{pid}.db").touch()
    files.clean(here)
    assert [file.name for file in here.iterdir()] == [f"counter_{os.getppid()}.db"]


def test_machines_that_are_gone_leave_nothing(tmp_path: Path):
    """A container that was made anew has another name; one that is still there is left alone."""
    long_ago = time.time() - files.ABANDONED_AFTER - 60
    for name, written in (("here", long_ago), ("gone", long_ago), ("there", time.time())):
        (tmp_path / name).mkdir()
        file = tmp_path / name / f"counter_{os.getppid()}.db"
        file.touch()
        for path in (file, tmp_path / name):
            os.utime(path, (written, written))
    os.utime(tmp_path / "there", (long_ago, long_ago))
    files.clean(tmp_path / "here")
    assert {folder.name for folder in tmp_path.iterdir()} == {"here", "there"}


def test_what_the_dead_were_doing_is_forgotten(tmp_path: Path, ended: int):
    """What they have done is not."""
    for name in (f"gauge_livesum_{ended}.db", f"counter_{ended}.db"):
        (tmp_path / name).touch()
    (tmp_path / f"gauge_livesum_{os.getppid()}.db").touch()
    files.forget_the_dead(tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {
        f"counter_{ended}.db",
        f"gauge_livesum_{os.getppid()}.db",
    }


def test_another_process_may_be_quicker(
    tmp_path: Path, ended: int, monkeypatch: pytest.MonkeyPatch
):
    """At forgetting the dead: the file is gone between looking for it and removing it."""
    file = tmp_path / f"gauge_livesum_{ended}.db"
    file.touch()
    remove = os.remove

    def after_the_other(path: str) -> None:
        remove(path)
        remove(path)

    monkeypatch.setattr(os, "remove", after_the_other)
    files.forget_the_dead(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_begins_can_be_read_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """Its files are there whole or not at all: every write is a moment to look."""
    here = RequestFigures(tmp_path)
    here.ended("GET", "/", 200, 0.01)
    write, looks = Path.write_bytes, []

    def written_in_two(path: Path, content: bytes) -> int:
        for part in (b"", content):
            write(path, part)
            looks.append(generate_latest(here.registry()).decode())
        return len(content)

    monkeypatch.setattr(Path, "write_bytes", written_in_two)
    monkeypatch.setattr(os, "getpid", os.getppid)
    assert files.use(tmp_path)
    line = 'ipsum_http_requests_total{method="GET",route="/",status="200"} 1.0'
    assert [line in look.splitlines() for look in looks] == [True] * 2 * len(files.SIZES)


def test_files_never_grow(tmp_path: Path):
    """Growing on a full disk would end the process, so they are written at their size at once.

    Here with twice the routes there are, each by two methods and with six statuses.
    """
    figures = RequestFigures(tmp_path)
    for n in range(2 * len(ROUTES)):
        for method, status in product(("GET", "HEAD"), (200, 303, 401, 403, 404, 503)):
            figures.ended(method, f"/a-route-of-usual-length-{n}/{{customer_id}}", status, 0.01)
    sizes = {file.name.rpartition("_")[0]: file.stat().st_size for file in tmp_path.iterdir()}
    blocks = {file.name.rpartition("_")[0]: file.stat().st_blocks for file in tmp_path.iterdir()}
    assert sizes == files.SIZES
    assert all(blocks[kind] * 512 >= size for kind, size in files.SIZES.items())


def test_a_disk_that_takes_no_files_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    """The process then shows its own requests only, and says so once."""
    in_the_way = tmp_path / "metrics"
    in_the_way.touch()
    with caplog.at_level(logging.WARNING):
        figures = RequestFigures(in_the_way)
    figures.began()
    figures.ended("GET", "/", 200, 0.01)
    shown = generate_latest(figures.registry()).decode()
    line = 'ipsum_http_requests_total{method="GET",route="/",status="200"} 1.0'
    assert line in shown.splitlines()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
