"""The starter, with stand-in processes in a copy of the project whose path has a space."""

import os
import re
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import psutil
import pytest
from redis import Redis

from script.starter import one_copy
from script.starter.redis_server import own_redis
from shop.settings import PROJECT, load, redis_socket
from tests.integration.copies import Copy, own_places, running, wait_until

IDLE = "import time\ntime.sleep(60)\n"

DEAF = r"""sh -c "trap '' TERM; exec python \1" """
"""A line of the Procfile that ignores SIGTERM, and so do its children."""

LEAVES_GROUP = """\
import os, time
if os.fork() == 0:
    os.setpgrp()
time.sleep(60)
"""

Start = Callable[..., Copy]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The starter and what it needs, with processes that start at once."""
    project = tmp_path / "a copy"
    shutil.copytree(PROJECT / "script", project / "script")
    shutil.copytree(PROJECT / "code" / "shop", project / "code" / "shop")
    (project / "code" / "server").mkdir()
    shutil.copy(PROJECT / ".env.example", project / "code" / "server" / ".env")
    (project / "worker.py").write_text(IDLE)
    (project / "Procfile").write_text(
        "sandbox: python -m http.server --bind 127.0.0.1 $SANDBOX_PORT\n"
        "web: python -m http.server --bind 127.0.0.1 $PORT\n"
        "worker: python worker.py\n"
    )
    return project


@pytest.fixture
def places(project: Path) -> dict[str, str]:
    """Ports and a VAR_DIR for one copy."""
    environment = own_places(project / "var")
    return {**environment, "PYTHONPATH": f"{project / 'code'}{os.pathsep}{project}"}


@pytest.fixture
def start(project: Path, places: dict[str, str]) -> Iterator[Start]:
    """Starts the starter, with some settings changed; ends what is still running."""
    copies: list[Copy] = []

    def start(**changed: str) -> Copy:
        command = [sys.executable, "-u", "-m", "script.starter"]
        copies.append(Copy(command, {**places, **changed}, project))
        return copies[-1]

    yield start
    for copy in copies:
        copy.terminate()
        one_copy.end(one_copy.marked(copy.var_dir))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP, signal.SIGTERM])
def test_a_stop_leaves_nothing(start: Start, number: signal.Signals) -> None:
    """Ctrl-C, a closed terminal and SIGTERM to the group end everything, with exit code 0."""
    copy = start().wait_until_open()
    started = copy.descendants()
    assert copy.signal_group(number) == 0
    assert running(started) == []
    assert "worker stopped" in copy.output  # by honcho, so before Redis
    assert "Traceback" not in copy.output


def test_what_it_keeps_is_for_its_user_alone(start: Start) -> None:
    """Redis's file holds what its socket gives to nobody else; every process makes files so."""
    copy = start().wait_until_open()
    made = [copy.var_dir / "starter.lock", *copy.var_dir.joinpath("redis").rglob("*")]
    assert any(path.suffix == ".aof" for path in made)
    assert {path.name: oct(path.stat().st_mode & 0o077) for path in made} == {
        path.name: "0o0" for path in made
    }


def test_an_early_stop_leaves_nothing(start: Start) -> None:
    """A stop while the processes are being started, at any moment of it, ends them too."""
    for after in (0, 0.01, 0.02, 0.04, 0.06, 0.08):
        copy = start()
        wait_until(redis_socket(copy.var_dir).exists)
        time.sleep(after)
        assert copy.signal_group(signal.SIGINT) == 0, copy.output
        assert one_copy.marked(copy.var_dir) == []
        assert not redis_socket(copy.var_dir).exists()
        assert "Traceback" not in copy.output


def test_what_does_not_stop_is_killed(start: Start, project: Path) -> None:
    """Five seconds after a stop that nobody minds all are killed, out of their groups too."""
    procfile = project / "Procfile"
    procfile.write_text(re.sub(r"python (.*)", DEAF, procfile.read_text()))
    (project / "worker.py").write_text(LEAVES_GROUP)
    copy = start().wait_until_open()
    wait_until(lambda: len(psutil.Process(copy.pid("worker")).children()) == 1)
    started = copy.descendants()
    assert copy.terminate() == 0
    assert running(started) == []


