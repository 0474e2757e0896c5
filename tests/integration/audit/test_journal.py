"""Writing the trail on the disk and shipping it."""

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from types import SimpleNamespace

import pytest

from shop.audit import journal as journals
from shop.audit.entry import Entry
from shop.audit.journal import LARGEST, Journal, Trouble
from shop.audit.shipping import Shipper
from shop.audit.trail import Question, read_page
from shop.errors import ResultsUnavailable
from shop.reports.results import Results
from tests.integration.audit.conftest import MORNING, entry
from tests.integration.test_results import bucket
from tests.stack import free_port

DAY = 24 * 3600 * 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "audit"


@pytest.fixture
def journal(folder: Path) -> Iterator[Journal]:
    opened = Journal(folder)
    yield opened
    opened.close()


async def shipped(results: Results) -> list[Entry]:
    """What a reader finds, the newest first."""
    return (await read_page(results, Question(), 10_000)).entries


def on_disk(folder: Path) -> int:
    """How many files wait to be shipped."""
    return len(list(folder.iterdir()))


async def test_what_is_shipped_can_be_read(journal: Journal, results: Results):
    """The file that is still written is shipped as it is, and again once there is more."""
    shipper = Shipper(journal, results)
    journal.write(entry("a"))
    await shipper.ship()
    assert await shipped(results) == [entry("a")]
    journal.write(entry("b"))
    await shipper.ship()
    assert await shipped(results) == [entry("b"), entry("a")]
    place = f"audit/2026-11-23/{journal.process}-0.jsonl"
    assert await results.names("audit") == [place]


async def test_nothing_new_is_nothing_to_ship(journal: Journal, results: Results):
    """So a quiet shop costs nothing."""
    shipper = Shipper(journal, results)
    journal.write(entry("a"))
    await shipper.ship()
    await results.delete("audit")
    await shipper.ship()
    assert await results.names("audit") == []


async def test_each_day_has_files_of_its_own(journal: Journal, results: Results):
    """An action that ends after midnight belongs to the day on which it began."""
    begun, tomorrow = entry("a", status=None), entry("b", MORNING + DAY)
    for each in (begun, tomorrow, entry("a")):
        journal.write(each)
    await Shipper(journal, results).ship()
    name = journal.process
    assert await results.names("audit") == [
        f"audit/2026-11-23/{name}-0.jsonl",
        f"audit/2026-11-23/{name}-2.jsonl",
        f"audit/2026-11-24/{name}-1.jsonl",
    ]
    assert await shipped(results) == [tomorrow, entry("a")]


async def test_a_long_journal_is_several_files(journal: Journal, results: Results, folder: Path):
    """Those that are complete are shipped once and leave the disk."""
    shipper = Shipper(journal, results)
    written = [entry(f"{number:06}") for number in range(5000)]
    for each in written:
        journal.write(each)
    await shipper.ship()
    sizes = [len(await results.get(name)) for name in await results.names("audit")]
    assert len(sizes) > 1
    assert max(sizes) < LARGEST + 1000
    assert on_disk(folder) == 1
    assert await shipped(results) == written[::-1]


async def test_a_process_that_stops_leaves_nothing(
    journal: Journal, results: Results, folder: Path
):
    """Everything is in the result store, and the disk is clean."""
    shipper = Shipper(journal, results)
    journal.write(entry("a"))
    await shipper.finish()
    assert on_disk(folder) == 0
    assert await shipped(results) == [entry("a")]


def _write_and_wait(folder: Path, ready: Connection) -> None:
    Journal(folder).write(entry("orphan", status=None))
    ready.send(True)
    signal.pause()


async def test_what_a_killed_process_wrote_is_shipped_by_another(
    journal: Journal, results: Results, folder: Path
):
    """At once after its death, and not before; without fsync, as only the process has died."""
    ready, told = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_write_and_wait, args=(folder, told))
    process.start()
    assert ready.recv()
    shipper = Shipper(journal, results)
    await shipper.ship()
    assert await shipped(results) == []
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    await shipper.ship()
    assert await shipped(results) == [entry("orphan", status=None)]
    assert on_disk(folder) == 0


async def test_a_store_that_is_away_is_tried_again(tmp_path: Path, results: Results):
    """Meanwhile the trail stays on the disk, and somebody can say so."""
    folder = tmp_path / "audit"
    away = bucket(tmp_path, f"http://127.0.0.1:{free_port()}")
    journal = Journal(folder)
    journal.write(entry("a"))
    shipper = Shipper(journal, away)
    with pytest.raises(ResultsUnavailable):
        await shipper.ship()
    assert shipper.trouble == Trouble(since=shipper.trouble.since, unshipped=True)
    await shipper.finish()
    assert on_disk(folder) == 1
    later = Shipper(Journal(folder), results)
    await later.ship()
    assert (later.trouble, await shipped(results)) == (None, [entry("a")])


def _write_to_a_full_disk(folder: Path, told: Connection) -> None:
    """No file of this process can grow beyond a hundred bytes; that would silence pytest, too."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    journals.MOST_UNWRITTEN = 3
    logged: list[str] = []
    journals.log = SimpleNamespace(error=lambda message, _: logged.append(message))
    journal = Journal(folder)
    for number in range(6):
        journal.write(entry(str(number)))
    told.send((journal.file.lines(), journal.trouble, logged))


def test_what_a_full_disk_does_not_take_waits_in_memory(folder: Path):
    """No line is written in part, the log says so once, and what has to go is counted."""
    ready, told = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_write_to_a_full_disk, args=(folder, told))
    process.start()
    told.close()
    lines, trouble, logged = ready.recv()
    process.join()
    assert lines.count(b"\n") == 1
    assert (trouble.unwritten, trouble.lost) == (3, 2)
    assert time.time() - trouble.since < 60
    assert len(logged) == 1


async def test_a_gap_is_an_entry_of_its_own(
    results: Results, journal: Journal, monkeypatch: pytest.MonkeyPatch
):
    """Once the disk takes entries again, what waited is written, and how many are gone."""
    monkeypatch.setattr(journals, "MOST_UNWRITTEN", 2)
    journal.folder.touch()  # no folder can be made there
    for number in range(5):
        journal.write(entry(str(number)))
    journal.folder.unlink()
    await Shipper(journal, results).ship()
    gap, *kept = await shipped(results)
    assert [each.id for each in kept] == ["4", "3"]
    assert (gap.action, gap.detail, journal.trouble) == ("entries lost", "3", None)
