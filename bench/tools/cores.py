"""One processor core for the program under measurement, the others for everybody else."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def leave_one_free() -> int | None:
    """Keep this process, and those it starts from now on, off one core; None where there is one."""
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        return None
    os.sched_setaffinity(0, cores[1:])
    return cores[0]


def give(pid: int, core: int | None) -> None:
    """Let a process have this core and no other."""
    if core is not None:
        os.sched_setaffinity(pid, {core})


def processor_time(pid: int) -> float:
    """Seconds of processor time that a process has used, to a hundredth."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS
