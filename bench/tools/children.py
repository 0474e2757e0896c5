"""What the children of a process use: a worker makes each report in a child of its own."""

import os
import threading
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")

EVERY = 0.02
"""Seconds between two looks."""


def children(pid: int) -> list[int]:
    """Their process ids."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
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
            peaks = [_peak(child) for child in children(self._pid)]
            self._kilobytes = max(self._kilobytes, *peaks, 0)

    def stop(self) -> float:
        """End it; the peak in megabytes."""
        self._over.set()
        self.join()
        return self._kilobytes / 1_000


def _peak(pid: int) -> int:
    """The most memory it has ever had, kilobytes; 0 where it has just ended."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
