"""What one process writes of the audit trail: lines in files on its own disk.

    <folder>/<day>_<process>-<n>.jsonl

A line is with the kernel when `write` returns, so it outlives the process, however that ends. Each
file is locked by whoever writes it; one that nobody holds is complete, and is shipped and removed
by whichever process sees it first (`shop.audit.shipping`). A file has entries of one day (UTC).
"""

import errno
import fcntl
import logging
import os
import secrets
import time
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from shop.audit.actions import Action
from shop.audit.entry import Entry, line_of, new_id

LARGEST = 256 * 1024
"""Bytes of a file, about 800 entries, so that one is shipped again and again at little cost."""

DAY = 24 * 3600 * 1000
"""Milliseconds."""

MOST_UNWRITTEN = 10_000
"""Entries that are held in memory while the disk takes none."""

log = logging.getLogger(__name__)


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why the trail is not whole at the moment.

    Attributes:
        since: unix seconds of the first failure.
        unwritten: entries that wait in memory for room on the disk.
        lost: entries that are gone, as there were too many of them.
        unshipped: the disk is fine, but the result store takes nothing.
    """

    since: float
    unwritten: int = 0
    lost: int = 0
    unshipped: bool = False


class JournalFile:
    """An open file of lines, held by its process until it is closed.

    Attributes:
        size: bytes in it.
        shipped: bytes of which the result store has a copy.
    """

    def __init__(self, path: Path) -> None:
        """Raises OSError: it cannot be made."""
        self.path = path
        self.size = 0
        self.shipped = 0
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL
        self._descriptor = os.open(path, flags, 0o600)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)

    def append(self, line: bytes) -> None:
        """Add the whole line, or nothing.

        Raises:
            OSError: it could not be added.
        """
        written = os.write(self._descriptor, line)
        if written < len(line):
            os.ftruncate(self._descriptor, self.size)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
        self.size += written

    def lines(self) -> bytes:
        """All that is in it."""
        return os.pread(self._descriptor, self.size, 0)

    def close(self) -> None:
        """Give the file free; from now on it is complete. An empty one goes."""
        if not self.size:
            self.path.unlink(missing_ok=True)
        os.close(self._descriptor)


class Journal:
    """Writes entries, one file at a time. Never raises: what it records has to go on.

    Attributes:
        file: the one that is written at the moment.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process = secrets.token_hex(6)
        self.file: JournalFile | None = None
        self._day = -1
        self._files = 0
        self._unwritten: deque[Entry] = deque()
        self._lost = 0
        self._failing_since: float | None = None

    @property
    def trouble(self) -> Trouble | None:
        """What could not be written; None where all was."""
        if self._failing_since is None:
            return None
        return Trouble(since=self._failing_since, unwritten=len(self._unwritten), lost=self._lost)

    def write(self, entry: Entry) -> None:
        """Add an entry. While the disk takes none it waits in memory, and the log says so."""
        if len(self._unwritten) == MOST_UNWRITTEN:
            self._unwritten.popleft()
            self._lost += 1
        self._unwritten.append(entry)
        self.write_waiting()

    def write_waiting(self) -> None:
        """Write what waits, in order."""
        try:
            while self._unwritten:
                entry = self._unwritten[0]
                self._file_for(entry).append(line_of(entry))
                self._unwritten.popleft()
        except OSError as error:
            self._failed(error)
        else:
            self._went_well()

    def close(self) -> None:
        """Leave all files to be shipped."""
        self.write_waiting()
        if self.file is not None:
            self.file.close()
            self.file = None

    def _file_for(self, entry: Entry) -> JournalFile:
        day = entry.at // DAY
        if self.file is not None and (day != self._day or self.file.size >= LARGEST):
            self.file.close()
            self.file = None
        if self.file is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            date = datetime.fromtimestamp(entry.at / 1000, UTC).date().isoformat()
            self.file = JournalFile(self.folder / f"{date}_{self.process}-{self._files}.jsonl")
            self._day = day
            self._files += 1
        return self.file

    def _failed(self, error: OSError) -> None:
        if self._failing_since is None:
            self._failing_since = time.time()
            log.error("the audit trail cannot be written, and waits in memory: %s", error)

    def _went_well(self) -> None:
        if self._failing_since is None:
            return
        since, lost = self._failing_since, self._lost
        self._failing_since, self._lost = None, 0
        log.warning("the audit trail is written again; %d entries are lost", lost)
        if lost:
            gap = Entry(
                id=new_id(), at=int(since * 1000), action=Action.GAP, detail=str(lost), status=0
            )
            self.write(gap)
