"""The Procfile's processes, kept by honcho."""

import contextlib
import datetime
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping
from types import FrameType

from honcho.environ import parse_procfile
from honcho.manager import Manager
from honcho.printer import Message, Printer

from script.starter import one_copy
from shop.settings import PROJECT, Settings

TIME_TO_STOP = 5.0
"""Seconds between SIGTERM and SIGKILL, as honcho has it."""

RETRY = 0.05
"""Seconds until a stop that came too early is tried again."""


class Processes(Manager):  # type: ignore[misc] # honcho ships no types
    """honcho's manager: runs the Procfile, and stops all when one ends. Its gaps are closed here.

    - Asked to stop before every process has started, it fails; here it tries again.
    - When no process ends on SIGTERM, it waits for ever; here all are killed after a while.
    - Its SIGKILL misses children that left their process group, as RQ's work horse does.

    Attributes:
        ended_by_itself: the process whose end made all the others stop, or None.
    """

    ended_by_itself: str | None = None

    def __init__(
        self,
        settings: Settings,
        environment: Mapping[str, str],
        redis: "subprocess.Popen[bytes] | None",
        once_started: Callable[[Settings, Callable[[str], None]], None],
    ) -> None:
        """Prepare the processes; `once_started(settings, say)` gets a thread when they run."""
        super().__init__(printer=PatientPrinter())
        self._settings = settings
        self._redis = redis
        self._once_started = once_started
        self._starter = os.getpid()
        self._stopped_early = False
        for name, command in parse_procfile((PROJECT / "Procfile").read_text()).processes.items():
            if name != "sandbox" or settings.uses_sandbox:
                # exec: no shell in between, so that exit codes are the program's own
                self.add_process(name, f"exec {command}", env=environment, cwd=str(PROJECT))

    def loop(self) -> None:
        """Run all processes until they have ended; SIGINT, SIGTERM and SIGHUP stop them."""
        signal.signal(signal.SIGHUP, lambda *_: os.kill(self._starter, signal.SIGTERM))
        signal.signal(signal.SIGALRM, self._on_alarm)
        super().loop()
        signal.setitimer(signal.ITIMER_REAL, 0)

    def terminate(self) -> None:
        """Ask every process to stop."""
        if self._terminating or os.getpid() != self._starter:  # Ctrl-C reaches honcho's forks too
            return
        if not self._all_started():
            self._stopped_early = True
            signal.setitimer(signal.ITIMER_REAL, RETRY)
            return
        if not self._stopped_early:  # or else Ctrl-C may have ended it before it had a session
            ended = [name for name, state in self._processes.items() if "returncode" in state]
            self.ended_by_itself = self.ended_by_itself or next(iter(ended), None)
        signal.setitimer(signal.ITIMER_REAL, TIME_TO_STOP)
        super().terminate()

    def kill(self) -> None:
        """End every process at once, wherever it has gone."""
        one_copy.kill(one_copy.marked(self._settings.var_dir))

    def say(self, text: str) -> None:
        """Print lines among those of the processes; callable from any thread."""
        now = datetime.datetime.now()
        self.events.put(Message("line", text, now, "system", None))

    def _start(self) -> None:
        super()._start()
        _in_thread(self._once_started, self._settings, self.say)
        if self._redis:
            _in_thread(self._watch_redis, self._redis)

    def _watch_redis(self, redis: "subprocess.Popen[bytes]") -> None:
        redis.wait()
        if not self._terminating:
            self.ended_by_itself = "redis"
            os.kill(self._starter, signal.SIGTERM)

    def _on_alarm(self, _number: int, _frame: FrameType | None) -> None:
        if self._terminating:
            self.kill()
        else:
            self.terminate()


def _in_thread(function: Callable[..., None], *arguments: object) -> None:
    threading.Thread(target=function, args=arguments, daemon=True).start()


class PatientPrinter(Printer):  # type: ignore[misc] # honcho ships no types
    """honcho's printer, which goes on when nobody reads any more (a closed terminal or pipe)."""

    def write(self, message: Message) -> None:
        """Print one message."""
        with contextlib.suppress(OSError):
            super().write(message)
