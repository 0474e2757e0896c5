"""A program of ours under measurement: started on its own, its processor time and memory read
from /proc, so that whoever measures is not measured along."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROJECT = Path(__file__).parents[1]
TICKS = os.sysconf("SC_CLK_TCK")
PATIENCE = 60
"""Seconds a program has to end."""


class Program:
    """A running process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._proc = Path("/proc") / str(process.pid)

    def cpu(self) -> float:
        """Seconds of processor time used so far, to a hundredth of a second."""
        fields = (self._proc / "stat").read_text().rpartition(")")[2].split()
        user, system = int(fields[11]), int(fields[12])
        return (user + system) / TICKS

    def peak_memory(self) -> int:
        """The most memory it has ever had, in bytes."""
        return self._status("VmHWM")

    def memory(self) -> int:
        """The memory it has now, in bytes."""
        return self._status("VmRSS")

    def wait_for_line(self) -> str:
        """The next line it prints; an empty one if it has ended."""
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def stop(self) -> None:
        """Ask it to end, and wait until it has."""
        self._process.send_signal(signal.SIGTERM)
        self._process.wait(PATIENCE)

    def _status(self, name: str) -> int:
        for line in (self._proc / "status").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
        return 0


@contextmanager
def running(*arguments: str) -> Iterator[Program]:
    """``python`` with these arguments, for the length of a ``with`` block."""
    environment = {**os.environ, "PYTHONPATH": f"{PROJECT / 'code'}{os.pathsep}{PROJECT}"}
    with subprocess.Popen(  # noqa: S603 - our own programs
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield Program(process)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(PATIENCE)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