@pytest.mark.parametrize("name", ["sandbox", "web", "worker", "redis"])
def test_one_that_ends_ends_all(start: Start, name: str) -> None:
    """A process that ends by itself stops the others, is named, and makes the exit code 1."""
    copy = start().wait_until_open()
    started = copy.descendants()
    os.kill(copy.redis_pid() if name == "redis" else copy.pid(name), signal.SIGKILL)
    assert copy.wait() == 1
    assert copy.output.endswith(f"{name} ended by itself, so everything was stopped.\n")
    assert running(started) == []


def test_a_killed_start_does_not_prevent_the_next(start: Start) -> None:
    """The next start ends what a killed one left running, and finds what Redis had stored."""
    copy = start().wait_until_open()
    left = copy.descendants()
    with redis_of(copy) as redis:
        redis.set("kept", "yes")
    assert copy.kill() == -signal.SIGKILL

    again = start().wait_until_open()
    assert running(left) == []
    assert f"Stopped python worker.py (process {copy.pid('worker')})" in again.output
    with redis_of(again) as redis:
        assert redis.get("kept") == b"yes"


def test_only_one_copy_has_a_var_dir_and_a_port(start: Start, places: dict[str, str]) -> None:
    """A second copy is told what it would share with the first, which goes on."""
    copy = start().wait_until_open()

    same_var_dir = start()
    assert same_var_dir.wait() == 1
    assert "Another copy already runs with this VAR_DIR" in same_var_dir.output

    for setting in ("PORT", "SANDBOX_PORT"):
        elsewhere = own_places(copy.var_dir / setting)
        same_port = start(**{**elsewhere, setting: places[setting]})
        assert same_port.wait() == 1
        assert same_port.output == (
            f"Port {places[setting]} is taken by another program. "
            f"Stop that one, or give {setting} another value.\n"
        )
        assert one_copy.marked(same_port.var_dir) == []

    assert copy.answers() == HTTPStatus.OK


def test_a_setting_that_makes_no_sense_is_named(start: Start) -> None:
    """A sentence, no traceback."""
    copy = start(PORT="80x")
    assert copy.wait() == 1
    assert copy.output == "PORT must be a port from 1 to 65535, not '80x'.\n"


def test_a_real_key_needs_no_sandbox(start: Start, project: Path) -> None:
    """With a real account's key only the web server and the worker are started."""
    (project / "code" / "server" / ".env").write_text(
        "STRIPE_PUBLISHABLE_KEY=pk_test_x\nSTRIPE_SECRET_KEY=sk_test_x\n"
    )
    copy = start().wait_until_open()
    assert sorted(re.findall(r"(\w+) started", copy.output)) == ["web", "worker"]
    assert copy.answers(port=copy.sandbox_port) is None


def test_a_given_redis_is_used(start: Start) -> None:
    """With REDIS_URL no Redis is started."""
    copy = start(REDIS_URL="redis://127.0.0.1:6379").wait_until_open()
    assert "redis-server" not in {process.name() for process in copy.descendants()}


def test_every_process_gets_the_same_ground(start: Start, project: Path) -> None:
    """The project as folder, both import roots, and this Python first on the path."""
    worker = psutil.Process(start().wait_until_open().pid("worker"))
    environment = worker.environ()
    assert worker.cwd() == str(project)
    assert environment["PYTHONPATH"] == f"{project / 'code'}:{project}"
    assert environment["PATH"].split(":")[0] == str(Path(sys.executable).parent)


def test_redis_keeps_its_data_and_minds_no_stale_socket(places: dict[str, str]) -> None:
    """What was written is there after a stop, though a socket file lies in the way."""
    settings = load(environment=places)
    socket_file = redis_socket(settings.var_dir)
    with own_redis(settings), Redis.from_url(settings.redis_url) as redis:
        redis.set("kept", "yes")
    assert not socket_file.exists()

    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(socket_file))
    with own_redis(settings), Redis.from_url(settings.redis_url) as redis:
        assert redis.get("kept") == b"yes"
        assert redis.config_get("appendonly") == {"appendonly": "yes"}
        assert redis.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def redis_of(copy: Copy) -> Redis:
    """A client of the copy's own Redis."""
    return Redis(unix_socket_path=str(redis_socket(copy.var_dir)))
