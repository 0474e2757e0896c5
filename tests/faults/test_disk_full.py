"""The disk is full while a report is written."""

import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from shop.reports.record import State
from tests.faults.conftest import OpenShop
from tests.faults.reports import history_until, judged, open_desk, results_of
from tests.faults.small_disk import CANNOT
from tests.faults.stripe_lists import over
from tests.faults.tally import Outcome, Tally
from tests.integration.conftest import Caller
from tests.stack import Stack

MEGABYTES = 40
LEFT = 300_000
"""Bytes of room for a report whose files take some megabytes."""

PATIENCE = 60
SENTENCE = "The disk is full: there is no room left for the report's files."


def start_worker_with_small(stack: Stack, folder: Path) -> Path:
    """A worker to which this folder is a small disk; the folder as it sees it."""
    folder.mkdir(parents=True)
    small = ("-m", "tests.faults.small_disk", str(folder), str(MEGABYTES))
    tried = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, *small, "-c", ""], env=stack.environment, capture_output=True, check=False
    )
    if tried.returncode == CANNOT:
        pytest.skip(f"this machine allows no mount name spaces: {tried.stderr.decode().strip()}")
    stack.commands["worker"] = (*small, "-m", "worker")
    stack.start("worker")
    return Path(f"/proc/{stack.processes['worker'].pid}/root") / folder.relative_to("/")


def fill(disk: Path) -> Path:
    """Leave nearly no room; what takes it."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        for _ in range(MEGABYTES):
            file.write(bytes(1_000_000))
    with ballast.open("r+b") as file:
        file.truncate(ballast.stat().st_size - LEFT)
    return ballast


def left_in(disk: Path) -> list[str]:
    """The files that somebody has left there."""
    return [str(path) for path in disk.rglob("*") if path.is_file() and path.name != "ballast"]


@pytest.mark.parametrize("place", ["unfinished", "results"])
async def test_disk_full(
    open_shop: OpenShop, stripe_of: Callable[[Stack], Caller], tally: Tally, place: str
):
    """The report fails with a sentence that names it and leaves nothing; with room one works."""
    stack = open_shop(students=500, payments=12_000)
    stripe = stripe_of(stack)
    history = await history_until(stripe, await over(stripe))
    disk = start_worker_with_small(stack, stack.settings.var_dir / place)
    async with open_desk(stack) as desk:
        ballast = fill(disk)
        failed = await desk.over(await desk.ask(history.window), PATIENCE)
        left = left_in(disk)
        ballast.unlink()
        done = await desk.over(await desk.ask(history.window), PATIENCE)
    assert failed.state is State.FAILED
    assert failed.error is not None
    assert (failed.error.code, failed.error.message) == ("results_unavailable", SENTENCE)
    assert left == []
    results = disk if place == "results" else results_of(stack)
    tally.counts(
        f"the disk of {place} files full while a report is written, and the next one with room",
        judged(results, done, history) + Outcome(attempts=1, done=0),
    )
