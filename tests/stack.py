"""The whole shop for a test: its own Redis, sandbox, web server and workers, on free ports."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from jobs.catalogue import ANSWER_REPORT, RUN_REPORT, Job
from jobs.queue import JobQueue
from script.starter.redis_server import own_redis
from shop.settings import PROJECT, Settings, load

PATIENCE = 60.0
"""Seconds a process has to answer or to end."""

COMMANDS = {
    "sandbox": ("-m", "sandbox", "--latency", "none"),
    "web": ("-m", "server"),
    "worker": ("-m", "worker"),
    "second worker": ("-m", "worker"),
    "prompt worker": ("-m", "worker", "--queues", "events,answers"),
}


_given: set[int] = set()


def free_port() -> int:
    """A port that nobody listens on, and that nobody else here was told to."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = int(listener.getsockname()[1])
        if port not in _given:
            _given.add(port)
            return port


@dataclass
class Stack:
    """The running processes of one copy of the shop."""

    settings: Settings
    environment: dict[str, str]
    project: Path = PROJECT
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    commands: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(COMMANDS))

    @property
    def url(self) -> str:
        """Where the pages are."""
        return self.settings.domain

    @property
    def sandbox_url(self) -> str:
        """Where the local Stripe is."""
        return f"http://localhost:{self.settings.sandbox_port}"

    def start(self, name: str, *options: str) -> None:
        """Start one process and wait until it can be used."""
        with (self.settings.var_dir / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 (our own commands)
                [*self.command(name), *options],
                cwd=self.project,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        self._wait_until(name, lambda: self.is_usable(name))

    def command(self, name: str) -> list[str]:
        """What starts the process."""
        return [sys.executable, *self.commands[name]]

    def is_usable(self, name: str) -> bool:
        """Whether the process does its work by now."""
        ports = {"sandbox": self.settings.sandbox_port, "web": self.settings.port}
        if name in ports:
            return answers(ports[name])
        job = ANSWER_REPORT if name == "prompt worker" else RUN_REPORT
        return worker_is_alive(self.settings, job)

    @contextmanager
    def second_web(self, **environment: str) -> Iterator["Stack"]:
        """One more web process on the same Redis and sandbox, on a port of its own."""
        environment = {**self.environment, **environment, "PORT": str(free_port())}
        other = Stack(load(environment=environment), environment)
        other.start("web")
        try:
            yield other
        finally:
            other.stop()

    def kill(self, name: str) -> None:
        """End one process without warning."""
        process = self.processes.pop(name)
        process.kill()
        process.wait(PATIENCE)

    @contextmanager
    def frozen(self, name: str) -> Iterator[None]:
        """Stop a process in its tracks; afterwards it goes on as if nothing had been.

        Before the sandbox stops, the workers finish: a job that asks Stripe something just then
        would wait for its answer, and keep every other job waiting.
        """
        if name == "sandbox":
            self.wait_until_idle()
        process = self.processes[name]
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    def wait_until_idle(self, patience: float = 90.0) -> None:
        """Wait until no job is queued or at work."""
        queue = JobQueue(self.settings)
        deadline = time.monotonic() + patience
        try:
            while any(state.waiting or state.running for state in queue.states()):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"jobs are left: {queue.states()}")
                time.sleep(0.05)
        finally:
            queue.close()

    def stop(self) -> None:
        """End every process, the last one started first."""
        for process in reversed(self.processes.values()):
            process.terminate()
        for process in self.processes.values():
            try:
                process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(PATIENCE)

    def log(self, name: str) -> str:
        """What a process has printed."""
        return (self.settings.var_dir / f"{name}.log").read_text(encoding="utf-8")

    def _wait_until(self, name: str, usable: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self.processes[name].poll() is None:
            if usable():
                return
            time.sleep(0.05)
        raise RuntimeError(f"{name} cannot be used:\n{self.log(name)}")


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Whether somebody answers HTTP there."""
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except OSError:
        return False
    finally:
        connection.close()
    return True


def worker_is_alive(settings: Settings, job: Job = RUN_REPORT) -> bool:
    """Whether a worker would run the job, by default a report."""
    queue = JobQueue(settings)
    try:
        return queue.worker_is_alive(job.queue)
    finally:
        queue.close()


@contextmanager
def open_stack(var_dir: Path, *, students: int, payments: int) -> Iterator[Stack]:
    """A copy of the shop whose Redis runs; the test starts the processes it wants.

    Raises:
        RuntimeError: code/server/.env has the keys of a real account, or the address of a real
            shop; tests must use neither.
    """
    environment = {
        **os.environ,
        "PYTHONPATH": f"{PROJECT / 'code'}{os.pathsep}{PROJECT}",
        "HOST": "127.0.0.1",
        "PORT": str(free_port()),
        "SANDBOX_PORT": str(free_port()),
        "VAR_DIR": str(var_dir),
        "REDIS_URL": "",
        "STAFF_FILE": str(var_dir / "staff.json"),
    }
    settings = load(environment=environment)
    if not settings.uses_sandbox:
        raise RuntimeError("code/server/.env has a real account's keys; tests use the sandbox's.")
    if settings.domain != f"http://localhost:{settings.port}":
        raise RuntimeError("code/server/.env has a DOMAIN that is not on this machine.")
    var_dir.mkdir(parents=True, exist_ok=True)
    with own_redis(settings):
        stack = Stack(settings, environment)
        try:
            stack.start("sandbox", "--students", str(students), "--payments", str(payments))
            yield stack
        finally:
            stack.stop()
