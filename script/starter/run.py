"""One run of the shop, from its lock to the end of its last process."""

import multiprocessing
import os
import sys

from script.starter import one_copy, ports
from script.starter.cannot_start import CannotStart
from script.starter.processes import Processes
from script.starter.ready import announce
from script.starter.redis_server import own_redis
from shop.errors import SettingsError
from shop.settings import PROJECT, Settings, load

FOR_US_ALONE = 0o077
"""Bits that no file has which the shop makes: what is kept under VAR_DIR is about people."""


def main() -> int:
    """Run until asked to stop (0), or until something cannot start or ends by itself (1)."""
    # honcho forks from a program that has its handlers and no threads yet; newer Pythons
    # would start a server process for it instead.
    multiprocessing.set_start_method("fork")
    try:
        return run(load())
    except (CannotStart, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1


def run(settings: Settings) -> int:
    """Run one copy of the shop; the exit code."""
    environment = environment_for(settings)
    os.umask(FOR_US_ALONE)
    with one_copy.hold(settings.var_dir):
        ports.check_free(settings)
        with own_redis(settings) as redis:
            processes = Processes(settings, environment, redis, once_started=announce)
            processes.loop()
    if processes.ended_by_itself:
        print(f"{processes.ended_by_itself} ended by itself, so everything was stopped.")
        return 1
    return 0


def environment_for(settings: Settings) -> dict[str, str]:
    """What every process is started with: ours, the two import roots and this Python first."""
    python_folder = os.path.dirname(sys.executable)  # noqa: PTH120 - a path must not be resolved out of .venv
    return {
        **os.environ,
        **one_copy.mark(settings.var_dir),
        "PYTHONPATH": f"{PROJECT / 'code'}{os.pathsep}{PROJECT}",
        "PYTHONUNBUFFERED": "1",
        "LOG_FORMAT": settings.log_format or "text",  # honcho's pipe is no terminal, people read it
        "PATH": f"{python_folder}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }
