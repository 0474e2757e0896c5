"""What every part of the generator needs: the account, chance, and the time it is."""

import random
from dataclasses import dataclass

from sandbox.account import Account


@dataclass
class Stage:
    """An account with its clock held, a seeded source of chance, and the window's end.

    Times are whole seconds throughout, so that the same seed makes the same history whenever
    its window ends.
    """

    account: Account
    rng: random.Random
    start: int
    now: int

    def at(self, moment: int) -> bool:
        """Move the clock to ``moment``; ``False`` if that has not come yet."""
        if moment > self.now:
            return False
        self.account.clock.hold(moment)
        return True

    def between(self, least: float, most: float) -> int:
        """A number of seconds, given in hours."""
        return int(self.rng.uniform(least, most) * 3_600)

    def chance(self, share: float) -> bool:
        """True for this share of the calls."""
        return self.rng.random() < share
