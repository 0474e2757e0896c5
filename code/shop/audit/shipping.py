"""Shipping what processes of this machine wrote of the audit trail into the result store.

    <day>_<process>-<n>.jsonl   →   audit/<day>/<process>-<n>.jsonl

A file that is still written is shipped as it is, again and again; one that nobody holds any more,
because it is complete or because its process died, is shipped once more and removed. A copy that is
put twice is the same copy, so it does no harm if two processes see to the same file.
"""

import asyncio
import fcntl
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shop.audit.journal import Journal, Trouble
from shop.errors import ResultsUnavailable
from shop.reports.results import AUDIT, Results
from shop.settings import Settings

SHIP_EVERY = 5.0
"""Seconds. What a machine wrote of late is lost with the machine."""

LAST_CHANCE = 0.8
"""Seconds for what is left when a process stops, beside the four that requests have to finish. Then
it stays on the disk for the next one."""

PATTERN = "*_*.jsonl"

UNREADABLE = "What was written of the audit trail on this machine cannot be read."

log = logging.getLogger(__name__)


class Shipper:
    """Ships the journal of its own process, and the files of others that have ended.

    Attributes:
        trouble: why the trail is not whole at the moment; None where it is.
    """

    def __init__(self, journal: Journal, results: Results) -> None:
        self._journal = journal
        self._results = results
        self._one_at_a_time = asyncio.Lock()
        self._failing_since: float | None = None

    @property
    def trouble(self) -> Trouble | None:
        """What could not be written, or not be shipped."""
        if self._journal.trouble or self._failing_since is None:
            return self._journal.trouble
        return Trouble(since=self._failing_since, unshipped=True)

    async def finish(self) -> None:
        """End the journal and ship what is left, if that can be done soon."""
        self._journal.close()
        try:
            async with asyncio.timeout(LAST_CHANCE):
                await self.ship()
        except (TimeoutError, ResultsUnavailable):
            log.warning("the rest of the audit trail stays in %s for now", self._journal.folder)

    async def ship(self) -> None:
        """Ship all there is.

        Raises:
            ResultsUnavailable: the store took nothing, or not all.
        """
        async with self._one_at_a_time:
            self._journal.write_waiting()
            try:
                await self._ship_own()
                for path in sorted(self._journal.folder.glob(PATTERN)):
                    await self._ship_left_behind(path)
            except ResultsUnavailable:
                self._failing_since = self._failing_since or time.time()
                raise
            except OSError as error:
                self._failing_since = self._failing_since or time.time()
                log.error("the journal of the audit trail cannot be shipped: %s", error)
                raise ResultsUnavailable(UNREADABLE) from error
            self._failing_since = None

    async def _ship_own(self) -> None:
        file = self._journal.file
        if file is None or file.shipped == file.size:
            return
        lines = file.lines()
        await self._results.put(place_of(file.path), lines)
        file.shipped = len(lines)

    async def _ship_left_behind(self, path: Path) -> None:
        """Ship and remove a file, unless somebody still writes it or sees to it."""
        if self._journal.file is not None and path == self._journal.file.path:
            return
        with _held(path) as descriptor:
            if descriptor is None:
                return
            lines = await asyncio.to_thread(_whole, descriptor)
            if lines:
                await self._results.put(place_of(path), lines)
                await asyncio.to_thread(path.unlink, missing_ok=True)


def journal_folder(settings: Settings) -> Path:
    """Where the processes of this machine write their journals."""
    return settings.var_dir / "audit"


def place_of(path: Path) -> str:
    """Where a journal's file goes in the result store."""
    day, _, name = path.name.partition("_")
    return f"{AUDIT}/{day}/{name}"


@contextmanager
def _held(path: Path) -> Iterator[int | None]:
    """The file, opened and locked; None where somebody else has it, or had it and removed it."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield None
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        yield None
    else:
        yield descriptor
    finally:
        os.close(descriptor)


def _whole(descriptor: int) -> bytes:
    return os.pread(descriptor, os.fstat(descriptor).st_size, 0)
