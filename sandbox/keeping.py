"""State that survives a restart, for those who ask for it: when to save."""

import asyncio
import logging
import time
from pathlib import Path

from sandbox.service import Service, sparing_the_collector
from sandbox.snapshot import save

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two looks at whether something has changed."""

PAUSE = 50
"""Nothing is served while the account is saved, so the pause until the next save is this many
times as long as the last one took: at most a fiftieth of the time is spent on it."""


class Keeper:
    """Saves the account of ``service`` to ``path`` now and then, if anything has happened.

    If there is such a file at the start, it is what the account was restored from.
    """

    def __init__(self, service: Service, path: Path) -> None:
        self._service = service
        self._path = path
        self._saved = self._mark() if path.exists() else None

    async def run(self) -> None:
        """Save as long as the server runs."""
        pause = EVERY
        while True:
            await asyncio.sleep(pause)
            pause = max(EVERY, PAUSE * self.save())

    def save(self) -> float:
        """Save what has happened since the last time; how many seconds that took.

        A full disk is logged, and what was saved before stays as it is.
        """
        mark = self._mark()
        if mark == self._saved:
            return 0
        began = time.monotonic()
        try:
            with sparing_the_collector():
                save(self._service.account, self._path)
            self._saved = mark
        except OSError as error:
            log.error("the account could not be saved to %s: %s", self._path, error.strerror)
        return time.monotonic() - began

    def _mark(self) -> object:
        """Differs after whatever may have changed the account; a reset begins another one."""
        account = self._service.account
        return account, account.changes
