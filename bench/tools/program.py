"""A program of ours under measurement.

It runs by itself, and its processor time and memory are read from /proc, so that whoever
measures is not measured along.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.tools.cores import processor_time

PROJECT = Path(__file__).parents[2]
PATIENCE = 120
"""Seconds a program has to end."""


@dataclass(frozen=True)
class Spent:
    """What something cost: seconds that went by, and seconds of processor time."""

    wall: float
    cpu: float


class Program:
    """A running process that prints a line when it is ready."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._proc = Path("/proc") / str(process.pid)
        self._began = time.perf_counter()

    def cpu(self) -> float:
        """Seconds of processor time used so far, to a hundredth of a second."""
        return processor_time(self._process.pid)

    def megabytes(self, *, peak: bool = False) -> float:
        """The memory it has now, or the most it has ever had."""
        name = "VmHWM:" if peak else "VmRSS:"
        lines = (self._proc / "status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1_000

    def wait_until_ready(self) -> Spent:
        """What its start has cost.

        Raises:
            RuntimeError: it ended instead.
        """
        if self._process.stdout is None or not self._process.stdout.readline():
            raise RuntimeError(f"{self._process.args!r} did not start")
        return Spent(time.perf_counter() - self._began, self.cpu())

    @contextmanager
    def spending(self, spent: list[Spent]) -> Iterator[None]:
        """Put what it spends in a ``with`` block at the end of ``spent``."""
        began, before = time.perf_counter(), self.cpu()
        yield
        spent.append(Spent(time.perf_counter() - began, self.cpu() - before))

    def stop(self) -> float:
        """Ask it to end, and wait until it has; the seconds that took."""
        began = time.perf_counter()
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(PATIENCE)
        return time.perf_counter() - began


@contextmanager
def running(*arguments: str, **environment: str) -> Iterator[Program]:
    """``python`` with these arguments, for the length of a ``with`` block."""
    path = {"PYTHONPATH": f"{PROJECT / 'code'}{os.pathsep}{PROJECT}"}
    with subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, *arguments],
        cwd=PROJECT,
        env={**os.environ, **path, **environment},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        program = Program(process)
        try:
            yield program
        finally:
            if process.poll() is None:
                program.stop()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
