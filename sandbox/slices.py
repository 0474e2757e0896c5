"""Long work on the event loop, done a little at a time."""

import asyncio
import time
from collections.abc import Iterable

SLICE = 0.005
"""Seconds of work after which others get their turn."""


async def in_slices(steps: Iterable[None]) -> None:
    """Take every step, and let the loop serve whoever is waiting between two slices of them."""
    pause_at = time.monotonic() + SLICE
    for _ in steps:
        if time.monotonic() >= pause_at:
            await asyncio.sleep(0)
            pause_at = time.monotonic() + SLICE
