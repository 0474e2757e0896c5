"""Retries of what a report reads: within the budget, and patient.

A report that is half done is worth more than a quick failure, and a list is often needed most on
a day when Stripe is slow. Only silence for minutes ends it.
"""

import asyncio
import time

from shop.rules.retry import Failure, pause_before
from shop.stripe_gateway.budget import Budget
from shop.stripe_gateway.client import jitter

PATIENCE = 180.0
"""Seconds without a single answer after which a report gives up."""


class Patience:
    """The patience with one endpoint, such as `GET /v1/refunds`."""

    def __init__(self, budget: Budget, endpoint: str) -> None:
        self._budget = budget
        self._endpoint = endpoint
        self._last_answer = time.monotonic()

    def answered(self) -> None:
        """Stripe has sent something that could be used."""
        self._last_answer = time.monotonic()

    async def retry(self, _: Failure, retry: int) -> bool:
        """Wait before the n-th retry (from 1), or answer False to give up."""
        if time.monotonic() - self._last_answer > PATIENCE:
            return False
        await asyncio.sleep(pause_before(retry, jitter()))
        await self._budget.take(self._endpoint)
        return True
