"""What is known of Stripe's opinion of the key, without asking each time somebody wants to know."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from enum import Enum

from shop.errors import StripeError, StripeKeyRefused
from shop.tasks import end

ASKED_EVERY = 60.0
"""Seconds between two questions at least: a probe may come every second, and each costs a request
of the account's budget."""

GIVEN_UP_AFTER = 20.0
"""Seconds, retries included."""


class Opinion(Enum):
    """What Stripe last said of the key."""

    UNKNOWN = "unknown"  # no question was answered yet
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SILENT = "silent"  # it answered nothing to the last question, so it did not refuse either


class StripeKey:
    """Asks now and then, and remembers.

    Args:
        ask: returns where Stripe takes the key, or raises a `StripeError`.
        clock: seconds that never go back.
    """

    def __init__(
        self, ask: Callable[[], Awaitable[None]], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._ask = ask
        self._clock = clock
        self._ask_again_at = clock()
        self._asking: asyncio.Task[None] | None = None
        self._opinion = Opinion.UNKNOWN

    async def opinion(self, within: float) -> Opinion:
        """The last answer. While a question is open, waits for it so many seconds at most."""
        if self._asking is None and self._clock() >= self._ask_again_at:
            self._ask_again_at = self._clock() + ASKED_EVERY
            self._asking = asyncio.create_task(self._learn())
        if self._asking is not None:
            await asyncio.wait({self._asking}, timeout=within)
        return self._opinion

    async def close(self) -> None:
        """Wait for no answer any longer."""
        if self._asking is not None:
            await end([self._asking])

    async def _learn(self) -> None:
        try:
            async with asyncio.timeout(GIVEN_UP_AFTER):
                await self._ask()
            self._opinion = Opinion.ACCEPTED
        except StripeKeyRefused:
            self._opinion = Opinion.REFUSED
        except (StripeError, TimeoutError):
            self._opinion = Opinion.SILENT
        finally:
            self._asking = None
