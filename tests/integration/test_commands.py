"""The commands a person types, run as they would be typed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
from redis import Redis
from rq import Worker
from rq.cron import CronScheduler

from script.starter import one_copy
from shop.settings import PROJECT, load
from tests.integration.copies import Copy, own_places, running, wait_until

COMMANDS = ("bench", "bootstrap", "chrome", "check", "server", "staff", "test")
TOOLS = ("bash", "cat", "cmp", "cp", "dirname", "flock", "mkdir", "rm", "sed", "touch")


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[str], Copy]]:
    """Starts a whole copy of the shop from its start.sh; ends it after the test."""
    assert load().uses_sandbox, "code/server/.env has a real account's keys; tests must not use it"
    copies: list[Copy] = []

    def start(name: str) -> Copy:
        command = ["sh", "start.sh"]
        copies.append(Copy(command, own_places(tmp_path / name), PROJECT / "code" / "server"))
        return copies[-1]

    yield start
    for copy in copies:
        copy.terminate()
        one_copy.end(one_copy.marked(copy.var_dir))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A fresh checkout, in a folder with a space, of a project that requires no packages."""
    checkout = tmp_path / "a checkout"
    (checkout / "code" / "server").mkdir(parents=True)
    shutil.copytree(PROJECT / "script", checkout / "script")
    shutil.copy(PROJECT / ".env.example", checkout)
    (checkout / "requirements.txt").touch()
    (checkout / "requirements-dev.txt").touch()
    return checkout


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """A folder for PATH with ordinary tools, but no Python, Chrome or apt-get."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        if found:
            (folder / tool).symlink_to(found)
    return folder


def run(command: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of our commands to its end, from a folder that is not the project's."""
    return subprocess.run(  # noqa: S603 - our own commands
        [command, *arguments],
        cwd="/",
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=180,
    )


def test_the_whole_shop_starts_and_stops(start: Callable[[str], Copy]) -> None:
    """start.sh brings up web, sandbox, Redis, two workers and a clock; SIGTERM ends it with 0."""
    copy = start("shop").wait_until_open()
    settings = load(environment={"VAR_DIR": str(copy.var_dir), "PORT": copy.port})
    started = copy.descendants()
    with Redis.from_url(settings.redis_url) as redis:
        wait_until(lambda: Worker.count(connection=redis) == 2)
        served = sorted(worker.queue_names() for worker in Worker.all(connection=redis))
        wait_until(lambda: len(CronScheduler.all(redis)) == 1)
    pages = ("/", "/lessons", "/instructor", "/accountant")
    places = {path: copy.answers(path) for path in (*pages, "/config")}
    sandbox = copy.answers("/v1/customers", copy.sandbox_port)

    assert places == dict.fromkeys(places, HTTPStatus.OK)
    assert sandbox == HTTPStatus.UNAUTHORIZED  # it is there, and asks for the key
    for staff_page in ("instructor", "accountant"):
        assert f"http://localhost:{copy.port}/{staff_page}" in copy.output
    assert served == [["answers", "reports", "events"], ["events", "answers"]]

    asked = time.monotonic()
    assert copy.terminate() == 0
    assert time.monotonic() - asked < 15  # docker-compose.yml kills it then
    assert running(started) == []
    assert not Path(settings.redis_url.removeprefix("unix://")).exists()
    assert (copy.answers(), copy.answers(port=copy.sandbox_port)) == (None, None)
    assert "Traceback" not in copy.output


def test_two_copies_run_side_by_side(start: Callable[[str], Copy]) -> None:
    """With ports and a VAR_DIR of their own; Ctrl-C in one leaves the other alone."""
    first, second = start("first"), start("second")
    first.wait_until_open()
    second.wait_until_open()
    assert first.signal_group(signal.SIGINT) == 0
    assert first.answers() is None
    assert second.answers() == HTTPStatus.OK


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    """--help prints the comment at the head of the command and does nothing else."""
    command = PROJECT / "script" / name
    comment = command.read_text().split("\n. ", 1)[0].splitlines()[1:]
    asked = run(command, "--help")
    assert asked.stdout.splitlines() == [
        line.removeprefix("#").removeprefix(" ") for line in comment
    ]
    assert asked.returncode == 0


def test_bootstrap_makes_a_checkout_ready(checkout: Path) -> None:
    """It makes .venv, again where an interrupted run left half of one, and code/server/.env."""
    venv = checkout / ".venv"
    venv.mkdir()
    (venv / "unfinished").touch()
    (venv / "leftover").touch()
    made = run(checkout / "script" / "bootstrap")
    assert made.returncode == 0, made.stderr
    assert not (venv / "unfinished").exists()
    assert not (venv / "leftover").exists()
    assert run(venv / "bin" / "python", "-m", "pip", "--version").returncode == 0
    example = (PROJECT / ".env.example").read_text()
    assert (checkout / "code" / "server" / ".env").read_text() == example


