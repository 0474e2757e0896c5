"""Serving the shop on one port: in this process, or in several that gunicorn looks after.

Nothing that matters lives in one process only: first answers, locks, budgets and news of reports
are in Redis, so that it is all the same which process a request comes to.
"""

import gc
import logging
import math
import socket
from types import FrameType
from typing import Any

from aiohttp import web
from aiohttp.worker import GunicornUVLoopWebWorker
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from server.connections import Runner, run_app
from server.keys import SETTINGS
from shop.reports.results import open_results

FINISH_WITHIN = 4.0
"""Seconds that requests under way have to finish after the process was told to stop."""

WAITS = 2
"""aiohttp waits its time-out for an answer, and once more after nothing is read any longer."""

STANDS_STILL = 30
"""Seconds without a sign of life after which one of several processes is replaced."""


def serve(app: web.Application) -> None:
    """Serve until told to stop.

    Raises:
        OSError: the port cannot be listened on.
        ResultsUnavailable: the folder of results cannot be made.
    """
    settings = app[SETTINGS]
    _keep_for_good()
    if settings.web_workers == 1:
        timeout = FINISH_WITHIN / WAITS
        run_app(app, host=settings.host, port=settings.port, shutdown_timeout=timeout)
    else:
        open_results(settings)  # what keeps all of them from serving is said once, and here
        Arbiter(Several(app)).run()


def _keep_for_good() -> None:
    """Have the garbage collector never look again at what was loaded at the start.

    Those are 85,000 objects. Looking through them takes 26 ms, for which every caller would wait.
    """
    gc.collect()
    gc.freeze()


class Several(BaseApplication):  # type: ignore[misc] # gunicorn ships no types
    """What gunicorn asks: how many processes, where they listen, and what each of them serves.

    They share one socket, so a connection that waits to be accepted is not lost with a process. One
    that dies is replaced; the requests it was at are answered to whoever repeats them.
    """

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self._listening = _listening(app[SETTINGS].host, app[SETTINGS].port)
        super().__init__()

    def load_config(self) -> None:
        """All of gunicorn's settings that are not its own defaults; there is no file of them."""
        options: dict[str, object] = {
            "bind": [f"fd://{descriptor}" for descriptor in self._listening],
            "workers": self._app[SETTINGS].web_workers,
            "worker_class": WebProcess,
            "logger_class": OurLog,
            "timeout": STANDS_STILL,
            "graceful_timeout": math.ceil(FINISH_WITHIN) + 1,
            "control_socket_disable": True,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """What a new process calls. The application, not started yet, is its own by the fork."""

        async def runner() -> Runner:
            return Runner(self._app, shutdown_timeout=FINISH_WITHIN / WAITS)

        return runner


class WebProcess(GunicornUVLoopWebWorker):
    """aiohttp's, which would notice only within a second that it is to stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """SIGTERM: finish what is under way, beginning now."""
        self.handle_quit(sig, frame)


class OurLog(Logger):  # type: ignore[misc] # gunicorn ships no types
    """gunicorn's messages among ours, from WARNING up: a process died or stands still."""

    def setup(self, cfg: object) -> None:
        """Leave it to the root logger where messages go."""
        self.cfg = cfg
        self.error_log.propagate = True
        self.error_log.setLevel(logging.WARNING)


def _listening(host: str, port: int) -> list[int]:
    """Open sockets for every address of the host, as asyncio has them for one process."""
    found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    places = {(family, address[:2]) for family, _, _, _, address in found}
    return [socket.create_server(place, family=family).detach() for family, place in places]
