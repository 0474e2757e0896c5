"""What will happen by itself: holds expire, refunds settle, disputes arrive and are decided."""

import heapq
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.account import Account

log = logging.getLogger(__name__)

Action = Callable[["Account", str], None]
"""What a timer does, given the account and the id of the object it was set for."""

Timer = tuple[int, int, str, str]
"""When it is due (unix seconds), its place among those due then, the action's name, the id."""


class Timers:
    """A queue of timers, worked off in the order they fall due.

    Actions are named rather than referenced, so that the queue is plain data.
    """

    def __init__(self, actions: Mapping[str, Action]) -> None:
        self._actions = actions
        self._queue: list[Timer] = []
        self._count = 0

    def __len__(self) -> int:
        return len(self._queue)

    def schedule(self, due: int, action: str, id: str) -> None:
        """Run ``action`` on the object ``id`` at ``due`` (unix seconds)."""
        self._count += 1
        heapq.heappush(self._queue, (due, self._count, action, id))

    def run_due(self, account: "Account") -> None:
        """Run everything due by now, each action with the clock held at its own due time."""
        for _ in self.each_due(account):
            pass

    def each_due(self, account: "Account") -> Iterator[None]:
        """The same one timer at a time. One that fails is logged, and the others go on."""
        now = account.clock.now()
        while self._queue and self._queue[0][0] <= now:
            due, _, action, id = heapq.heappop(self._queue)
            with account.clock.at(due):
                try:
                    self._actions[action](account, id)
                except Exception:  # one broken timer must not stop those after it
                    log.exception("timer %s of %s, due at %d, failed", action, id, due)
            account.changes += 1
            yield

    def pending(self) -> Sequence[Timer]:
        """What is still to come, in no particular order."""
        return self._queue

    def add(self, timers: Sequence[Timer]) -> None:
        """Take over timers of another queue, after one's own where they are due together."""
        own = self._count
        self._queue += [(due, own + place, action, id) for due, place, action, id in timers]
        self._count = max((place for _, place, _, _ in self._queue), default=0)
        heapq.heapify(self._queue)
