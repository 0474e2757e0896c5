"""What every part of the generator needs: the account, chance, and the time it is."""

import random
from dataclasses import dataclass

from sandbox.account import Account
from sandbox.history.shapes import Timeline


@dataclass
class Stage:
    """An account with its clock held, a seeded source of chance, and the history's timeline.

    Times are whole seconds throughout, so that the same seed makes the same history whenever
    its window ends.
    """

    account: Account
    rng: random.Random
    time: Timeline

    @property
    def now(self) -> int:
        """The end of the history."""
        return self.time.now

    def at(self, moment: int, *, leaving: int = 0) -> bool:
        """Move the clock to ``moment``; ``False`` if that, and ``leaving`` seconds, have not come.

        ``leaving`` is for what brings something about by itself a few seconds later.
        """
        if moment + leaving > self.now:
            return False
        self.account.clock.hold(moment)
        return True

    def schedule(self, moment: int, action: str, id: str) -> None:
        """Leave something for the time after the history; a squeezed one leaves nothing."""
        if not self.time.squeezed:
            self.account.timers.schedule(moment, action, id)

    def between(self, least: float, most: float) -> int:
        """A number of seconds, given in hours."""
        return self.time.lasting(self.rng.uniform(least, most) * 3_600)

    def chance(self, share: float) -> bool:
        """True for this share of the calls."""
        return self.rng.random() < share