def test_bootstrap_leaves_a_ready_checkout_alone(checkout: Path) -> None:
    """It says nothing, installs nothing, and keeps the .env that is there."""
    (checkout / "code" / "server" / ".env").write_text("mine")
    _pretend_installed(checkout)
    ready = run(checkout / "script" / "bootstrap")
    assert (ready.returncode, ready.stdout, ready.stderr) == (0, "", "")
    assert (checkout / "code" / "server" / ".env").read_text() == "mine"


def test_bootstrap_says_which_python_is_needed(checkout: Path, bare_path: Path) -> None:
    """Without any, and with one that is too old."""
    sentence = "Python 3.11 or later is needed and was not found."
    without = run(checkout / "script" / "bootstrap", PATH=str(bare_path))
    assert (without.returncode, without.stderr[: len(sentence)]) == (1, sentence)

    _command(bare_path / "python3", "exit 1")
    too_old = run(checkout / "script" / "bootstrap", PATH=str(bare_path))
    assert (too_old.returncode, too_old.stderr[: len(sentence)]) == (1, sentence)


def test_bootstrap_says_what_debian_leaves_out(checkout: Path, bare_path: Path) -> None:
    """Debian's Python makes virtual environments only with a package of its own."""
    _command(
        bare_path / "python3.13",
        'case "$2" in *ensurepip*) exit 1 ;; *print*) echo python3.13-venv ;; esac',
    )
    refused = run(checkout / "script" / "bootstrap", PATH=str(bare_path))
    assert refused.returncode == 1
    assert refused.stderr == (
        "python3.13 cannot make virtual environments. On Debian and Ubuntu:\n"
        "  apt-get install python3.13-venv\n"
    )


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no apt-get, and Chrome elsewhere")
def test_bootstrap_installs_a_browser_where_it_can(checkout: Path, bare_path: Path) -> None:
    """For the tests: as root on Debian it does, elsewhere it says what to do."""
    bootstrap = checkout / "script" / "bootstrap"
    _pretend_installed(checkout)
    _command(bare_path / "apt-get", f'echo "$@" >>"{bare_path}/asked"')
    _command(bare_path / "id", "echo 1000")
    refused = run(bootstrap, "--dev", PATH=str(bare_path), CHROME="")
    assert refused.returncode == 1
    assert "Install it (Debian: apt-get install chromium)" in refused.stderr
    assert not (bare_path / "asked").exists()

    _command(bare_path / "id", "echo 0")
    _command(
        bare_path / "apt-get",
        f'echo "$@" >>"{bare_path}/asked"; [ "$1" = update ] || cp "$0" "{bare_path}/chromium"',
    )
    installed = run(bootstrap, "--dev", PATH=str(bare_path), CHROME="")
    assert (installed.returncode, installed.stdout) == (
        0,
        "No Chrome found for the browser tests: installing Debian's chromium with apt-get.\n",
    )
    assert (bare_path / "asked").read_text() == (
        "update -qq\ninstall -qq --yes --no-install-recommends chromium\n"
    )
    assert run(bootstrap, "--dev", PATH=str(bare_path), CHROME="").stdout == ""


def test_chrome_is_the_one_asked_for(bare_path: Path) -> None:
    """CHROME wins over what is installed; a wrong CHROME and none at all are failures."""
    chrome = PROJECT / "script" / "chrome"
    other = _command(bare_path / "my chrome", "exit 0")
    assert run(chrome, CHROME=str(other)).stdout == f"{other}\n"
    assert run(chrome, CHROME="/nowhere/chrome").returncode == 1
    assert run(chrome, CHROME="", PATH=str(bare_path)).returncode == 1


TIERS = ("tests/unit", "tests/integration/*/", "tests/browser", "tests/integration/test_*.py")


@pytest.mark.parametrize("failing", [None, "script/check", *TIERS])
def test_test_succeeds_only_where_everything_does(checkout: Path, failing: str | None) -> None:
    """It runs all there is in any case, and its status says whether anything failed."""
    _pretend_installed(checkout)
    status = f'[ "$1" != "{failing}" ]'
    _command(checkout / "script" / "check", f"set script/check; {status}")
    _command(checkout / ".venv" / "bin" / "python", f'shift 2; echo "ran $1"; {status}')
    chrome = _command(checkout / "chrome", "exit 0")
    tested = run(checkout / "script" / "test", CHROME=str(chrome))
    assert sorted(tested.stdout.splitlines()) == sorted(f"ran {tier}" for tier in TIERS)
    assert tested.returncode == (0 if failing is None else 1)
    assert tested.stderr.startswith("script/test failed: " if failing else "")


def _pretend_installed(checkout: Path) -> None:
    """Leave .venv as a finished bootstrap does, with a Python that must not be run."""
    (checkout / ".venv" / "bin").mkdir(parents=True)
    _command(checkout / ".venv" / "bin" / "python", "echo bootstrap must not run me; exit 1")
    for name in ("requirements.txt", "requirements-dev.txt"):
        shutil.copy(checkout / name, checkout / ".venv")


def _command(path: Path, script: str) -> Path:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path
