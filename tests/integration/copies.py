"""A copy of the shop that runs under the starter, watched from outside."""

import http.client
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psutil

from shop.settings import PROJECT
from tests.stack import free_port

PATIENCE = 60.0
"""Seconds anything here may take."""

OPEN = "The shop is open."


def own_places(var_dir: Path) -> dict[str, str]:
    """An environment with ports and a VAR_DIR that no other copy has."""
    return {
        **os.environ,
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
        "SANDBOX_PORT": str(free_port()),
        "REDIS_URL": "",
        "VAR_DIR": str(var_dir),
    }


class Copy:
    """A started command, its output so far, and the processes under it."""

    def __init__(
        self, command: Sequence[str], environment: dict[str, str], project: Path = PROJECT
    ) -> None:
        self.var_dir = Path(environment["VAR_DIR"])
        self.port = environment["PORT"]
        self.sandbox_port = environment["SANDBOX_PORT"]
        self._output = self.var_dir / f"output-{time.monotonic_ns()}.txt"
        self.var_dir.mkdir(parents=True, exist_ok=True)
        with self._output.open("wb") as output:
            self._process = subprocess.Popen(  # noqa: S603 - our own commands
                command,
                cwd=project,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,  # as a terminal would: a foreground group of its own
            )

    @property
    def output(self) -> str:
        """What it has printed so far."""
        return self._output.read_text()

    def wait_until_open(self) -> "Copy":
        """Wait until it says that it can be used."""
        wait_until(lambda: OPEN in self.output or self._process.poll() is not None)
        assert self._process.poll() is None, self.output
        return self

    def pid(self, name: str) -> int:
        """The process of a line of the Procfile."""
        started = re.search(rf"\b{name} started \(pid=(\d+)\)", self.output)
        assert started, self.output
        return int(started[1])

    def redis_pid(self) -> int:
        """Its own Redis."""
        (redis,) = [process for process in self.descendants() if process.name() == "redis-server"]
        return redis.pid

    def descendants(self) -> list[psutil.Process]:
        """Every process it has started, at any depth."""
        return psutil.Process(self._process.pid).children(recursive=True)

    def terminate(self) -> int:
        """SIGTERM to the one process that was started; the exit code."""
        self._process.terminate()
        return self.wait()

    def signal_group(self, number: signal.Signals) -> int:
        """Send a signal to the whole foreground group, as a terminal does; the exit code."""
        os.killpg(self._process.pid, number)
        return self.wait()

    def kill(self) -> int:
        """End the starter, and nothing else, without warning; the exit code."""
        self._process.kill()
        return self.wait()

    def wait(self) -> int:
        """Wait for its end; the exit code."""
        return self._process.wait(PATIENCE)

    def answers(self, path: str = "/", port: str = "") -> int | None:
        """The status of a page; None where nobody listens."""
        connection = http.client.HTTPConnection(
            "127.0.0.1", int(port or self.port), timeout=PATIENCE
        )
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except ConnectionRefusedError:
            return None
        finally:
            connection.close()


def running(processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Those that have not ended."""
    return [process for process in processes if _is_running(process)]


def _is_running(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # it ended between the two questions
        return False


def wait_until(condition: Callable[[], bool]) -> None:
    """Look again and again until it is so."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
