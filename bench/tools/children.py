"""What the children of a process use: a worker makes each report in a child of its own."""

import os
import threading
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")

EVERY = 0.02
"""Seconds between two looks."""


def children(pid: int) -> list[int]:
    """Their process ids; none where it has just ended."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [int(child) for child in listed.split()]


def cpu_of_ended_children(pid: int) -> float:
    """Seconds of processor time that children used which have ended, to a hundredth."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) / TICKS


class MemoryWatch(threading.Thread):
    """Follows the children of a process and notes the most memory that one of them ever had.

    The kernel keeps each process's own peak, so looking now and then is enough.
    """

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._over = threading.Event()
        self._kilobytes = 0

    def run(self) -> None:
        """Look until told to stop."""
        while not self._over.wait(EVERY):
            peaks = [_kilobytes(child, "VmHWM:") for child in children(self._pid)]
            self._kilobytes = max(self._kilobytes, *peaks, 0)

    def stop(self) -> float:
        """End it; the peak in megabytes."""
        self._over.set()
        self.join()
        return self._kilobytes / 1_000


def megabytes(pid: int, *, family: bool = False) -> float:
    """The memory that a process has now, with that of its children where `family` says so."""
    ours = _kilobytes(pid, "VmRSS:") / 1_000
    return ours + (sum(megabytes(child, family=True) for child in children(pid)) if family else 0)


def _kilobytes(pid: int, line: str) -> int:
    """A line of its status: memory now or, `VmHWM:`, at most; 0 where it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(each.split()[1]) for each in lines if each.startswith(line)), 0)
