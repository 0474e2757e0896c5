"""What will happen by itself: holds expire, refunds settle, disputes are decided."""

import heapq
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.account import Account

Action = Callable[["Account", str], None]
"""What a timer does, given the account and the id of the object it was set for."""


class Timers:
    """A queue of ``(due, action, object id)``, worked off in the order they fall due.

    Actions are named rather than referenced, so that the queue is plain data.
    """

    def __init__(self, actions: Mapping[str, Action]) -> None:
        self._actions = actions
        self._queue: list[tuple[int, int, str, str]] = []
        self._count = 0

    def schedule(self, due: int, action: str, id: str) -> None:
        """Run ``action`` on the object ``id`` at ``due`` (unix seconds)."""
        self._count += 1
        heapq.heappush(self._queue, (due, self._count, action, id))

    def run_due(self, account: "Account") -> None:
        """Run everything due by now, each action with the clock held at its own due time."""
        now = account.clock.now()
        while self._queue and self._queue[0][0] <= now:
            due, _, action, id = heapq.heappop(self._queue)
            with account.clock.at(due):
                self._actions[action](account, id)
