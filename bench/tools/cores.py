"""One processor core for the program under measurement, the others for everybody else."""

import os


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
