"""One running copy for each VAR_DIR, and nothing left of a copy that is over.

The starter holds a lock on a file. Every process of the Procfile carries a mark in its
environment, which its own children inherit: that finds a work horse that left its worker's
process group, and what a starter killed with SIGKILL left running.
"""

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import psutil  # type: ignore[import-untyped] # ships no types

from script.starter.cannot_start import CannotStart

MARK = "IPSUM_STREET_COPY"
TIME_TO_END = 3.0
"""Seconds between SIGTERM and SIGKILL for what should not be there any more."""


@contextlib.contextmanager
def hold(var_dir: Path) -> Iterator[None]:
    """Be the only copy in `var_dir` for a while; end what is left of it before and after.

    Raises:
        CannotStart: another copy runs there.
    """
    var_dir.mkdir(parents=True, exist_ok=True)
    with (var_dir / "starter.lock").open("a+") as lock:
        _lock(lock.fileno(), var_dir)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        for name in end(marked(var_dir)):
            print(f"Stopped {name}, left running by a start that was killed.")
        try:
            yield
        finally:
            end(marked(var_dir))


def mark(var_dir: Path) -> dict[str, str]:
    """Return the environment variable that says whose process it is."""
    return {MARK: str(var_dir)}


def marked(var_dir: Path) -> list[psutil.Process]:
    """Find the running processes of the copy in `var_dir`, children of children included."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):  # it has just ended, or is another user's
            if process.environ().get(MARK) == str(var_dir):
                found.append(process)
    return found


def end(processes: Sequence[psutil.Process]) -> list[str]:
    """End the processes, with SIGKILL where SIGTERM is not enough; their names with pids."""
    names = []
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            names.append(f"{' '.join(process.cmdline())} (process {process.pid})")
            process.terminate()
    kill(psutil.wait_procs(processes, timeout=TIME_TO_END)[1])
    return names


def kill(processes: Iterable[psutil.Process]) -> None:
    """End the processes at once."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _lock(file: int, var_dir: Path) -> None:
    try:
        # A record lock: unlike flock's it does not live on in forked children.
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        pid = os.pread(file, 20, 0).decode()
        raise CannotStart(
            f"Another copy already runs with this VAR_DIR (process {pid}): {var_dir}. "
            "Stop that one, or give this one its own VAR_DIR, PORT and SANDBOX_PORT."
        ) from None
