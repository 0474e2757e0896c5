"""One folder for the figures of all web processes of a machine, so that any of them shows them all.

prometheus_client writes them through memory-mapped files, one for each process and type. A file
that had to grow on a full disk would end the process (SIGBUS), so files are made at full size.
"""

import logging
import os
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path

from prometheus_client import multiprocess, values

from shop.settings import Settings

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of the environment that prometheus_client reads."""

SIZES = {"counter": 1 << 18, "histogram": 1 << 20, "gauge_livesum": 1 << 16}
"""Bytes of each type's file: several times what all routes with all their statuses take."""

ABANDONED_AFTER = 24 * 3600
"""Seconds in which no process wrote into a machine's folder: it is not there any more."""

log = logging.getLogger(__name__)


def folder_of(settings: Settings) -> Path:
    """This machine's; containers that share a `VAR_DIR` may have processes of one number."""
    return settings.var_dir / "metrics" / socket.gethostname()


def clean(folder: Path) -> None:
    """Remove what ended processes left. To be called when the first web process starts.

    Not when others do: a count that went down would look to Prometheus like a restart. Folders of
    machines that are gone go, too, as each container is a machine with a name of its own.
    """
    for file in folder.glob("*.db"):
        pid = _pid_of(file)
        if pid == os.getpid() or not _runs(pid):
            file.unlink(missing_ok=True)
    for other in folder.parent.glob("*"):
        if other != folder and _last_written(other) < time.time() - ABANDONED_AFTER:
            shutil.rmtree(other, ignore_errors=True)


def use(folder: Path) -> bool:
    """Have the metrics that are made from now on written there; False where that is impossible.

    A shop whose disk is full goes on, and its processes count each for itself.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for kind, size in SIZES.items():
            _make(folder / f"{kind}_{os.getpid()}.db", size)
    except OSError as error:
        log.warning("metrics are counted by each web process for itself: %s", error)
        values.ValueClass = values.MutexValue
        return False
    os.environ[FOLDER] = str(folder)
    values.ValueClass = values.MultiProcessValue()  # type: ignore[no-untyped-call]
    return True


def forget_the_dead(folder: Path) -> None:
    """Leave out what ended processes were doing; what they have done stays counted."""
    for file in folder.glob("gauge_live*.db"):
        pid = _pid_of(file)
        if not _runs(pid):
            with suppress(FileNotFoundError):  # another process was quicker
                multiprocess.mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


def _make(file: Path, size: int) -> None:
    """At full size from the moment it can be seen: an empty file cannot be read as figures."""
    unfinished = file.with_suffix(".unfinished")
    try:
        unfinished.write_bytes(bytes(size))
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _last_written(folder: Path) -> float:
    """When a process last wrote there, in unix seconds; now, where it is being removed."""
    try:
        return max(each.stat().st_mtime for each in (folder, *folder.glob("*")))
    except FileNotFoundError:
        return time.time()


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # another user's
        return True
    return True


def _pid_of(file: Path) -> int:
    return int(file.stem.rpartition("_")[2])
